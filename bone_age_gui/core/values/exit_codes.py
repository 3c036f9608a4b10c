"""How a command ends: one set for the command line, the window and the training."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the number that a command leaves behind means."""

    DONE = 0
    """Everything was done."""
    NOT_WRITTEN = 1
    """The output could not be written, or a check failed."""
    WRONG_USAGE = 2
    """Wrong usage or set-up: an unknown option or model, no such folder."""
    SOME_REFUSED = 3
    """Done, but some films were refused."""
    INTERRUPTED = 130
    """Stopped by Ctrl+C."""
    PIPE_CLOSED = 141
    """Whoever read the output went away."""
