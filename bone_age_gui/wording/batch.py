"""What the batch's panel calls its lists and folders."""

from __future__ import annotations

from bone_age_gui.wording.templates import fill

SHOWN_NAMES = {"all": "Show all films", "flagged": "Show flagged films", "refused": "Show refused films"}
"""What a screen reader says of the buttons, by which films they show."""
PATIENTS_TIP = (
    "A table (CSV) with the columns file, sex, birth_date or age_months, study_date, reader_age_months, height_cm, "
    "mother_cm, father_cm; only file is needed"
)
_PROPOSED = "Proposed: {folder} inside the folder of films"
_SHOWN = {"all": "All  {films}", "flagged": "Flagged  {films}", "refused": "Refused  {films}"}
_CHOOSE = "Choose: {what}"


def shown_words(which: str, films: int) -> str:
    """``"Refused  3"``."""
    return fill(_SHOWN[which], {"films": films})


def proposed_words(folder: str) -> str:
    """Where the reports go unless another folder is typed."""
    return fill(_PROPOSED, {"folder": folder})


def choose_words(what: str) -> str:
    """The name of the button beside a path."""
    return fill(_CHOOSE, {"what": what})
