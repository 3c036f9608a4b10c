"""The fields that may come with a film: one table for the check, the description and the upload page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bone_age_gui.core.height import FIRST_CHOICE, REFERENCES
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.core.values.typed_values import (
    MAX_HEIGHT_CM,
    MAX_MONTHS,
    MIN_HEIGHT_CM,
    WrongValueError,
    given_patient,
    parse_day,
    parse_height,
    parse_months,
    parse_sex,
)
from bone_age_gui.core.values.types import Patient, Sex
from bone_age_gui.wording.language import mark, tr
from bone_age_gui.wording.typed_values import FATHER_FIELD, HEIGHT_FIELD, MOTHER_FIELD

FILM = "film"
_YES, _NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


@dataclass(frozen=True)
class Wishes:
    """What was given beside the film: of the patient, and how the film is to be read and compared."""

    patient: Patient
    insisted: bool
    hand_side: HandSide | None
    height_reference: str


@dataclass(frozen=True)
class Field:
    """One field: its meaning, how its text is read, and its schema in OpenAPI."""

    about: str
    parse: Callable[[str], Any]
    schema: Mapping[str, Any]

    def words(self) -> str:
        """Meaning of the field, in the language in force."""
        return tr(self.about, low=MIN_HEIGHT_CM, high=MAX_HEIGHT_CM)


def _one_of(texts: tuple[str, ...]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in texts:
            raise WrongValueError("choice", choices=texts)
        return text

    return parse


def _yes_or_no(text: str) -> bool:
    if text.lower() not in (*_YES, *_NO):
        raise WrongValueError("yes_no")
    return text.lower() in _YES


_DAY = {"type": "string", "format": "date"}
_HEIGHT = {"type": "string", "examples": ["140", "140.5 cm", "4'7\""]}
_SIDES = tuple(str(side) for side in HandSide)

FIELDS: dict[str, Field] = {
    "sex": Field(mark("Sex of the child: F or M"), parse_sex, {"type": "string", "enum": [str(sex) for sex in Sex]}),
    "birth_date": Field(mark("Birth date, as 2014-03-02"), parse_day, _DAY),
    "study_date": Field(mark("Date of the study, as 2026-11-20"), parse_day, _DAY),
    "age_months": Field(
        mark("Chronological age at the study in months, in place of the birth date"), parse_months,
        {"type": "number", "minimum": 0, "maximum": MAX_MONTHS},
    ),
    "height_cm": Field(
        HEIGHT_FIELD, parse_height, _HEIGHT
    ),
    "mother_cm": Field(
        MOTHER_FIELD, parse_height, _HEIGHT
    ),
    "father_cm": Field(
        FATHER_FIELD, parse_height, _HEIGHT
    ),
    "height_reference": Field(
        mark("What the height's SD score is counted in"), _one_of(tuple(REFERENCES)),
        {"type": "string", "enum": list(REFERENCES), "default": FIRST_CHOICE},
    ),
    "hand": Field(
        mark("Which of two hands, as pictured"), _one_of(_SIDES), {"type": "string", "enum": list(_SIDES)}
    ),
    "insist": Field(
        mark("Estimate a film too that would be refused for what it shows; it is marked as doubtful"), _yes_or_no,
        {"type": "boolean"},
    ),
}  # fmt: skip
"""Every field beside the film. What is given replaces the film's own tags, as on the command line."""


def read_wishes(texts: Mapping[str, list[str]]) -> Wishes:
    """What the texts of a form ask for.

    An empty text counts as not given: a browser sends every field. Raises ``BoneAgeError`` (``bad_field``) that names
    the field and never its value.
    """
    values = {name: _read(name, given) for name, given in texts.items()}
    patient = given_patient(values)
    if patient.has_two_ages:
        raise BoneAgeError("bad_field", "both")
    if patient.has_study_before_birth:
        raise BoneAgeError("bad_field", "order")
    hand = values.get("hand")
    return Wishes(
        patient=patient,
        insisted=bool(values.get("insist")),
        hand_side=HandSide(hand) if hand is not None else None,
        height_reference=values.get("height_reference") or FIRST_CHOICE,
    )


def _read(name: str, given: list[str]) -> Any:
    field = FIELDS.get(name)
    if field is None:
        raise BoneAgeError("bad_field", "unknown", known=tuple(FIELDS))
    texts = [text.strip() for text in given if text.strip()]
    if len(texts) > 1:
        raise BoneAgeError("bad_field", "twice", name=name)
    try:
        return field.parse(texts[0]) if texts else None
    except WrongValueError as error:
        problem = replace(error.fact, details={**error.fact.details, "name": name})
        raise BoneAgeError("bad_field", "value", problem=(problem,)) from None
