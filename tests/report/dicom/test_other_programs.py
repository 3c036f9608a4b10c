"""DICOM reports as other people's programs read them: dicom3tools, dcmtk and highdicom."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from highdicom import sr
from pydicom import Dataset, dcmread

from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case, Reading
from bone_age_gui.report.anonymise import Anonymiser
from bone_age_gui.report.case_files import CaseReports
from bone_age_gui.report.dicom.sr import write_sr

Record = Callable[[Case], CaseRecord]
FORMATS = ("sr", "dicom-pdf", "dicom-image")


@pytest.fixture(scope="module")
def written(
    girl_case: Case, picture_case: Case, record: Record, reference: GrowthReference,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Path]:  # fmt: skip
    """Every DICOM report of a DICOM film, of a picture without tags, and anonymised."""
    folder = tmp_path_factory.mktemp("written")
    paths = []
    for case, anonymous in ((girl_case, False), (picture_case, False), (girl_case, True)):
        reports = CaseReports(folder, FORMATS, reference, anonymous=anonymous)
        paths += reports.add(case, record(case))
    return {path.name: path for path in paths}


def items(dataset: Dataset) -> Iterator[Dataset]:
    """Every content item below a dataset."""
    for item in dataset.get("ContentSequence", []):
        yield item
        yield from items(item)


def test_dciodvfy_finds_no_error(written: dict[str, Path]) -> None:
    if shutil.which("dciodvfy") is None:
        pytest.skip("dciodvfy (dicom3tools) is not installed")
    assert len(written) == 9
    for name, path in written.items():
        done = subprocess.run(["dciodvfy", "-new", path], capture_output=True, text=True, check=False)
        said = done.stderr.splitlines() + done.stdout.splitlines()
        assert not [line for line in said if line.startswith("Error")], (name, said)


def test_dsrdump_reads_the_structured_reports(written: dict[str, Path]) -> None:
    if shutil.which("dsrdump") is None:
        pytest.skip("dsrdump (dcmtk) is not installed")
    for name, path in written.items():
        if name.endswith("_sr.dcm"):
            done = subprocess.run(["dsrdump", path], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            for word in ("XR Bone age", "Imaging Measurements", "Algorithm Name", "Tracking Identifier"):
                assert word in done.stdout, name


def test_highdicom_reads_every_group_with_its_algorithm_and_outline(
    girl_case: Case, record: Record, tmp_path: Path
) -> None:
    made = record(girl_case)
    assert len(made.hand_outline) >= 3
    corners = np.array(made.hand_outline)
    assert made.film_rows is not None
    assert made.film_columns is not None
    assert corners.min() >= 0
    assert (corners.max(axis=0) <= (made.film_columns, made.film_rows)).all()
    report = sr.EnhancedSR.from_dataset(dcmread(write_sr(made, tmp_path / "sr.dcm")))
    content = sr.MeasurementReport.from_sequence(
        [report.content] if isinstance(report.content, Dataset) else report.content
    )
    groups = content.get_planar_roi_measurement_groups()
    assert len(groups) == 2  # the model's and the reader's
    identifiers = {group.tracking_identifier for group in groups}
    assert identifiers == {"Bone age by the model", "Bone age by the reader"}
    assert len({group.tracking_uid for group in groups}) == 2
    for group in groups:
        said = [item.ConceptNameCodeSequence[0].CodeMeaning for item in items(group[0])]
        assert "Algorithm Name" in said
        assert "Algorithm Version" in said
        region = group.roi
        assert region.value[0].tolist() == pytest.approx(list(made.hand_outline[0]), abs=0.01)
        assert (region.value[0] == region.value[-1]).all()


def test_the_image_library_names_the_film_and_its_size(girl_case: Case, record: Record, tmp_path: Path) -> None:
    made = record(girl_case)
    report = dcmread(write_sr(made, tmp_path / "sr.dcm"))
    (library,) = [item for item in report.ContentSequence if item.ConceptNameCodeSequence[0].CodeValue == "111028"]
    (image,) = [item for item in items(library) if item.ValueType == "IMAGE"]
    assert made.reference is not None
    assert image.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == made.reference.sop_instance_uid
    values = {
        item.ConceptNameCodeSequence[0].CodeMeaning: float(item.MeasuredValueSequence[0].NumericValue)
        for item in items(library)
        if item.ValueType == "NUM"
    }
    assert values == {"Pixel Data Rows": made.film_rows, "Pixel Data Columns": made.film_columns}


def test_a_changed_decision_is_a_new_report_that_names_the_one_before(
    girl_case: Case, record: Record, reference: GrowthReference, tmp_path: Path
) -> None:
    chosen = []
    for reading in (None, Reading(131.5, "reader"), Reading(131.5, "model")):
        case = replace(girl_case, reading=reading)
        (path,) = CaseReports(tmp_path, ("sr",), reference).add(case, record(case))
        chosen.append(dcmread(path))
    first, second, third = chosen
    assert "PredecessorDocumentsSequence" not in first
    for before, after in ((first, second), (second, third)):
        (study,) = after.PredecessorDocumentsSequence
        assert study.StudyInstanceUID == before.StudyInstanceUID
        (series,) = study.ReferencedSeriesSequence
        assert series.SeriesInstanceUID == before.SeriesInstanceUID
        (named,) = series.ReferencedSOPSequence
        assert named.ReferencedSOPInstanceUID == before.SOPInstanceUID


def test_the_same_decision_written_again_is_the_same_report(
    girl_case: Case, record: Record, reference: GrowthReference, tmp_path: Path
) -> None:
    uids = []
    for by in ("model", "reader", "reader", "model"):
        case = replace(girl_case, reading=Reading(131.5, by))
        (path,) = CaseReports(tmp_path, ("sr",), reference).add(case, record(case))
        uids.append(dcmread(path).SOPInstanceUID)
    assert uids[1] == uids[2]
    assert len(set(uids)) == 3


def test_another_film_and_a_broken_file_are_no_predecessors(
    girl_case: Case, secret_case: Case, record: Record, reference: GrowthReference, tmp_path: Path
) -> None:
    (tmp_path / "0001_broken_sr.dcm").write_bytes(b"no dicom")
    CaseReports(tmp_path, ("sr",), reference).add(secret_case, record(secret_case))
    (path,) = CaseReports(tmp_path, ("sr",), reference).add(girl_case, record(girl_case))
    assert "PredecessorDocumentsSequence" not in dcmread(path)


def test_a_report_is_verified_by_the_reader_who_decided(girl_case: Case, record: Record, tmp_path: Path) -> None:
    made = record(girl_case)
    decided = replace(made, decided_by="reader", reader_name="Dr Ada Ray", decided_at="2026-11-21T10:15:30+00:00")
    report = dcmread(write_sr(decided, tmp_path / "a.dcm"))
    (observer,) = report.VerifyingObserverSequence
    assert report.VerificationFlag == "VERIFIED"
    assert "Dr Ada Ray" in str(observer.VerifyingObserverName)
    assert str(observer.VerificationDateTime).endswith("1530")
    open_one = dcmread(write_sr(replace(decided, decided_by=None), tmp_path / "b.dcm"))
    assert open_one.VerificationFlag == "UNVERIFIED"
    if shutil.which("dciodvfy") is not None:
        done = subprocess.run(["dciodvfy", "-new", tmp_path / "a.dcm"], capture_output=True, text=True, check=False)
        assert not [line for line in done.stderr.splitlines() if line.startswith("Error")]


def test_an_anonymous_report_names_no_reader_and_no_predecessor(
    girl_case: Case, record: Record, tmp_path: Path
) -> None:
    clean = Anonymiser().record(record(girl_case))
    report = dcmread(write_sr(clean, tmp_path / "sr.dcm", anonymous=True))
    assert report.VerificationFlag == "UNVERIFIED"
    assert "VerifyingObserverSequence" not in report


def test_the_first_page_is_a_picture(written: dict[str, Path], girl_case: Case) -> None:
    path = next(path for name, path in sorted(written.items()) if name.endswith("_image.dcm"))
    picture = dcmread(path)
    pixels = picture.pixel_array
    assert pixels.shape == (1753, 1240, 3)
    assert pixels.dtype == np.uint8
    assert (pixels[5:20, 5:200] == 255).all()  # the margin is paper
    film = pixels[400:900, 150:500]
    assert film.std() > 20  # and the film is there
    assert girl_case.path is not None
    assert picture.StudyInstanceUID == dcmread(girl_case.path).StudyInstanceUID
    assert picture.BurnedInAnnotation == "YES"
