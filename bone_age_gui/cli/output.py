"""What the command line prints for programs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case

if TYPE_CHECKING:
    from bone_age_gui.core.model.bundle import Bundle
    from bone_age_gui.core.model.predictor import Predictor


def for_the_terminal(record: CaseRecord, path: str, predictor: Predictor) -> CaseRecord:
    """A record as it may be logged: without patient and study; a refused film names the model, too.

    ``path`` is as it was typed.
    """
    return replace(
        record,
        file=path,
        patient_name=None,
        patient_id=None,
        birth_date=None,
        reference=None,
        study=None,
        model_name=predictor.bundle.name,
        model_version=predictor.bundle.version,
        model_sha256=predictor.bundle.sha256,
        device=predictor.device,
        device_note=predictor.fallback_reason,
    )


def without_patient(case: Case, record: CaseRecord) -> Case:
    """A case whose text may be logged: of its film only what the anonymised ``record`` says."""
    age = case.patient.chronological_age_months
    patient = replace(case.patient, birth_date=None, study_date=None, stated_age_months=age, name=None, patient_id=None)
    film = replace(case.radiograph, notices=()) if case.radiograph is not None else None
    return replace(case, patient=patient, radiograph=film, notices=record.notices)


def bundle_record(bundle: Bundle) -> dict[str, Any]:
    """Name, version, hash and place, then the rest of the card but for the long list of hashed ids."""
    card = bundle.card.to_dict()
    card["training"].pop("held_out", None)
    first = {
        "name": bundle.name,
        "version": bundle.version,
        "sha256": bundle.sha256,
        "path": str(bundle.directory.resolve()),
    }
    return first | {key: value for key, value in card.items() if key not in first}
