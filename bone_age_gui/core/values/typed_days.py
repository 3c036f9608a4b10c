"""Days as people write them, taken apart: which calendar they belong to is for the caller to say."""

from __future__ import annotations

import re

from bone_age_gui.core.values.digits import plain_digits

_YEAR_FIRST = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})")
_UNPARTED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def split_day(text: str) -> tuple[int, int, int]:
    """Year, month and day of ``2014-03-02``, ``20140302``, ``2014/3/2``, ``2014.3.2`` or ``2.3.2014``, in any digits.

    ``ValueError`` for any other text: ``02/03/2014`` means two days.
    """
    text = plain_digits(text).strip()
    if match := _YEAR_FIRST.fullmatch(text):
        return int(match[1]), int(match[3]), int(match[4])
    if match := _UNPARTED.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _YEAR_LAST.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    raise ValueError("no day")
