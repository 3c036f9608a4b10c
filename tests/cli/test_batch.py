"""``bone-age batch`` as it is used: reports, exit codes, mistakes, privacy."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from batches import make_films
from bundles import make_bundle

FORMATS = {"csv", "xlsx", "pdf", "json", "sr"}


@pytest.fixture
def batch(run: Callable[..., Any], tiny_model: Path, tmp_path: Path) -> Callable[..., Any]:
    """Run a batch over ``tmp_path/films`` into ``tmp_path/out``."""

    def run_batch(*arguments: object, out: str = "out") -> Any:
        options = ("--out", tmp_path / out, "--model", tiny_model, "--device", "cpu", "--workers", "1")
        return run("batch", tmp_path / "films", *options, *arguments)

    return run_batch


@pytest.fixture
def films(tmp_path: Path) -> Path:
    return make_films(tmp_path / "films")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_folder_becomes_reports_of_every_kind(batch: Callable[..., Any], films: Path, tmp_path: Path) -> None:
    answer = batch("--formats", "csv,xlsx,pdf,json,sr", "--json")
    assert answer.code == 3
    summary = answer.record
    assert (summary["films"], summary["estimated"], summary["refused"], summary["from_earlier_run"]) == (6, 5, 1, 0)
    assert sum(path.startswith("sr/") for path in summary["reports"]) == 5
    assert all((tmp_path / "out" / path).stat().st_size > 0 for path in summary["reports"])
    table = rows(tmp_path / "out" / "results.csv")
    assert [row["File"] for row in table] == ["1.2.840.9", "a.dcm", "b.dcm", "c.png", "d.jpg", "e.png"]
    lines = (tmp_path / "out" / "results.jsonl").read_text(encoding="ascii").splitlines()
    assert [json.loads(line)["path"] for line in lines] == [row["File"] for row in table]
    assert not list((tmp_path / "out").glob(".*"))


def test_all_estimated_is_exit_code_0_and_the_summary_is_text(batch: Callable[..., Any], films: Path) -> None:
    (films / "e.png").unlink()
    answer = batch()
    assert answer.code == 0
    assert "5 of 5 films estimated, 0 refused." in answer.out
    assert "research" in answer.out
    assert "films/s" in answer.err


def test_the_reports_tell_how_far_they_are(
    batch: Callable[..., Any], films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bone_age_gui.cli.batch.TELL_SECONDS", 0.0)
    answer = batch("--formats", "csv,sr")
    assert "bone-age: writing the reports: 0 of 6\n" in answer.err
    assert "bone-age: writing the reports: 5 of 6\n" in answer.err


def test_a_second_run_needs_resume_and_computes_nothing(batch: Callable[..., Any], films: Path, tmp_path: Path) -> None:
    batch("--formats", "sr")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out" / "sr").iterdir()}
    refused = batch()
    assert (refused.code, "--resume" in refused.err) == (2, True)
    again = batch("--resume", "--json", "--formats", "csv,sr")
    assert (again.code, again.record["from_earlier_run"], again.record["films_per_second"]) == (3, 6, None)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out" / "sr").iterdir()} == before


def test_another_model_is_refused_in_words(batch: Callable[..., Any], films: Path, tmp_path: Path) -> None:
    batch()
    other = make_bundle(tmp_path / "other", months=50.0).directory
    answer = batch("--resume", "--model", other)
    assert answer.code == 2
    assert "the model" in answer.err


def test_mistakes_of_the_table_are_told_before_anything_runs(
    batch: Callable[..., Any], films: Path, tmp_path: Path
) -> None:
    table = tmp_path / "patients.csv"
    table.write_text("file,sex,birth_date\na.dcm,X,\nb.dcm,M,1.2.2014\n", encoding="utf-8")
    answer = batch("--patients", table)
    assert answer.code == 2
    assert "line 2: 'sex'" in answer.err
    assert "line 3: 'birth_date'" in answer.err
    assert not (tmp_path / "out").exists()


def test_a_line_that_names_no_film_is_told_by_its_number(
    batch: Callable[..., Any], films: Path, tmp_path: Path
) -> None:
    table = tmp_path / "patients.csv"
    table.write_text("file,sex,age_months\nc.png,F,100\nSecretName.png,M,1\n", encoding="utf-8")
    answer = batch("--patients", table)
    assert answer.code == 3
    assert "(line 3)" in answer.err
    assert "SecretName" not in answer.err
    age = {row["File"]: row["Chronological age (months)"] for row in rows(tmp_path / "out" / "results.csv")}
    assert age["c.png"] == "100.0"


@pytest.mark.parametrize(
    "arguments",
    [("--formats", "docx"), ("--formats", ""), ("--workers", "0"), ("--workers", "65"), ("--workers", "many")],
)
def test_wrong_options_are_wrong_usage(batch: Callable[..., Any], films: Path, arguments: tuple[str, ...]) -> None:
    assert batch(*arguments).code == 2


def test_a_folder_without_films_and_one_that_is_its_own_output(batch: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    assert "No films found" in batch().err
    make_films(tmp_path / "films")
    assert "folder of their own" in batch(out="films").err


def test_the_output_folder_may_lie_inside_and_is_not_scanned(batch: Callable[..., Any], films: Path) -> None:
    first = batch("--recursive", "--json", "--formats", "sr", out="films/out")
    again = batch("--recursive", "--json", "--formats", "sr", "--resume", out="films/out")
    assert (first.record["films"], again.record["films"], again.record["from_earlier_run"]) == (6, 6, 6)


@pytest.mark.parametrize("anonymise", [False, True])
def test_no_name_is_told(batch: Callable[..., Any], films: Path, tmp_path: Path, anonymise: bool) -> None:
    (films / "Zyxwvut.png").write_bytes((films / "c.png").read_bytes())
    answer = batch("--formats", "csv,json,sr,pdf,xlsx", *(["--anonymise"] if anonymise else []))
    assert answer.code == 3
    words = ("Zyxwvut", "Secret", "QQ-4711", "20140302", "2014-03-02", str(tmp_path), "c.png")
    for text in (answer.err, answer.out):
        assert not any(word in text for word in words)
    if anonymise:
        assert "finished" in batch("--anonymise", "--resume").err
