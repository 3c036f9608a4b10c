"""The structured reports of ``bone-age batch`` say of the study what the one of a single film says."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset, dcmread

from bone_age_gui.core.values.reading import Examination
from bone_age_gui.core.values.types import Patient, Sex
from bone_age_gui.store.forget import forget_child
from bone_age_gui.store.kept import remember_reports
from bone_age_gui.store.worklist import worklist_file
from films import hand_like, write_dicom
from reports import write_foreign_report
from worklists import opened

STUDY = {
    "StudyTime": "101112",
    "AccessionNumber": "ACC-5566778",
    "StudyID": "STUDY-31",
    "StudyDescription": "Left hand of Zyxwvut",
    "ReferringPhysicianName": "Prokofjew^Hildegund",
    "IssuerOfPatientID": "CLINIC-9",
}
OWN = {
    "InstanceCreationDate", "InstanceCreationTime", "SOPInstanceUID", "SeriesInstanceUID", "SeriesDate", "SeriesTime",
    "ContentDate", "ContentTime", "ContributionDateTime", "UID", "TextValue",
}  # fmt: skip
"""What each report makes anew: its numbers, its times, and comments that tell them."""

Run = Callable[..., Any]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A film whose tags say all that a study may say of itself."""
    (tmp_path / "films").mkdir()
    return write_dicom(tmp_path / "films" / "a.dcm", hand_like(300, 240), **STUDY)


@pytest.fixture
def batch(run: Run, study: Path, tiny_model: Path, tmp_path: Path) -> Callable[..., list[Dataset]]:
    """Run a batch over the folder of ``study`` and give back its structured reports."""

    def run_batch(*arguments: object) -> list[Dataset]:
        engine = ("--model", tiny_model, "--device", "cpu", "--workers", "1")
        answer = run("batch", study.parent, "--out", tmp_path / "out", *engine, *arguments)
        assert answer.code == 0
        return [dcmread(path) for path in (tmp_path / "out").glob("sr/*")]

    return run_batch


