"""Every format is written and nothing over an older file; names of files hold no patient."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case
from bone_age_gui.report.case_files import FORMATS, CaseReports
from bone_age_gui.report.run_files import write_reports

Record = Callable[[Case], CaseRecord]


def test_every_format_is_written_and_nothing_is_overwritten(
    girl_case: Case, refused_case: Case, record: Record, reference: GrowthReference, tmp_path: Path
) -> None:
    def write() -> list[str]:
        reports = CaseReports(tmp_path, tuple(FORMATS), reference)
        files = reports.add(girl_case, record(girl_case)) + reports.add(refused_case, record(refused_case))
        return [path.name for path in files + reports.finish()]

    assert write() == [
        "0001_girl.pdf",
        "0001_girl_sr.dcm",
        "0001_girl_pdf.dcm",
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

    files = write_reports([CaseRecord("a.png")], tmp_path, ("csv", "json", "xlsx", "sr"), go_on=twice)
    assert [path.name for path in files] == ["results.csv", "results.jsonl"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results.csv", "results.jsonl"]
    assert asked == [(0, 3), (1, 3), (2, 3)]
