"""Where the bone age is a limit only, every door says so and nothing is predicted from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pydicom import dcmread

from bone_age_gui.core.model.certainty_card import GrowthEnds
from bundles import make_bundle
from insides import pdf_words, texts_in

Run = Callable[..., Any]
ENDS = GrowthEnds({"F": 24.0, "M": 24.0}, {"F": 188.0, "M": 204.0}, "made up")


def model(folder: Path, months: float) -> Path:
    return make_bundle(folder / f"at{months:.0f}", months=months, growth_ends=ENDS).directory


@pytest.fixture
def ask(run: Run, film: Path, tmp_path: Path) -> Run:
    """Estimate the film of a girl, 12 years old, by a model that always answers the same age."""

    def ask_here(months: float, *options: object) -> Any:
        return run("estimate", film, "--model", model(tmp_path, months), "--device", "cpu", *options)

    return ask_here


def test_the_json_has_an_open_side(ask: Run) -> None:
    mature, young, between = (ask(months, "--json", "--height-cm", "160").record for months in (195, 20, 140))
    assert (mature["at_least"], mature["at_most"], mature["interval_high_months"]) == (True, False, None)
    assert mature["interval_low_months"] < 195
    assert (mature["adult_height"]["predicted_cm"], mature["adult_height"]["reason"]) == (None, "growth_ended")
    assert mature["flag"] == "advanced"
    assert (young["at_least"], young["at_most"], young["interval_low_months"]) == (False, True, None)
    assert young["interval_high_months"] > 20
    assert (between["at_least"], between["at_most"]) == (False, False)
    assert None not in (between["interval_low_months"], between["interval_high_months"])
    assert between["adult_height"]["predicted_cm"] is not None


def test_the_terminal_says_at_least(ask: Run) -> None:
    words = " ".join(ask(195).out.split())
    assert "Bone age skeletally mature: at least 16 y 3 m (195.0 months)" in words
    assert "90 % interval from 15 y" in words
    assert "Difference at least +" in words


def test_every_report_says_at_least(ask: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert ask(195, "--report", out, "--formats", "pdf,sr,json,xlsx").code == 0
    files = {path.suffix: path for path in out.rglob("*") if path.is_file()}
    words = " ".join(pdf_words(files[".pdf"].read_bytes()))
    assert "Skeletally mature: at least 16 y 3 m" in words
    assert "% of the film kept" in words, "no ligature hides a letter from a search"
    report = dcmread(next(path for path in out.rglob("*.dcm") if dcmread(path).Modality == "SR"))
    assert "AT-LEAST" in str(report)
    assert any("keletally mature: at least 16 y 3 m" in text for text in texts_in(Path(report.filename)))
    assert "Range of Upper Measurement Uncertainty" not in str(report)
    rows = [json.loads(line) for line in next(out.rglob("*.jsonl")).read_text().splitlines()]
    assert rows[0]["at_least"] is True
    sheet = load_workbook(files[".xlsx"]).worksheets[0]
    assert any(cell.value == "at least" for row in sheet.iter_rows() for cell in row)
