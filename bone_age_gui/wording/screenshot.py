"""What the window says on the terminal when it only takes a picture of itself."""

from __future__ import annotations

from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import fill

NO_FILM_OPENED = "Nothing was estimated: no film was opened. Name a film or a folder that holds some."
_NOT_ESTIMATED = "Not estimated: {why}"
_TOO_LONG = "Not estimated: it took too long."
_LINE = "bone-age-gui: {text}"
_MESSAGE = "{headline} {explanation}"


def not_estimated(why: str | None) -> str:
    """Why a film has no estimate; without a reason it took too long."""
    return fill(_NOT_ESTIMATED, {"why": why}) if why else tr(_TOO_LONG)


def message_words(headline: str, explanation: str) -> str:
    """A message box on one line."""
    return fill(_MESSAGE, {"headline": headline, "explanation": explanation})


def program_line(text: str) -> str:
    """A line of the terminal, with the program's name before it."""
    return fill(_LINE, {"text": text}) + "\n"
