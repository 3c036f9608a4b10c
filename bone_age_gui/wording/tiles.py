"""What stands beside the pictures of the window: headings, captions, and what is read aloud of them."""

from __future__ import annotations

from dataclasses import dataclass

from bone_age_gui.core.values.facts import Detail, Fact
from bone_age_gui.wording.stages import stage_caption, stage_title
from bone_age_gui.wording.templates import fill

_STAGE, _SHOW_LARGE = "Stage {number}", "Show stage {number} large"
_MENU, _MENU_STAGE = "&{number}  {title}", "Stage &{number}"
_NAME = "Stage {number}: {title}"
_DESCRIPTION = "{caption}. Return shows it large."
_TITLE = "{number}  {title}"
_TIP = "{title}: {caption}\nDouble-click or press {number} to see it large."
_STAGE_HEADING = "{number}  {title}  \N{MIDDLE DOT}  {caption}"
_FILM_HEADING = "Original  \N{MIDDLE DOT}  {name}"
_INVERTED_HEADING = "Original  \N{MIDDLE DOT}  {name}  \N{MIDDLE DOT}  shown with dark and bright put right"


@dataclass(frozen=True)
class TileWords:
    """The texts of a stage's tile; ``name`` and ``description`` are for screen readers."""

    name: str
    description: str
    title: str
    caption: str
    tip: str


def stage_name(number: int) -> str:
    """A stage before its title is known."""
    return fill(_STAGE, {"number": number})


def menu_words(number: int, title: str | None) -> str:
    """A stage in the menu, with the key that shows it large."""
    return fill(_MENU_STAGE, {"number": number}) if title is None else fill(_MENU, {"number": number, "title": title})


def large_words(number: int) -> str:
    """What an action of the menu does."""
    return fill(_SHOW_LARGE, {"number": number})


def tile_words(number: int, stage: Fact) -> TileWords:
    """The texts of a stage, counted from 1."""
    details = _details(number, stage)
    name, description, title, tip = (fill(text, details) for text in (_NAME, _DESCRIPTION, _TITLE, _TIP))
    return TileWords(name, description, title, stage_caption(stage), tip)


def stage_heading(number: int, stage: Fact) -> str:
    """Above a stage that is shown large."""
    return fill(_STAGE_HEADING, _details(number, stage))


def film_heading(name: str, is_inverted: bool) -> str:
    """The heading above a film."""
    return fill(_INVERTED_HEADING if is_inverted else _FILM_HEADING, {"name": name})


def _details(number: int, stage: Fact) -> dict[str, Detail]:
    return {"number": number, "title": stage_title(stage), "caption": stage_caption(stage)}
