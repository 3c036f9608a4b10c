"""How a command ends: one set for the command line, archives, the watch, the service, the window and the training."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the number that a command leaves behind means."""

    DONE = 0
    """Everything was done."""
    NOT_WRITTEN = 1
    """The output could not be written, or an archive was not reached or did not take or give what it was asked for."""
    WRONG_USAGE = 2
    """Wrong usage or set-up: an unknown option or model, an unreadable folder or table, a window without a screen."""
    SOME_REFUSED = 3
    """Done, but some films were refused."""
    CHECK_FAILED = 4
    """Done, but a check did not pass: the smoke test, an export against its network, or films that were changed."""
    INTERRUPTED = 130
    """Stopped by Ctrl+C."""
    PIPE_CLOSED = 141
    """Whoever read the output went away."""


_NOT_WRITTEN = (
    "disk_full", "read_only", "no_folder", "not_written", "not_writable", "journal_gone", "outbox_broken",
    "worklist_not_written", "report_unreadable",
)  # fmt: skip
_OF_AN_ARCHIVE = "archive_"
_BY_ERROR = {
    **dict.fromkeys(_NOT_WRITTEN, ExitCode.NOT_WRITTEN),
    **dict.fromkeys(("archive_lacks_package", "archive_own_certificate"), ExitCode.WRONG_USAGE),
    "archive_cancelled": ExitCode.INTERRUPTED,
    "all_refused": ExitCode.SOME_REFUSED,
    "no_parity": ExitCode.CHECK_FAILED,
}
"""By the code of a ``BoneAgeError``: what is neither here nor of an archive is wrong usage or set-up."""


def exit_code(error_code: str) -> ExitCode:
    """How a command ends that a ``BoneAgeError`` of this code has stopped."""
    usual = ExitCode.NOT_WRITTEN if error_code.startswith(_OF_AN_ARCHIVE) else ExitCode.WRONG_USAGE
    return _BY_ERROR.get(error_code, usual)
