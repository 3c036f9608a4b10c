"""Our own structured reports, read back as earlier examinations of the child."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bone_age_gui.core.reader.reports import read_examination
from bone_age_gui.core.values.reading import Reading
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case
from bone_age_gui.report.dicom.sr import write_sr

Record = Callable[[Case], CaseRecord]


@pytest.mark.parametrize("decided", ["reader", "model", None])
def test_the_final_age_of_our_own_report(girl_case: Case, record: Record, tmp_path: Path, decided: str | None) -> None:
    made = record(replace(girl_case, reading=Reading(131.5, decided)))
    read = read_examination(write_sr(made, tmp_path / "sr.dcm"))
    assert read is not None
    final = read.examination
    assert final.bone_age_months == pytest.approx(made.final_age_months, abs=0.001)
    assert final.by == made.final_by
    assert (final.model_name, final.model_version) == (made.model_name, made.model_version)
    assert final.study_date == made.study_date
    assert final.age_months == pytest.approx(made.chronological_age_months)
    assert final.is_doubtful is made.is_doubtful
    assert made.reference is not None
    assert read.image_uid == made.reference.sop_instance_uid
    assert read.patient.patient_id == made.patient_id
    if decided != "reader":
        assert final.sd_score == pytest.approx(made.sd_score, abs=0.001)


def test_a_report_without_a_reader(girl_case: Case, record: Record, tmp_path: Path) -> None:
    read = read_examination(write_sr(record(replace(girl_case, reading=None)), tmp_path / "sr.dcm"))
    assert read is not None
    assert read.examination.by == "model"
