"""Days as the readers of a language type them: by the Gregorian calendar, and in Persian by the Jalali one too.

The two never share a year: children's Gregorian years begin in 1900, and the Jalali ones of the same time in 1278.
"""

from __future__ import annotations

import re
from datetime import date

from persiantools.jdatetime import JalaliDate

from bone_age_gui.core.values.digits import plain_digits
from bone_age_gui.core.values.typed_days import split_day
from bone_age_gui.core.values.typed_values import FIRST_YEAR, WrongValueError, parse_day
from bone_age_gui.wording.days import has_jalali, jalali_day
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.marks import without_marks

_JALALI_YEARS = range(1278, 1500)
_SAMPLE_DAY = date(2026, 11, 20)
DATE_HINT = "yyyy-mm-dd"
_BOTH = re.compile(r"(.+?)\s*\((.+)\)")
"""A day as ``day_words`` writes it, copied into a field."""


def gregorian(text: str) -> str:
    """A day that was typed by the Jalali calendar as ISO, where readers count so; any other text as it is.

    ``WrongValueError`` (``no_such_day``) for a day that the calendar does not have, and for both calendars' days
    beside each other that are not the same.
    """
    if not has_jalali():
        return text
    if match := _BOTH.fullmatch(plain_digits(text).strip()):
        first, second = gregorian(match[1]), gregorian(match[2])
        if parse_date(first) != parse_date(second):
            raise WrongValueError("no_such_day")
        return second
    try:
        year, month, day = split_day(text)
    except ValueError:
        return text
    if year not in _JALALI_YEARS:
        return text
    try:
        day_made: date = JalaliDate(year, month, day).to_gregorian()
    except ValueError:
        raise WrongValueError("no_such_day") from None
    return day_made.isoformat()


def parse_date(text: str) -> date | None:
    """A day in any clear spelling of ``split_day``, ``None`` for an empty text; in Persian a Jalali one too.

    Raises
    ------
    ValueError
        If the text is no such day, or lies before 1900.
    """
    if not text.strip():
        return None
    year, month, day = split_day(gregorian(text))
    if year < FIRST_YEAR:
        raise ValueError("too early")
    return date(year, month, day)


def parse_typed_day(text: str) -> date:
    """A typed day: ISO, as ``core.values.typed_values.parse_day`` takes it, and in Persian a Jalali day too.

    Raises ``WrongValueError`` (``date``).
    """
    return parse_day(gregorian(text))


def edited_day(day: date | None) -> str:
    """A day as a field shows it for typing: ISO, or the Jalali one where readers count so; empty for none."""
    if day is None:
        return ""
    return without_marks(jalali_day(day) or day.isoformat())


def day_hint() -> str:
    """How a day is typed: ``yyyy-mm-dd``, and where readers count by the Jalali calendar a day of it."""
    return edited_day(_SAMPLE_DAY) if has_jalali() else tr(DATE_HINT)


def other_day(day: date | None) -> str:
    """The day by the calendar that ``edited_day`` leaves out: ISO in Persian, nothing in the other languages."""
    return day.isoformat() if day is not None and has_jalali() else ""
