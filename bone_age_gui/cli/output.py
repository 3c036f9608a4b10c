"""What the command line prints: of a film for programs, and of its work for people."""

from __future__ import annotations

import sys
from dataclasses import replace

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case


def without_patient(case: Case, record: CaseRecord) -> Case:
    """A case whose text may be logged: of its film only what the anonymised ``record`` says."""
    age = case.patient.chronological_age_months
    patient = replace(case.patient, birth_date=None, study_date=None, stated_age_months=age, name=None, patient_id=None)
    film = replace(case.radiograph, notices=()) if case.radiograph is not None else None
    return replace(case, patient=patient, radiograph=film, notices=record.notices)


def note_on_stderr(text: str) -> None:
    """A line of the program itself, on stderr."""
    print(f"bone-age: {text}", file=sys.stderr, flush=True)
