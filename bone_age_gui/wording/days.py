"""Days and times as people read them: ISO 8601, and in Persian the Jalali day before it.

The Gregorian day keeps its form in every language, so that no order of day and month has to be guessed. How days are
typed is in ``typed_days``. What programs read (DICOM, JSON, CSV) takes no word from here.
"""

from __future__ import annotations

from datetime import date, datetime

from persiantools.jdatetime import JalaliDate

from bone_age_gui.wording.direction import RIGHT
from bone_age_gui.wording.language import language, numerals, tr
from bone_age_gui.wording.numerals import left_to_right
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import UNKNOWN

_IN_UTC = "{day} {time} UTC"
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


def local_time(iso: str) -> str:
    """An ISO time as ``"2026-11-20 11:02"``, on the clock of this machine; as it is if it is none."""
    try:
        return day_words(datetime.fromisoformat(iso).astimezone().strftime("%Y-%m-%d %H:%M"))
    except ValueError:
        return iso


def utc_time(iso: str) -> str:
    """``"2026-11-20T10:00:00+00:00"`` -> ``"2026-11-20 10:00 UTC"``: a report may be read in another time zone."""
    return fill(_IN_UTC, {"day": day_words(iso[:10]), "time": iso[11:16]}) if iso.endswith("+00:00") else iso


def exact_time(created: str) -> str:
    """``"2026-11-21T09:30:00+00:00"`` -> ``"2026-11-21 09:30:00 UTC"``; for an empty text that it is not known."""
    return day_words(created.replace("T", " ").replace("+00:00", " UTC")) if created else tr(UNKNOWN)
