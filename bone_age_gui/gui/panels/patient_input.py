"""What the patient form accepts: dates and ages as people type them, and whether the child's age can be true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bone_age_gui.core.values.typed_ages import parse_age
from bone_age_gui.core.values.typed_values import WrongValueError, parse_height
from bone_age_gui.core.values.types import Patient
from bone_age_gui.wording.language import edited_number
from bone_age_gui.wording.patient_form import form_words
from bone_age_gui.wording.typed_days import parse_date
from bone_age_gui.wording.typed_values import labelled_words

MAX_PLAUSIBLE_MONTHS = 240.0
"""Twenty years: the radiographs the network learnt from end before."""


@dataclass(frozen=True)
class Problem:
    """Something wrong with a field: ``birth study age`` or a height. A mild problem does not forbid the estimate."""

    field: str
    text: str
    mild: bool = False


def date_problem(field: str, text: str) -> Problem | None:
    """Why the text of a date field cannot be used, or ``None``."""
    try:
        parse_date(text)
    except ValueError:
        return Problem(field, form_words("not_a_date", field))
    return None


def age_problem(text: str) -> Problem | None:
    """Why the text of the age field cannot be used, or ``None``."""
    try:
        parse_age(text)
    except ValueError:
        return Problem("age", form_words("not_an_age"))
    return None


def height_text(height_cm: float | None) -> str:
    """``140.0`` -> ``"140"``, at most one decimal, as the language writes it; empty for ``None``."""
    return "" if height_cm is None else edited_number(round(height_cm, 1), "g")


def typed_height(text: str) -> float | None:
    """A height in cm from what was typed, ``None`` for an empty field or what cannot be used."""
    try:
        return parse_height(text) if text.strip() else None
    except ValueError:
        return None


def with_heights(patient: Patient, heights: Mapping[str, float | None]) -> Patient:
    """The patient with these heights in cm, by the names of its fields."""
    return replace(
        patient, height_cm=heights["height_cm"], mother_cm=heights["mother_cm"], father_cm=heights["father_cm"]
    )


def height_problem(field: str, name: str, text: str) -> Problem | None:
    """Why the text of a height cannot be used, or ``None``."""
    if not text.strip():
        return None
    try:
        parse_height(text)
    except WrongValueError as error:
        return Problem(field, labelled_words(name, error.fact))
    return None


def plausibility(patient: Patient, today: date) -> Problem | None:
    """Whether the dates and the age can be true together."""
    age = patient.chronological_age_months
    if age is not None and age < 0:
        return Problem("study", form_words("study_before_birth"))
    for field, day in (("birth", patient.birth_date), ("study", patient.study_date)):
        if day is not None and day > today:  # as de-identification shifts dates: the age is the same
            return Problem(field, form_words("future", field), mild=True)
    if age is None:
        return None
    if age > MAX_PLAUSIBLE_MONTHS:
        return Problem("age", form_words("too_old"), mild=True)
    return None
