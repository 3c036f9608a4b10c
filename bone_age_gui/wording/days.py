"""Days and times as people read them: ISO 8601, and in Persian the Jalali day before it.

The Gregorian day keeps its form in every language, so that no order of day and month has to be guessed. How days are
typed is in ``typed_days``. What programs read (DICOM, JSON, CSV) takes no word from here.
"""

from __future__ import annotations

from datetime import date

from persiantools.jdatetime import JalaliDate

from bone_age_gui.wording.direction import RIGHT
from bone_age_gui.wording.language import language, numerals
from bone_age_gui.wording.numerals import left_to_right

WITH_JALALI = frozenset({"fa"})
"""Languages whose readers count by the Jalali calendar."""


def day_words(day: date | str) -> str:
    """``"2026-11-20"``, in Persian ``"۱۴۰۵/۰۸/۲۹ (2026-11-20)"``; a text that begins with no ISO day as it is.

    What follows the day, a time, stays beside the Gregorian one. The Jalali day is read first, though neither has a
    letter that would give a direction.
    """
    iso = day if isinstance(day, str) else day.isoformat()
    jalali = jalali_day(iso)
    return iso if jalali is None else f"{RIGHT}{jalali} ({left_to_right(iso)})"


def has_jalali() -> bool:
    """Whether the readers of the language in force count by the Jalali calendar."""
    return language() in WITH_JALALI


def jalali_day(day: date | str) -> str | None:
    """``"۱۴۰۵/۰۸/۲۹"`` in the languages that count so, ``None`` in the others and for what is no day."""
    if not has_jalali():
        return None
    try:
        gregorian = date.fromisoformat(day[:10]) if isinstance(day, str) else day
        jalali = JalaliDate(gregorian)
    except ValueError:
        return None
    return left_to_right(f"{jalali.year:04d}/{jalali.month:02d}/{jalali.day:02d}".translate(numerals().digits or {}))
