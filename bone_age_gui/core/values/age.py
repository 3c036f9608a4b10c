"""Ages in months, from dates and from DICOM."""

from __future__ import annotations

import re
from datetime import date

DAYS_PER_MONTH = 30.4375
"""A year of 365.25 days in twelve parts."""

_DICOM_AGE = re.compile(r"\s*([0-9]{1,3})\s*([DWMYdwmy])\s*")
_MONTHS_PER_UNIT = {"D": 1 / DAYS_PER_MONTH, "W": 7 / DAYS_PER_MONTH, "M": 1.0, "Y": 12.0}


def months_between(birth: date, study: date) -> float:
    """Age in months at the study date, negative if the study precedes the birth."""
    return (study - birth).days / DAYS_PER_MONTH


def parse_dicom_age(text: str) -> float | None:
    """Age in months from a DICOM age string (AS: ``005Y``, ``062M``, ``030W``, ``010D``).

    Blanks, missing leading zeros and a lower-case unit are accepted, as scanners write them;
    anything else gives ``None``: the unit is never guessed.
    """
    match = _DICOM_AGE.fullmatch(text)
    return int(match[1]) * _MONTHS_PER_UNIT[match[2].upper()] if match else None


def dicom_age_unit(text: str) -> float:
    """The unit in months of a DICOM age string: the age lies up to so much above the number. 0 without a unit."""
    match = _DICOM_AGE.fullmatch(text)
    return _MONTHS_PER_UNIT[match[2].upper()] if match else 0.0
