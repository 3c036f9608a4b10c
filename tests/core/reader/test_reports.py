"""Bone ages in structured reports of other programs."""

from __future__ import annotations

import os
import struct
from datetime import date
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.uid import DeflatedExplicitVRLittleEndian

import bone_age_gui
from bone_age_gui.core.batch.films import films_to_open
from bone_age_gui.core.reader import header, reports
from bone_age_gui.core.reader.reports import is_report, read_examination
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Sex
from bone_age_gui.core.workers.reports import read_reports
from films import hand_like, write_dicom, write_picture
from reports import write_foreign_report


@pytest.mark.parametrize(
    ("value", "unit", "scheme", "months"),
    [(130.5, "mo", "LN", 130.5), (10.5, "a", "LN", 126.0), (10.5, "yr", "LOINC", 126.0), (0.0, "mo", "LN", 0.0)],
)
def test_a_bone_age_in_months_or_years(tmp_path: Path, value: float, unit: str, scheme: str, months: float) -> None:
    read = read_examination(write_foreign_report(tmp_path / "a", value, unit, image_uid="1.2.3", scheme=scheme))
    assert read is not None
    assert read.examination.bone_age_months == pytest.approx(months)
    assert (read.examination.by, read.examination.study_date) == (None, "2024-11-18")
    assert read.examination.age_months == pytest.approx((date(2024, 11, 18) - date(2014, 3, 2)).days / 30.4375)
    assert (read.patient.patient_id, read.patient.sex) == ("TEST-1", Sex.FEMALE)
    assert read.patient.birth_date == date(2014, 3, 2)
    assert read.image_uid == "1.2.3"
    assert read.made_at == "20241118101500"


@pytest.mark.parametrize(("value", "unit", "scheme"), [(None, "mo", "LN"), (9.0, "kg", "LN"), (9.0, "mo", "DCM"),
                                                         (-4.0, "mo", "LN"), (4000.0, "mo", "LN")])  # fmt: skip
def test_what_is_no_bone_age_is_none(tmp_path: Path, value: float | None, unit: str, scheme: str) -> None:
    assert read_examination(write_foreign_report(tmp_path / "a", value, unit, scheme=scheme)) is None


def test_a_film_and_a_broken_report_are_none(tmp_path: Path) -> None:
    film = write_dicom(tmp_path / "film.dcm", hand_like(120, 100))
    assert not is_report(film)
    assert read_examination(film) is None
    report = write_foreign_report(tmp_path / "a.dcm", 130.0)
    assert is_report(report)
    content = report.read_bytes()
    for kept in range(140, len(content), 37):
        report.write_bytes(content[:kept] + os.urandom(20))
        read_examination(report)
    assert not is_report(tmp_path / "nowhere")
    assert read_examination(tmp_path / "nowhere") is None


def test_reports_in_a_folder_are_no_films(tmp_path: Path) -> None:
    report = write_foreign_report(tmp_path / "report.dcm", 130.0)
    film = write_dicom(tmp_path / "film.dcm", hand_like(120, 100))
    picture = write_picture(tmp_path / "picture.png", hand_like(120, 100))
    listed = films_to_open([tmp_path], 100)
    assert [each.path for each in listed.films] == [film, picture]
    assert listed.reports == (report,)


def test_reports_are_read_in_a_process_of_their_own(tmp_path: Path) -> None:
    good = [write_foreign_report(tmp_path / f"{number}.dcm", 100.0 + number) for number in range(3)]
    broken = tmp_path / "broken.dcm"
    broken.write_bytes(b"\0" * 128 + b"DICM" + b"1.2.840.10008.5.1.4.1.1.88.33" + os.urandom(500))
    read = read_reports([*good, broken])
    assert sorted(each.examination.bone_age_months for each in read) == [100.0, 101.0, 102.0]
    assert read_reports([]) == ()


@pytest.mark.parametrize("bomb", ["items", "inflated"])
def test_a_report_that_would_cost_minutes_is_none_before_it_is_parsed(
    tmp_path: Path, bomb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = write_foreign_report(tmp_path / "a.dcm", 130.0)
    content = report.read_bytes()
    if bomb == "items":
        items = struct.pack("<HHI", 0xFFFE, 0xE000, 0) * 1_000_000
        report.write_bytes(content + struct.pack("<HH2s2xI", 0x5400, 0x0100, b"SQ", len(items)) + items)
    else:
        dataset = dcmread(report)
        dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
        dataset.add_new(0x00990010, "LO", "PRIVATE")
        dataset.add_new(0x00991001, "OB", bytes(120 * 2**20))
        dataset.save_as(report, enforce_file_format=True)
    assert is_report(report)
    assert report.stat().st_size < reports.MOST_BYTES
    monkeypatch.setattr(header, "dcmread", lambda *_, **__: pytest.fail("parsed"))
    assert read_examination(report) is None
    with pytest.raises(BoneAgeError) as refusal:
        header.read_header(report.read_bytes(), ["PatientID"])
    assert refusal.value.code == "excessive"


def test_nobody_parses_a_foreign_dicom_file_that_was_not_looked_at_in_front() -> None:
    root = Path(bone_age_gui.__file__).parent
    callers = {
        path.relative_to(root).as_posix() for path in root.rglob("*.py") if "dcmread(" in path.read_text("utf-8")
    }
    own_files = {"pacs/dimse.py", "pacs/web.py"}  # reports of this program that are sent
    assert callers == {"core/reader/dicom.py", "core/reader/header.py", *own_files}
