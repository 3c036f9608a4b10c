"""How the languages write numbers and days: decimal mark, digits, sign, and the calendar beside the Gregorian one.

``language.number_text`` and ``days.day_words`` are the doors; nothing else makes a number for a person to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from bone_age_gui.wording.direction import END, LEFT

_PERSIAN_DIGITS = str.maketrans({str(digit): chr(0x06F0 + digit) for digit in range(10)})
_MINUS = "\N{MINUS SIGN}"
_IN_WORDS = re.compile(
    r"(?<![^\s(\u00AB])(?<![A-Za-z0-9] )(?<![A-Za-z][.,] )\d+(?:,\d{3})*(?:[.,]\d+)?"
    r"(?=[\s\u060C\u061B:.)\u00BB%]|$)(?![.:]\d)(?! (?!SD\b)[A-Za-z0-9])"
)
"""A number that stands among words, not in a name (``WHO 2007``), a version, an address or a sample to be typed."""


@dataclass(frozen=True)
class Numerals:
    """Marks of a language; ``digits`` translates ASCII digits; ``right_to_left`` keeps a number together there."""

    decimal: str = "."
    group: str = ","
    digits: dict[int, str] | None = field(default=None, hash=False)
    right_to_left: bool = False


ENGLISH = Numerals()
_OWN = {
    "de": Numerals(decimal=",", group="."),
    "fa": Numerals(
        decimal="\N{ARABIC DECIMAL SEPARATOR}", group="\N{ARABIC THOUSANDS SEPARATOR}", digits=_PERSIAN_DIGITS,
        right_to_left=True,
    ),
}  # fmt: skip
_LATIN = {"fa": Numerals(right_to_left=True)}


def numerals_of(language: str, own_digits: bool) -> Numerals:
    """The marks of a language; without its own digits it takes the Latin ones with point and comma."""
    return _OWN.get(language, ENGLISH) if own_digits else _LATIN.get(language, _OWN.get(language, ENGLISH))


def localised(text: str, numerals: Numerals) -> str:
    """A number as Python writes it (``"-1,234.5"``, ``"+3.0"``) in these marks, with a true minus."""
    if numerals == ENGLISH:
        return text
    written = without_direction_marks(text, numerals)
    return left_to_right(written) if numerals.right_to_left and not written.isdecimal() else written


def without_direction_marks(text: str, numerals: Numerals) -> str:
    """A number as the language writes it, without marks of direction, for a field in which it is edited."""
    marks = {"-": _MINUS, ".": numerals.decimal, ",": numerals.group}
    return "".join(marks.get(char, char) for char in text).translate(numerals.digits or {})


@lru_cache(maxsize=4096)
def with_own_digits(template: str, numerals: Numerals) -> str:
    """A text of the catalogue, its places still empty, with its numbers in the digits of the language."""
    return _IN_WORDS.sub(lambda number: without_direction_marks(number[0], numerals), template)


def left_to_right(text: str) -> str:
    """A number or day as one piece from left to right, whatever stands round it: signs and dots stay in their place.

    An isolate of Unicode (UAX #9): without it a minus goes behind its number in a Persian line.
    """
    return f"{LEFT}{text}{END}"
