"""What a person may give about a patient as text: one set of rules for every door.

Each function takes the text of one value, blanks around it allowed, and raises ``WrongValueError``, which says by a
code what is wrong; ``wording.typed_values`` makes the sentence. The value itself is never in it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bone_age_gui.core.values.digits import plain_digits
from bone_age_gui.core.values.facts import Detail, Fact
from bone_age_gui.core.values.typed_ages import parse_age
from bone_age_gui.core.values.types import Patient, Sex

FIRST_YEAR = 1900
MAX_MONTHS = 1440.0
NOTHING_GIVEN = Patient()
MIN_HEIGHT_CM, MAX_HEIGHT_CM = 30.0, 250.0
_CM_PER_INCH = 2.54
_CM = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*(?:cm|سانتی ?متر)?")
_FEET = re.compile(
    r"([0-9])\s*(?:'|\u2032|\u2019|ft\.?|feet|foot)\s*(?:([0-9]{1,2}(?:[.,][0-9]+)?)\s*(?:\"|\u2033|\u201d|''|in\.?|inch(?:es)?)?)?"
)


class WrongValueError(ValueError):
    """A text that is no such value; ``fact`` says why, without the text."""

    def __init__(self, code: str, **details: Detail) -> None:
        super().__init__(code)
        self.fact = Fact(code, details)


def parse_list(text: str) -> tuple[str, ...]:
    """The parts of a text between commas, Persian ones too; empty ones are left out."""
    return tuple(part.strip() for part in text.replace("\N{ARABIC COMMA}", ",").split(",") if part.strip())


def parse_sex(text: str) -> Sex:
    """``F`` or ``M``, small letters too. ``WrongValueError`` (``sex``)."""
    try:
        return Sex(text.strip().upper())
    except ValueError:
        raise WrongValueError("sex") from None


def parse_day(text: str) -> date:
    """A date as ``2014-03-02`` from 1900 until today; no other order is guessed. ``WrongValueError`` (``date``)."""
    text = plain_digits(text).strip()
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise WrongValueError("date")
    try:
        value = date.fromisoformat(text)
    except ValueError:
        raise WrongValueError("no_such_day") from None
    if value.year < FIRST_YEAR:
        raise WrongValueError("early", year=FIRST_YEAR)
    if value > date.today() + timedelta(days=1):  # a day's grace for other time zones
        raise WrongValueError("future")
    return value


def parse_months(text: str) -> float:
    """An age from 0 to 1440 months: a plain number is months, any other form as ``typed_ages`` understands it.

    ``WrongValueError`` (``months``).
    """
    try:
        value = float(re.sub(r"(?<=[0-9]),(?=[0-9])", ".", plain_digits(text)))
    except ValueError:
        value = _aged(text)
    if not 0 <= value <= MAX_MONTHS:  # also catches NaN
        raise WrongValueError("months", most=MAX_MONTHS)
    return value


def _aged(text: str) -> float:
    try:
        months = parse_age(text)
    except ValueError:
        return math.nan
    return months if months is not None else math.nan


def parse_height(text: str) -> float:
    """A height in cm from 30 to 250: ``140``, ``140.5 cm``, or in feet and inches, ``4'7"``, ``4 ft 7 in``.

    ``WrongValueError`` (``height``).
    """
    text = plain_digits(text).strip().lower()
    value = math.nan
    if match := _CM.fullmatch(text):
        value = float(match[1].replace(",", "."))
    elif match := _FEET.fullmatch(text):
        inches = float((match[2] or "0").replace(",", "."))
        value = (int(match[1]) * 12 + inches) * _CM_PER_INCH if inches < 12 else math.nan
    if not MIN_HEIGHT_CM <= value <= MAX_HEIGHT_CM:  # also catches NaN
        raise WrongValueError("height", low=MIN_HEIGHT_CM, high=MAX_HEIGHT_CM)
    return value


def given_patient(values: Mapping[str, Any]) -> Patient:
    """The patient from values of these parsers, by the names under which every door asks for them; others are left."""
    return Patient(
        sex=values.get("sex"),
        birth_date=values.get("birth_date"),
        study_date=values.get("study_date"),
        stated_age_months=values.get("age_months"),
        height_cm=values.get("height_cm"),
        mother_cm=values.get("mother_cm"),
        father_cm=values.get("father_cm"),
    )
