"""Marks of direction that ``direction`` and ``numerals`` put into texts, taken away again where nothing needs them."""

from __future__ import annotations

import unicodedata

from bone_age_gui.wording.direction import END, FIRST, LEFT, RIGHT

_UNMARKED = dict.fromkeys(map(ord, f"{LEFT}{FIRST}{END}{RIGHT}"))


def without_marks(text: str) -> str:
    """A text without marks of direction, for what neither shows them nor leaves them out."""
    return text.translate(_UNMARKED)


def is_of_right_to_left(text: str) -> bool:
    """Whether a text begins with a letter that is written from right to left."""
    return unicodedata.bidirectional(text[:1]) in ("R", "AL")
