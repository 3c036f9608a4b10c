"""Fonts of the reports: one for most scripts, and any installed one that has what it lacks.

matplotlib would warn of each character that it cannot draw by its name, and so spell the name of a patient into a log.
"""

from __future__ import annotations

import logging
import unicodedata
from functools import lru_cache

from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # a family without bold is no news

FAMILY = "DejaVu Sans"
"""It has Latin, Greek and Cyrillic and comes with matplotlib."""
_BOX = "\N{WHITE SQUARE}"
_WEIGHTS = ("normal", "bold")
_FIRST = ("Noto Sans", "Yu Gothic", "Microsoft YaHei", "Malgun Gothic", "Arial Unicode", "Hiragino", "PingFang")
"""How the names of fonts begin that are looked at first, because they are made for names and text."""
_NO_SCRIPT = ("Last Resort", "LastResort")
"""Fonts that draw a box for everything."""


def font(text: str, size: float, bold: bool = False) -> FontProperties:
    """The font in which a text can be drawn; ``size`` in points."""
    return _font(_families(text), size, bold)


@lru_cache(maxsize=64)
def _font(families: tuple[str, ...], size: float, bold: bool) -> FontProperties:
    return FontProperties(family=list(families), size=size, weight="bold" if bold else "normal")


def drawable(text: str) -> str:
    """The text with a box for each character that no installed font has."""
    return "".join(char if _family_of(char) is not None else _BOX for char in text)


def is_drawable(text: str) -> bool:
    """True if an installed font has every character."""
    return all(_family_of(char) is not None for char in text)


def drawable_name(name: str | None) -> str | None:
    """A DICOM name without the ways of writing that no installed font can draw; ``None`` if none is left.

    The first, alphabetic group of names (PS3.5, 6.2.1) can nearly always be drawn.
    """
    groups = [group for group in (name or "").split("=") if group.strip("^ ") and is_drawable(group)]
    return "=".join(groups) or None


def _families(text: str) -> tuple[str, ...]:
    """The main family and those for what it lacks, in the order in which they are needed."""
    return tuple(dict.fromkeys([FAMILY, *(family for char in text if (family := _family_of(char)) is not None)]))


@lru_cache(maxsize=4096)
def _family_of(char: str) -> str | None:
    """The first family that can draw a character; what nobody sees (joiners, marks of direction) needs none."""
    if unicodedata.category(char) == "Cf" or ord(char) in _characters(FAMILY):
        return FAMILY
    return next((family for family in _installed() if ord(char) in _characters(family)), None)


@lru_cache(maxsize=1)
def _installed() -> tuple[str, ...]:
    """All other families, those made for text first."""
    names = sorted({entry.name for entry in fontManager.ttflist if not entry.name.startswith(_NO_SCRIPT)} - {FAMILY})
    return tuple(sorted(names, key=lambda name: not name.startswith(_FIRST)))


@lru_cache(maxsize=1024)
def _characters(family: str) -> frozenset[int]:
    """Code points that every weight of a family can draw."""
    readable = []
    for weight in _WEIGHTS:
        try:
            file = findfont(FontProperties(family=family, weight=weight), fallback_to_default=False)
            readable.append(frozenset(get_font(file).get_charmap()))
        except Exception:  # a font file that FreeType cannot read, or that is no longer there
            return frozenset()
    return frozenset.intersection(*readable)
