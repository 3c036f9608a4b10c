"""``bone-age batch --anonymise``: nothing that it leaves behind names a patient, packed or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread

from films import hand_like, write_dicom, write_picture
from insides import found_in

Run = Callable[..., Any]
FORMATS = "csv,xlsx,pdf,json,sr"
NAMES = ("Zyxwvut", "Quillana", "Prokofjew", "Hildegund", "Müngersdorf")
NUMBERS = ("QQ-4711", "ACC-5566778", "STUDY-31", "KH-20917")
DATES = ("20140317", "2014-03-17", "17.03.2014", "20260925", "2026-09-25", "2013-05-06", "2026-08-07")
FILES = ("plain-film.png", "torn-film.png", "station-b")
SECRETS = (*NAMES, *NUMBERS, *DATES, *FILES)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Films that name their patients in tags, folder and file names, one of them refused."""
    folder = tmp_path / "films"
    (folder / "station-b").mkdir(parents=True)
    film = hand_like(300, 240)
    tags = {
        "PatientName": "Zyxwvut^Quillana",
        "PatientID": "QQ-4711",
        "AccessionNumber": "ACC-5566778",
        "StudyID": "STUDY-31",
        "ReferringPhysicianName": "Prokofjew^Hildegund",
        "InstitutionName": "Müngersdorf",
        "StudyDescription": "Hand of Zyxwvut",
        "OtherPatientIDs": "KH-20917",
        "SpecificCharacterSet": "ISO_IR 192",
    }
    dates = {"birth_date": "20140317", "study_date": "20260925"}
    write_dicom(folder / "Zyxwvut_Quillana.dcm", film, body_part="FOOT OF ZYXWVUT", **dates, **tags)
    write_dicom(folder / "station-b" / "1.dcm", film, sex="M", **dates, **tags)
    write_picture(folder / "plain-film.png", film)
    (folder / "torn-film.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    (folder / "Zyxwvut.jpg").write_bytes(b"no picture")
    return folder


@pytest.fixture
def batch(run: Run, films: Path, tiny_model: Path, tmp_path: Path) -> Callable[..., Any]:
    """Run a batch over the folders, with a table of patients, into ``tmp_path/out``."""
    table = tmp_path / "patients.csv"
    row = "plain-film.png,F,2013-05-06,2026-08-07,150"
    table.write_text(f"file,sex,birth_date,study_date,reader_age_months\n{row}\n", encoding="utf-8")
    engine = ("--model", tiny_model, "--device", "cpu", "--workers", "1")

    def run_batch(*arguments: object) -> Any:
        options = ("--out", tmp_path / "out", "--patients", table, "--recursive", "--formats", FORMATS)
        return run("batch", films, *options, *engine, *arguments)

    return run_batch


def left_behind(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def uids(films: Path) -> list[str]:
    read = [dcmread(path) for path in films.rglob("*.dcm")]
    names = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
    return [str(film[name].value) for film in read for name in names]


def test_nothing_that_is_left_behind_names_a_patient(batch: Callable[..., Any], films: Path, tmp_path: Path) -> None:
    answer = batch("--anonymise")
    assert answer.code == 3
    files = left_behind(tmp_path)
    assert {path.suffix for path in files} == {".csv", ".xlsx", ".pdf", ".jsonl", ".dcm"}
    for path in files:
        assert not [secret for secret in SECRETS if secret.casefold() in str(path.relative_to(tmp_path)).casefold()]
        assert not found_in(path, (*SECRETS, *uids(films), str(tmp_path))), path.name


def test_without_anonymising_the_name_is_in_every_report(batch: Callable[..., Any], tmp_path: Path) -> None:
    """Else the search above would prove nothing."""
    assert batch().code == 3
    for path in left_behind(tmp_path):
        # One report is of the picture, which has no name but the dates of the table.
        assert found_in(path, SECRETS) & {"Zyxwvut", "2026-08-07"}, path.name
        assert path.suffix == ".dcm" or "Zyxwvut" in found_in(path, SECRETS), path.name
