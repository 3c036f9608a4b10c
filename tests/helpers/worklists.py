"""A worklist of a test, and what is entered into it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.core.values.reading import Reading
from bone_age_gui.core.values.types import Patient, Sex
from bone_age_gui.store.entered import Entered
from bone_age_gui.store.worklist import FILE, Worklist, open_worklist

FILM, OTHER = "a" * 64, "b" * 64
GIRL = Patient(Sex.FEMALE, date(2014, 3, 2), date(2026, 11, 20), name="Doe^Jane", patient_id="MRN-7788994")
FULL = Entered(
    patient=(("sex", Sex.MALE), ("birth_date", date(2014, 3, 2)), ("height_cm", 140.5), ("study_date", None)),
    reading=Reading(138.0, "reader", "Carpals ahead.", "Dr. Müller", "2026-11-20T10:00:00+00:00", True, 136.0),
    hand_side=HandSide.LEFT,
    insisted=True,
    accepted_months=None,
    reported=True,
)


def opened(folder: Path) -> Worklist:
    worklist, error = open_worklist(folder / FILE)
    assert error is None
    return worklist
