"""Options that must reach the run, and what a person must be told: no test saw it when one of them was removed."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from batches import make_films
from bone_age_gui.core.values.age import months_between
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.paths import sample_files
from bundles import make_bundle

NO_DRIVER = Fact("no_driver", {"library": "libcuda.so.1"})

Run = Callable[..., Any]


@pytest.fixture
def films(tmp_path: Path) -> Path:
    return make_films(tmp_path / "films")


@pytest.fixture
def batch(run: Run, tiny_model: Path, films: Path, tmp_path: Path) -> Run:
    """Run a batch over ``tmp_path/films`` into ``tmp_path/out``; a later option replaces an earlier one."""

    def run_batch(*arguments: object) -> Any:
        options = ("--out", tmp_path / "out", "--model", tiny_model, "--device", "cpu", "--workers", "1")
        return run("batch", films, *options, *arguments)

    return run_batch


def ages(table: Path) -> dict[str, str]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        return {row["File"]: row["Chronological age (months)"] for row in csv.DictReader(file)}


def test_folders_below_and_the_dates_of_the_table_count(batch: Run, films: Path, tmp_path: Path) -> None:
    (films / "below").mkdir()
    (films / "below" / "f.png").write_bytes((films / "c.png").read_bytes())
    table = tmp_path / "patients.csv"
    table.write_text("file,sex,birth_date,study_date\nbelow/f.png,M,2010-01-31,2020-03-01\n", encoding="utf-8")
    answer = batch("--recursive", "--patients", table)
    assert "7 films found" in answer.err
    expected = months_between(date(2010, 1, 31), date(2020, 3, 1))
    assert ages(tmp_path / "out" / "results.csv")["below/f.png"] == f"{expected:.1f}"


def test_the_summary_counts_flags_and_refusals_and_names_reports(batch: Run, tmp_path: Path) -> None:
    text = batch("--formats", "csv,json,sr").out
    record = batch("--formats", "csv,json,sr", "--resume", "--json").record
    assert sum(record["refusals"].values()) == 1
    assert sum(record["flags"].values()) == 5
    assert record["refusals"] == {"truncated": 1}
    assert "     1 refused: The file is damaged or incomplete" in text
    for flag, count in record["flags"].items():
        assert f"{count:6} {flag.replace('_', ' ')}" in text
    held = [json.loads(line)["final"] for line in (tmp_path / "out" / "results.jsonl").read_text().splitlines()]
    assert record["borderline"] == sum(final["borderline"] for final in held if final)
    assert ("borderline among these" in text) == bool(record["borderline"])
    assert "Reports: results.csv, results.jsonl, sr/" in text
    assert "... 2 more" in text


def test_an_anonymised_batch_warns_of_names_in_the_film(batch: Run) -> None:
    assert "burnt into a film" in batch("--anonymise").err


def test_a_batch_says_which_device_it_takes_and_why(batch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bone_age_gui.core.model.predictor.missing_driver", lambda: NO_DRIVER)
    refused = batch("--device", "cuda")
    assert (refused.code, "CUDA is not available" in refused.err) == (2, True)
    assert "using the CPU: no NVIDIA driver found" in batch("--device", "auto").err


def test_a_batch_asks_the_cluster_that_is_named(batch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="distributed is not installed (extra 'cluster')")
    monkeypatch.setattr("bone_age_gui.core.batch.cluster.CONNECT_SECONDS", 1.0)
    answer = batch("--scheduler", "tcp://127.0.0.1:9")
    assert answer.code == 2
    assert "cluster" in answer.err.lower()


def test_a_folder_that_cannot_be_opened_is_counted(batch: Run, films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (films / "closed").mkdir()
    scandir = os.scandir

    def refuse(path: Any = ".") -> Any:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("os.scandir", refuse)
    answer = batch("--recursive")
    assert "1 folder below could not be opened; its films are missing." in answer.err
    assert "closed" not in answer.err


def test_the_text_of_a_film_is_loud_where_a_child_needs_a_second_look(run: Run, film: Path, tiny_model: Path) -> None:
    options = ("--model", tiny_model, "--device", "cpu")
    months = run("estimate", film, "--age-months", "40", *options, "--json").record["bone_age_months"]
    words = " ".join(run("estimate", film, "--age-months", "40", *options).out.split())
    assert "Flag ADVANCED. " in words
    assert f"Difference {months - 40:+.1f} months (+" in words
    sample = " ".join(run("estimate", sample_files()[1], *options).out.split())
    assert "Doubtful This is a drawn phantom" in sample
    assert "The sex is not known" in sample


def test_the_card_tells_its_limits(run: Run, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "tiny")
    text = " ".join(run("model-info", "--model", bundle.directory).out.split())
    assert all(f"Limitation {limit}" in text for limit in bundle.card.limitations)


def test_diagnose_says_why_it_is_not_cuda_and_what_to_do(
    run: Run, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for place in ("predictor", "devices"):
        monkeypatch.setattr(f"bone_age_gui.core.model.{place}.missing_driver", lambda: NO_DRIVER)
    text = " ".join(run("diagnose", "--model", tiny_model).out.split())
    assert "Why not CUDA no NVIDIA driver found" in text
    assert "What to do Without an NVIDIA card: nothing" in text
    assert "install NVIDIA's driver" in text
