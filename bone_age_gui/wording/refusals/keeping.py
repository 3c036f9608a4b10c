"""What is wrong with the worklist."""

from __future__ import annotations

from bone_age_gui.wording.refusals.template import Refusal

KEEPING: dict[str, Refusal] = {
    "worklist_damaged": Refusal(
        "The worklist was damaged",
        "Its file could not be read. It was set aside as {kept_as} in the same folder, so that nothing in it is lost, "
        "and an empty worklist was begun. Give the file to whoever looks after this computer, or delete it: it holds "
        "readings.",
    ),
    "worklist_damaged stuck": Refusal(
        "The worklist is damaged",
        "Its file cannot be read, and cannot be set aside either. Nothing is kept until it is moved away: close the "
        "other windows of this program and start it again.",
    ),
    "worklist_newer": Refusal(
        "The worklist is of a newer version",
        "A newer version of this program has written it. It was left as it is, and nothing is kept: use the newer "
        "version.",
    ),
    "worklist_not_written": Refusal(
        "The worklist cannot be written",
        "What is entered stays in the window, but is lost when it is closed: write the reports before. The system "
        "says: {reason}. Make room on the disk, or let the user's data folder be written to.",
    ),
}
