"""What a person entered for one film, and its way into single values of text and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from bone_age_gui.core.values import strict_json
from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.core.values.reading import DECIDED_BY_READER, NO_READING, Reading
from bone_age_gui.core.values.types import Patient, Sex

PATIENT = "patient."
READING = "reading."
_TYPED = ("sex", "birth_date", "study_date", "stated_age_months", "stated_age_unit_months", "height_cm", "mother_cm",
          "father_cm")  # fmt: skip
"""Fields of the patient that can be entered. Name and number cannot, and are never kept."""
_OTHERS = ("hand_side", "insisted", "accepted_months", "reported")
_NAMES = {*_OTHERS, *(f"{PATIENT}{name}" for name in _TYPED), *(f"{READING}{field.name}" for field in fields(Reading))}
_KINDS: dict[str, Any] = {
    "sex": Sex | None, "stated_age_months": float | None, "stated_age_unit_months": float, "height_cm": float | None,
    "mother_cm": float | None, "father_cm": float | None, "age_months": float | None, "decided_by": str | None,
    "remark": str, "reader": str, "decided_at": str | None, "model_shown": bool, "blind_months": float | None,
    "hand_side": HandSide | None, "insisted": bool, "accepted_months": float | None, "reported": bool,
}  # fmt: skip


@dataclass(frozen=True)
class Entered:
    """What was entered for a film.

    ``patient`` holds the fields of `Patient` that differ from the film's own. ``accepted_months`` is the model's age
    that was accepted, where the model's is final: another age is not. ``reported`` is True once a report of it was
    written.
    """

    patient: tuple[tuple[str, Any], ...] = ()
    reading: Reading = NO_READING
    hand_side: HandSide | None = None
    insisted: bool = False
    accepted_months: float | None = None
    reported: bool = False

    def patient_of(self, patient: Patient) -> Patient:
        """The film's patient with what was entered."""
        return replace(patient, **dict(self.patient))

    @property
    def is_unreported(self) -> bool:
        """True if there is something of a reader that no report holds yet."""
        reading = self.reading
        has_words = reading.age_months is not None or reading.decided_by is not None or bool(reading.remark.strip())
        return has_words and not self.reported


NOTHING = Entered()


def typed_patient(patient: Patient, of_film: Patient) -> tuple[tuple[str, Any], ...]:
    """The fields of a patient that were entered in place of the film's."""
    return tuple((name, getattr(patient, name)) for name in _TYPED if getattr(patient, name) != getattr(of_film, name))


def to_values(entered: Entered) -> dict[str, str]:
    """Every value that is not as in ``NOTHING``, by its name, as JSON text."""
    values: dict[str, Any] = {f"{PATIENT}{name}": value for name, value in entered.patient}
    for field in fields(Reading):
        value = getattr(entered.reading, field.name)
        if value != getattr(NO_READING, field.name):
            values[f"{READING}{field.name}"] = value
    for name in _OTHERS:
        if getattr(entered, name) != getattr(NOTHING, name):
            values[name] = getattr(entered, name)
    return {name: json.dumps(_plain(value), allow_nan=False) for name, value in values.items()}


def from_values(values: Mapping[str, str]) -> Entered:
    """The way back. A value that is unknown or of the wrong kind is left out: it is no reason to lose the others."""
    fields: dict[str, Any] = {}
    for name in _NAMES & values.keys():
        with suppress(ValueError):
            fields[name] = _read(name.rpartition(".")[2], strict_json.parse_json(values[name]))
    patient = {name: fields.pop(f"{PATIENT}{name}") for name in _TYPED if f"{PATIENT}{name}" in fields}
    read = {name.removeprefix(READING): fields.pop(name) for name in list(fields) if name.startswith(READING)}
    reading = Reading(**{"age_months": None, "decided_by": None, **read})
    if reading.decided_by == DECIDED_BY_READER and reading.age_months is None:
        reading = replace(reading, decided_by=None, decided_at=None)  # two windows have written different values
    return Entered(tuple(patient.items()), reading, **fields)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _read(name: str, value: Any) -> Any:
    if name in ("birth_date", "study_date"):
        return None if value is None else date.fromisoformat(strict_json.from_plain(str, value, name))
    return strict_json.from_plain(_KINDS[name], value, name)
