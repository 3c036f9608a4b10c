"""DICOM reports, read back by pydicom and checked by other people's programs where they are installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case
from bone_age_gui.report.anonymise import Anonymiser
from bone_age_gui.report.dicom.encapsulated_pdf import write_encapsulated_pdf
from bone_age_gui.report.dicom.sr import write_sr
from bone_age_gui.report.dicom.study import person_name
from bone_age_gui.report.pdf.case import case_pdf
from bone_age_gui.wording.report import GENERATED_STUDY
from bone_age_gui.wording.stages import preprocessing_of
from films import hand_like, write_dicom

Record = Callable[[Case], CaseRecord]
ODD = {
    "patient_name": "Smith\\" + "x" * 20 + "^a^b^c^d^e^f=山田^太郎=" + "y" * 9 + "=z",
    "patient_id": "A\\B" + "9" * 80,
    "birth_date": "broken",
    "model_name": "m" * 90,
    "program_version": "1.0+\\local",
    "remark": "line\nbreak \u2028 \x07 \\ " + "long " * 300,
}


def items(dataset: Dataset) -> Iterator[Dataset]:
    """Every content item below a dataset."""
    for item in dataset.get("ContentSequence", []):
        yield item
        yield from items(item)


def numbers(report: Dataset) -> dict[str, tuple[float, str]]:
    """The first value and its unit by code."""
    measured: dict[str, tuple[float, str]] = {}
    for item in items(report):
        if item.ValueType == "NUM":
            value = item.MeasuredValueSequence[0]
            unit = value.MeasurementUnitsCodeSequence[0].CodeValue
            measured.setdefault(item.ConceptNameCodeSequence[0].CodeValue, (float(value.NumericValue), unit))
    return measured


def texts(report: Dataset) -> list[str]:
    return [item.TextValue for item in items(report) if item.ValueType == "TEXT"]


def codes(report: Dataset) -> dict[str, str]:
    return {
        item.ConceptNameCodeSequence[0].CodeValue: item.ConceptCodeSequence[0].CodeValue
        for item in items(report)
        if item.ValueType == "CODE"
    }


def test_the_report_holds_the_measurements(girl_case: Case, record: Record, tmp_path: Path) -> None:
    made = record(girl_case)
    report = dcmread(write_sr(made, tmp_path / "sr.dcm"))
    measured = numbers(report)
    for code, value, unit in (
        ("85151-9", made.bone_age_months, "mo"),
        ("121033", made.chronological_age_months, "mo"),
        ("DIFFERENCE", made.difference_months, "mo"),
        ("121416", made.sd_score, "1"),
        ("121414", made.sd_months, "mo"),
        ("385524004", made.normal_low_months, "mo"),
        ("371933006", made.normal_high_months, "mo"),
    ):
        assert measured[code] == (pytest.approx(value, abs=0.001), unit)
    assert made.interval_high_months is not None
    assert made.bone_age_months is not None
    half = made.interval_high_months - made.bone_age_months
    assert measured["371886008"] == (pytest.approx(half, abs=0.001), "mo")
    assert codes(report)["ASSESSMENT"] == str(made.flag).upper()
    assert codes(report)["STANDS"] == "READER"


def test_the_report_names_model_program_and_use(girl_case: Case, record: Record, tmp_path: Path) -> None:
    made = record(girl_case)
    report = dcmread(write_sr(made, tmp_path / "sr.dcm"))
    said = " ".join(texts(report))
    for word in (
        made.model_name,
        made.model_version,
        made.model_sha256,
        "CPU",
        "9.8.7",
        preprocessing_of(made),
        DISCLAIMER,
    ):
        assert str(word) in said
    assert report.SoftwareVersions == "9.8.7"
    assert report.ContentDate


def test_both_ages_are_in_the_report(girl_case: Case, record: Record, tmp_path: Path) -> None:
    report = dcmread(write_sr(record(girl_case), tmp_path / "sr.dcm"))
    ages = [
        float(item.MeasuredValueSequence[0].NumericValue)
        for item in items(report)
        if item.ValueType == "NUM" and item.ConceptNameCodeSequence[0].CodeValue == "85151-9"
    ]
    assert girl_case.estimate is not None
    assert ages == [pytest.approx(girl_case.estimate.bone_age_months, abs=0.001), 131.5]


def test_the_report_points_to_its_film_and_joins_its_study(girl_case: Case, record: Record, tmp_path: Path) -> None:
    assert girl_case.path is not None
    film = dcmread(girl_case.path)
    report = dcmread(write_sr(record(girl_case), tmp_path / "sr.dcm"))
    assert report.StudyInstanceUID == film.StudyInstanceUID
    assert report.SeriesInstanceUID != film.SeriesInstanceUID
    assert (report.PatientName, report.PatientID) == (film.PatientName, film.PatientID)
    images = [item.ReferencedSOPSequence[0] for item in items(report) if item.ValueType == "IMAGE"]
    assert {image.ReferencedSOPInstanceUID for image in images} == {film.SOPInstanceUID}
    evidence = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert evidence.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == film.SOPInstanceUID


def test_what_the_study_says_of_itself_is_copied_unless_anonymous(
    secret_case: Case, record: Record, tmp_path: Path
) -> None:
    made = record(secret_case)
    plain = dcmread(write_sr(made, tmp_path / "a.dcm"))
    assert plain.AccessionNumber == "ACC-5566778"
    clean = Anonymiser().record(made)
    hidden = dcmread(write_sr(clean, tmp_path / "b.dcm", anonymous=True))
    assert hidden.AccessionNumber == ""
    assert hidden.PatientIdentityRemoved == "YES"


def test_a_report_needs_the_film_no_more(
    estimate: Callable[[Path], Case], record: Record, tmp_path: Path, reference: GrowthReference
) -> None:
    film = write_dicom(
        tmp_path / "film.dcm", hand_like(), AccessionNumber="ACC-1", StudyID="S-1", StudyTime="101500",
        ReferringPhysicianName="Müller^Zoë", StudyDescription="Left hand", IssuerOfPatientID="Here",
        SpecificCharacterSet="ISO_IR 100",
    )  # fmt: skip
    case = estimate(film)
    film.unlink()
    made = record(case)
    pdf = case_pdf(case, made, reference)
    for path in (write_sr(made, tmp_path / "a.dcm"), write_encapsulated_pdf(pdf, made, tmp_path / "b.dcm")):
        report = dcmread(path)
        assert (report.AccessionNumber, report.StudyID, report.StudyTime) == ("ACC-1", "S-1", "101500")
        assert report.ReferringPhysicianName == "Müller^Zoë"
        assert (report.StudyDescription, report.IssuerOfPatientID) == ("Left hand", "Here")


def test_a_picture_gets_a_generated_study_and_says_so(
    picture_case: Case, record: Record, reference: GrowthReference, tmp_path: Path
) -> None:
    made = record(picture_case)
    report = dcmread(write_sr(made, tmp_path / "sr.dcm"))
    pdf = case_pdf(picture_case, made, reference)
    document = dcmread(write_encapsulated_pdf(pdf, made, tmp_path / "pdf.dcm"))
    assert GENERATED_STUDY in texts(report)
    assert "generated study" in report.StudyDescription
    assert report.StudyInstanceUID == document.StudyInstanceUID
    assert "CurrentRequestedProcedureEvidenceSequence" not in report
    assert not [item for item in items(report) if item.ValueType == "IMAGE"]


def test_the_pdf_is_wrapped_whole(girl_case: Case, record: Record, reference: GrowthReference, tmp_path: Path) -> None:
    made = record(girl_case)
    pdf = case_pdf(girl_case, made, reference)
    document = dcmread(write_encapsulated_pdf(pdf, made, tmp_path / "pdf.dcm"))
    assert document.EncapsulatedDocument[: document.EncapsulatedDocumentLength] == pdf
    assert document.MIMETypeOfEncapsulatedDocument == "application/pdf"
    assert document.BurnedInAnnotation == "YES"
    assert made.reference is not None
    assert document.SourceInstanceSequence[0].ReferencedSOPInstanceUID == made.reference.sop_instance_uid


def test_a_film_without_an_estimate_has_no_structured_report(
    refused_case: Case, record: Record, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="bone age"):
        write_sr(record(refused_case), tmp_path / "sr.dcm")
    with pytest.raises(ValueError, match="PDF"):
        write_encapsulated_pdf(b"no", record(refused_case), tmp_path / "pdf.dcm")


def test_a_long_name_keeps_to_the_length_that_dicom_allows() -> None:
    assert person_name("x" * 90 + "^y=b") == "x" * 64 + "=b"
    assert person_name("a^b^c^d^e^f=g=h=i") == "a^b^c^d^e=g=h"
    assert person_name(None) == ""


@pytest.mark.parametrize("kind", ["girl", "picture", "anonymous", "odd", "bare", "noticed"])
def test_others_read_the_reports_without_an_error(
    girl_case: Case, picture_case: Case, record: Record, reference: GrowthReference, tmp_path: Path, kind: str
) -> None:
    if shutil.which("dciodvfy") is None:
        pytest.skip("dicom3tools (dciodvfy) is not installed")
    case = picture_case if kind in ("picture", "bare") else girl_case
    made = record(case)
    changes: dict[str, dict[str, object]] = {
        "odd": dict(ODD),
        "bare": {"interval_low_months": None, "interval_level": None, "flag": None, "preprocessing": None},
        "noticed": {
            "notices": (Notice("a", text="First."), Notice("b", text="Second.", loud=True)),
            "is_phantom": True,
        },
    }
    made = replace(made, **changes.get(kind, {}))  # type: ignore[arg-type]
    anonymous = kind == "anonymous"
    made = Anonymiser().record(made) if anonymous else made
    pdf = case_pdf(case, made, reference)
    report = write_sr(made, tmp_path / "sr.dcm", anonymous=anonymous)
    document = write_encapsulated_pdf(pdf, made, tmp_path / "pdf.dcm", anonymous=anonymous)
    for path in (report, document):
        checked = subprocess.run(["dciodvfy", path], capture_output=True, text=True, errors="replace")
        assert checked.returncode == 0
        assert "Error" not in checked.stdout + checked.stderr
    if shutil.which("dsrdump"):
        dumped = subprocess.run(["dsrdump", report], capture_output=True, text=True, errors="replace")
        assert dumped.returncode == 0
        assert "XR Bone age" in dumped.stdout
