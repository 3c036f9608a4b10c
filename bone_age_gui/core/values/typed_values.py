"""What a person may give about a patient as text: one set of rules and words for every door.

Each function takes the text of one value, blanks around it allowed, and raises ``ValueError`` with the end of a
sentence that begins with the value or its name: ``"is not F (female) or M (male)"``. The value itself is never in it.
"""

from __future__ import annotations

import math
import re
from datetime import date, timedelta

from bone_age_gui.core.values.types import Sex

FIRST_YEAR = 1900
MAX_MONTHS = 1440.0
MIN_HEIGHT_CM, MAX_HEIGHT_CM = 30.0, 250.0
_CM_PER_INCH = 2.54
_CM = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*(?:cm)?")
_FEET = re.compile(
    r"([0-9])\s*(?:'|\u2032|\u2019|ft\.?|feet|foot)\s*(?:([0-9]{1,2}(?:[.,][0-9]+)?)\s*(?:\"|\u2033|\u201d|''|in\.?|inch(?:es)?)?)?"
)


def parse_sex(text: str) -> Sex:
    """``F`` or ``M``, small letters too."""
    try:
        return Sex(text.strip().upper())
    except ValueError:
        raise ValueError("is not F (female) or M (male)") from None


def parse_day(text: str) -> date:
    """A date as ``2014-03-02`` from 1900 until today; no other order is guessed."""
    text = text.strip()
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("is not a date like 2014-03-02 (year-month-day)")
    try:
        value = date.fromisoformat(text)
    except ValueError:
        raise ValueError("is a day that does not exist") from None
    if value.year < FIRST_YEAR:
        raise ValueError(f"lies before {FIRST_YEAR}")
    if value > date.today() + timedelta(days=1):  # a day's grace for other time zones
        raise ValueError("lies in the future")
    return value


def parse_months(text: str) -> float:
    """An age in months from 0 to 1440."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= MAX_MONTHS:  # also catches NaN
        raise ValueError(f"is not an age in months from 0 to {MAX_MONTHS:.0f}")
    return value


def parse_height(text: str) -> float:
    """A height in cm from 30 to 250: ``140``, ``140.5 cm``, or in feet and inches, ``4'7"``, ``4 ft 7 in``."""
    text = text.strip().lower()
    value = math.nan
    if match := _CM.fullmatch(text):
        value = float(match[1].replace(",", "."))
    elif match := _FEET.fullmatch(text):
        inches = float((match[2] or "0").replace(",", "."))
        value = (int(match[1]) * 12 + inches) * _CM_PER_INCH if inches < 12 else math.nan
    if not MIN_HEIGHT_CM <= value <= MAX_HEIGHT_CM:  # also catches NaN
        raise ValueError(
            f"is not a height from {MIN_HEIGHT_CM:.0f} to {MAX_HEIGHT_CM:.0f} cm, nor one in feet and inches like 4'7\""
        )
    return value
