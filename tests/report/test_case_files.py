"""Every format is written and nothing over an older file; names of files hold no patient."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case
from bone_age_gui.report.case_files import CaseReports
from bone_age_gui.report.formats import CASE_FORMATS
from bone_age_gui.report.run_files import finish_run, write_run_reports

Record = Callable[[Case], CaseRecord]


def test_every_format_is_written_and_nothing_is_overwritten(
    girl_case: Case, refused_case: Case, record: Record, reference: GrowthReference, tmp_path: Path
) -> None:
    def write() -> list[str]:
        reports = CaseReports(tmp_path, tuple(CASE_FORMATS), reference)
        files = reports.add(girl_case, record(girl_case)) + reports.add(refused_case, record(refused_case))
        return [path.name for path in files + reports.finish()]

    assert write() == [
        "0001_girl.pdf",
        "0001_girl_sr.dcm",
        "0001_girl_pdf.dcm",
        "0001_girl_image.dcm",
        "bone-age.csv",
        "bone-age.xlsx",
        "bone-age.jsonl",
        "bone-age-summary.pdf",
    ]
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    again = write()
    assert again[0] == "0002_girl.pdf"
    assert "bone-age-2.xlsx" in again
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


def test_names_of_files_hold_no_patient(
    secret_case: Case, record: Record, reference: GrowthReference, tmp_path: Path
) -> None:
    (path,) = CaseReports(tmp_path, ["pdf"], reference).add(secret_case, record(secret_case))
    assert path.name == "0001.pdf"


def test_the_reports_of_a_run_can_be_stopped_between_two_files(tmp_path: Path) -> None:
    asked: list[tuple[int, int]] = []

    def twice(done: int, of: int) -> bool:
        asked.append((done, of))
        return done < 2

    run = write_run_reports([CaseRecord("a.png")], tmp_path, ("csv", "json", "xlsx", "sr"), go_on=twice)
    assert [path.name for path in run.files] == ["results.csv", "results.jsonl"]
    assert not run.is_complete
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results.csv", "results.jsonl"]
    assert asked == [(0, 3), (1, 3), (2, 3)]


def test_a_run_is_sealed_once_its_last_report_is_there(tmp_path: Path) -> None:
    sealed: list[list[str]] = []

    def seal(folder: Path) -> None:
        sealed.append(sorted(path.name for path in folder.iterdir()))

    stopped = finish_run([CaseRecord("a.png")], tmp_path, ("csv", "json"), seal=seal, go_on=lambda done, of: done < 1)
    assert (stopped.is_complete, sealed) == (False, [])
    assert finish_run([CaseRecord("a.png")], tmp_path, ("csv", "json"), seal=seal).is_complete
    assert sealed == [["results.csv", "results.jsonl"]]


def test_two_runs_into_one_folder_share_no_file(
    girl_case: Case, record: Record, reference: GrowthReference, tmp_path: Path
) -> None:
    """Both have looked into the empty folder before either writes."""
    runs = [CaseReports(tmp_path, ["pdf", "sr", "csv"], reference) for _ in range(2)]
    files = [path for run in runs for path in run.add(girl_case, record(girl_case)) + run.finish()]
    assert len(set(files)) == len(files) == 6
    assert sorted(tmp_path.iterdir()) == sorted(files)
    assert all(path.stat().st_size for path in files)


def test_a_report_that_cannot_be_written_leaves_no_name_taken(
    girl_case: Case, record: Record, reference: GrowthReference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = CaseReports(tmp_path, ["pdf", "csv"], reference)
    monkeypatch.setattr("os.replace", lambda *paths: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    for write in (lambda: reports.add(girl_case, record(girl_case)), reports.finish):
        with pytest.raises(BoneAgeError) as caught:
            write()
        assert caught.value.code == "disk_full"
    assert list(tmp_path.iterdir()) == []
