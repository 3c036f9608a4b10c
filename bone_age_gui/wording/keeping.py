"""What is asked and said where a reading could be lost, or is to be forgotten."""

from __future__ import annotations

from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import Plural, fill

CLOSE, FORGET = "Close", "Forget"
FORGET_CHILD = "Forget this child?"
FORGET_ALL = "Forget everything?"
FORGOTTEN_CHILD = "The child was forgotten."
FORGOTTEN_ALL = "Everything was forgotten."
KEPT_NOTE = (
    "What is entered for a film is written to the worklist at once, and put back when the film is opened again. "
    "Switching this off forgets everything."
)
OWNER_ALONE = "Only your user account may read its file."
NO_OWNER_RIGHTS = "On Windows its file has the rights of your profile folder: who may read that may read the worklist."

_UNREPORTED = Plural(
    "The reading of this film is in no report yet.", "The readings of {films} films are in no report yet.", "films"
)
_STAYS = "They stay in the worklist, and are put back when the film is opened again."
_IS_LOST = "The worklist is switched off: what was entered is lost when the film is closed."
_FORGET_CHILD = Plural(
    "Everything that was entered for its films, its earlier bone ages, and what was fetched or waits to be sent are "
    "deleted from this computer, and this film is closed. Reports that were written stay where they are. This cannot "
    "be undone.",
    "Everything that was entered for its films, its earlier bone ages, and what was fetched or waits to be sent are "
    "deleted from this computer, and its {films} open films are closed. Reports that were written stay where they "
    "are. This cannot be undone.",
    "films",
)
_FORGET_ALL = (
    "Everything that was entered for any film, all earlier bone ages, the list of recent files, and what was fetched "
    "or waits to be sent are deleted from this computer, and all films are closed. Reports that were written stay "
    "where they are. This cannot be undone."
)


def unreported_question(count: int, keeps: bool) -> tuple[str, str]:
    """The question before films are closed whose readings no report holds: headline and explanation."""
    return fill(_UNREPORTED, {"films": count}), tr(_STAYS) if keeps else tr(_IS_LOST)


def forget_child_question(films: int) -> str:
    """What is lost with a child."""
    return fill(_FORGET_CHILD, {"films": films})


def forget_all_question() -> str:
    """What is lost with everything."""
    return tr(_FORGET_ALL)