def facts(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Every tag with its value, items of sequences too, but for what each report makes anew."""
    for element in dataset.iterall():
        if element.VR != "SQ" and element.keyword not in OWN:
            yield element.keyword, str(element.value)


def test_a_batch_reports_a_film_as_it_is_reported_alone(
    batch: Callable[..., list[Dataset]], run: Run, study: Path, tiny_model: Path, tmp_path: Path
) -> None:
    alone = ("--report", tmp_path / "alone", "--formats", "sr")
    assert run("estimate", study, *alone, "--model", tiny_model, "--device", "cpu").code == 0
    (single,) = (tmp_path / "alone").iterdir()
    (report,), film = batch("--formats", "sr"), dcmread(study)
    assert list(facts(report)) == list(facts(dcmread(single)))
    for keyword, value in STUDY.items():
        assert report[keyword].value == value
    assert report.StudyInstanceUID == film.StudyInstanceUID
    evidence = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert evidence.SeriesInstanceUID == film.SeriesInstanceUID
    assert evidence.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == film.SOPInstanceUID


def test_a_film_of_an_earlier_run_keeps_its_study(batch: Callable[..., list[Dataset]]) -> None:
    assert not batch("--formats", "csv")
    (report,) = batch("--formats", "sr", "--resume")
    assert (report.AccessionNumber, report.StudyTime) == ("ACC-5566778", "101112")


def test_an_anonymised_batch_leaves_the_study_out(batch: Callable[..., list[Dataset]], study: Path) -> None:
    (report,), film = batch("--formats", "sr", "--anonymise"), dcmread(study)
    said = str(report)
    assert not [value for value in STUDY.values() if value in said]
    assert (report.AccessionNumber, report.StudyTime, report.StudyDate) == ("", "", "")
    assert not [uid for uid in (film.StudyInstanceUID, film.SeriesInstanceUID, film.SOPInstanceUID) if uid in said]
    evidence = report.CurrentRequestedProcedureEvidenceSequence[0]
    assert evidence.StudyInstanceUID == report.StudyInstanceUID
    assert report.PatientIdentityRemoved == "YES"


def test_reports_among_the_films_are_earlier_results_and_have_successors(
    batch: Callable[..., list[Dataset]], run: Run, study: Path, tiny_model: Path, tmp_path: Path
) -> None:
    engine = ("--model", tiny_model, "--device", "cpu")
    assert run("estimate", study, "--report", tmp_path / "alone", "--formats", "sr", *engine).code == 0
    (single,) = (tmp_path / "alone").iterdir()
    shutil.move(single, study.parent / "before.dcm")
    write_foreign_report(study.parent / "foreign.dcm", 100.0)
    write_foreign_report(study.parent / "somebody.dcm", 100.0, patient_id="OTHER")
    write_dicom(study.parent / "b.dcm", hand_like(300, 240), study_date="20251119")
    batch("--formats", "sr,json,csv", "--threshold-sd", "1.5")
    lines = (tmp_path / "out" / "results.jsonl").read_text(encoding="ascii").splitlines()
    first, second = sorted(map(json.loads, lines), key=lambda each: each["path"])
    assert [each["study_date"] for each in first["earlier"]] == ["2024-11-18", "2025-11-19"]
    assert [each["study_date"] for each in second["earlier"]] == ["2024-11-18", "2026-11-20"]
    assert first["earlier"][1]["bone_age_months"] == second["bone_age_months"]
    table = (tmp_path / "out" / "results.csv").read_text(encoding="utf-8-sig")
    assert table.count("2024-11-18 at 10 y 9 m: 8 y 4 m (report)") == 2
    before = dcmread(study.parent / "before.dcm")
    named = {
        report.PredecessorDocumentsSequence[0]
        .ReferencedSeriesSequence[0]
        .ReferencedSOPSequence[0]
        .ReferencedSOPInstanceUID
        for report in (dcmread(path) for path in (tmp_path / "out" / "sr").iterdir())
        if "PredecessorDocumentsSequence" in report
    }
    assert named == {before.SOPInstanceUID}
    answer = run("batch", study.parent, "--out", tmp_path / "other", *engine, "--workers", "1")
    assert "3 structured reports in the folder are no films" in answer.err
    assert answer.code == 0


def test_a_run_into_a_new_folder_knows_what_the_worklist_keeps(
    batch: Callable[..., list[Dataset]], run: Run, study: Path, tiny_model: Path, tmp_path: Path
) -> None:
    """A report that the window wrote anywhere has a successor, and bone ages of films that are not here are listed."""
    alone = ("--report", tmp_path / "alone", "--formats", "sr", "--model", tiny_model, "--device", "cpu")
    assert run("estimate", study, *alone).code == 0
    (single,) = (tmp_path / "alone").iterdir()
    film = dcmread(study)
    patient = Patient(Sex(film.PatientSex), date.fromisoformat(film.PatientBirthDate), patient_id=film.PatientID)
    with closing(opened(worklist_file().parent)) as worklist:
        child = worklist.child_of(patient, "")
        for image, day in (("1.2.3", "2024-01-02"), (film.SOPInstanceUID, "2026-11-20")):
            examination = Examination(worklist.image_of(image, ""), 100.0, day)
            worklist.put_final(image, child, examination, "another model")
    remember_reports(worklist_file(), [single, study])
    (report,) = batch("--formats", "sr,json", "--threshold-sd", "1.5")
    (line,) = (tmp_path / "out" / "results.jsonl").read_text(encoding="ascii").splitlines()
    assert [each["study_date"] for each in json.loads(line)["earlier"]] == ["2024-01-02"], "the film itself is none"
    (before,) = report.PredecessorDocumentsSequence[0].ReferencedSeriesSequence[0].ReferencedSOPSequence
    assert before.ReferencedSOPInstanceUID == dcmread(single).SOPInstanceUID
    with closing(opened(worklist_file().parent)) as worklist:
        forget_child(worklist, child, frozenset(), [])
        assert not worklist.filed()
        assert not worklist.examinations(child)
