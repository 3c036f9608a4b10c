"""How a command ends: one set for the command line, the window and the training."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the number that a command leaves behind means."""

    DONE = 0
    """Everything was done."""
    NOT_WRITTEN = 1
    """The output could not be written."""
    WRONG_USAGE = 2
    """Wrong usage or set-up: an unknown option or model, a folder or table that cannot be read."""
    SOME_REFUSED = 3
    """Done, but some films were refused."""
    CHECK_FAILED = 4
    """Done, but a check did not pass: the smoke test, an export against its network, or films that were changed."""
    INTERRUPTED = 130
    """Stopped by Ctrl+C."""
    PIPE_CLOSED = 141
    """Whoever read the output went away."""


_BY_ERROR = {
    **dict.fromkeys(("disk_full", "read_only", "no_folder", "not_written", "not_writable"), ExitCode.NOT_WRITTEN),
    "all_refused": ExitCode.SOME_REFUSED,
    "no_parity": ExitCode.CHECK_FAILED,
}
"""By the code of a ``BoneAgeError``: what is not here is wrong usage or set-up."""


def exit_code(error_code: str) -> ExitCode:
    """How a command ends that a ``BoneAgeError`` of this code has stopped."""
    return _BY_ERROR.get(error_code, ExitCode.WRONG_USAGE)
