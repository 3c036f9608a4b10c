"""Adult height on the command line: text, JSON and every report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset, dcmread

from films import hand_like, write_dicom
from insides import pdf_texts

Run = Callable[..., Any]


@pytest.fixture(scope="session")
def measured_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film whose tags hold a height of 1.40 m."""
    return write_dicom(tmp_path_factory.mktemp("tall") / "tall.dcm", hand_like(), PatientSize="1.4")


def numbers(report: Dataset) -> dict[str, tuple[float, str]]:
    """Every measurement and its unit, by code."""
    items = list(report.get("ContentSequence", []))
    measured: dict[str, tuple[float, str]] = {}
    while items:
        item = items.pop()
        items += item.get("ContentSequence", [])
        if item.ValueType == "NUM":
            value = item.MeasuredValueSequence[0]
            unit = value.MeasurementUnitsCodeSequence[0].CodeValue
            measured[item.ConceptNameCodeSequence[0].CodeValue] = (float(value.NumericValue), unit)
    return measured


def test_the_height_comes_from_the_tags_and_is_replaced(estimate: Run, measured_film: Path) -> None:
    tagged, typed = estimate(measured_film).record, estimate(measured_film, "--height-cm", "135").record
    assert tagged["adult_height"]["height_cm"] == pytest.approx(140)
    assert typed["adult_height"]["height_cm"] == 135
    for record in (tagged, typed):
        heights = record["adult_height"]
        assert heights["reason"] is None
        assert heights["predicted_cm"] == pytest.approx(heights["height_cm"] / heights["percent"] * 100)


def test_parents_give_a_target_without_a_height(estimate: Run, film: Path) -> None:
    heights = estimate(film, "--mother-cm", "165", "--father-cm", "180").record["adult_height"]
    assert (heights["target_low_cm"], heights["target_cm"], heights["target_high_cm"]) == (157.5, 166.0, 174.5)
    assert (heights["predicted_cm"], heights["reason"]) == (None, "no_height")


def test_the_reference_of_the_height_can_be_chosen(estimate: Run, film: Path) -> None:
    cdc = estimate(film, "--height-cm", "150").record["adult_height"]
    who = estimate(film, "--height-cm", "150", "--height-reference", "who2007").record["adult_height"]
    assert (cdc["height_reference"], who["height_reference"]) == ("CDC 2000", "WHO 2007")
    assert cdc["height_sd_score"] != who["height_sd_score"]
    assert cdc["predicted_cm"] == who["predicted_cm"]


def test_without_any_height_nothing_is_said(estimate: Run, run: Run, film: Path, tiny_model: Path) -> None:
    assert estimate(film).record["adult_height"] is None
    assert "height" not in run("estimate", film, "--model", tiny_model, "--device", "cpu").out


def test_a_film_of_another_body_part_predicts_nothing(estimate: Run, tmp_path: Path) -> None:
    foot = write_dicom(tmp_path / "foot.dcm", hand_like(), PatientSize="1.4", body_part="FOOT")
    heights = estimate(foot).record["adult_height"]
    assert (heights["predicted_cm"], heights["reason"]) == (None, "doubtful")


def test_a_size_that_no_one_has_is_left_out_with_a_notice(estimate: Run, tmp_path: Path) -> None:
    odd = write_dicom(tmp_path / "odd.dcm", hand_like(), PatientSize="140")
    record = estimate(odd).record
    assert record["adult_height"] is None
    assert "height" in [notice["code"] for notice in record["notices"]]


@pytest.mark.parametrize("text", ["tall", "12", "400", "-5", "nan", "4'13"])
def test_what_is_no_height_is_told(estimate: Run, film: Path, text: str) -> None:
    answer = estimate(film, f"--height-cm={text}")
    assert answer.code == 2
    assert f"'{text}' is not a height from 30 to 250 cm" in answer.err


def test_the_text_says_it_with_its_limits(run: Run, measured_film: Path, tiny_model: Path) -> None:
    answer = run("estimate", measured_film, "--model", tiny_model, "--device", "cpu", "--mother-cm", "165",
                 "--father-cm", "5'11\"")  # fmt: skip
    said = " ".join(answer.out.split())
    for words in (
        "Height 140.0 cm (",
        "SD, CDC 2000)",
        "predicted by Bayley and Pinneau",
        "% reached",
        "bone dysplasia",
        "Target height 166.2 cm",
    ):
        assert words in said


def test_every_report_holds_it(estimate: Run, measured_film: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    answer = estimate(measured_film, "--mother-cm", "165", "--father-cm", "180", "--report", out, "--formats",
                      "pdf,sr,json,csv,xlsx")  # fmt: skip
    heights = answer.record["adult_height"]
    said = " ".join(" ".join(pdf_texts((out / "0001_tall.pdf").read_bytes())).split())
    assert f"{heights['predicted_cm']:.1f} cm predicted by Bayley and Pinneau" in said
    assert "constitutional delay" in said
    assert f"Predicted adult height {heights['predicted_cm']:.1f} cm" in said  # on the chart
    measured = numbers(dcmread(out / "0001_tall_sr.dcm"))
    assert measured["8302-2"] == (140.0, "cm")
    assert measured["ADULT-HEIGHT"] == (pytest.approx(heights["predicted_cm"], abs=0.001), "cm")
    assert measured["TARGET-HEIGHT"] == (166.0, "cm")
    assert measured["HEIGHT-PERCENT"] == (pytest.approx(heights["percent"], abs=0.001), "%")
    assert measured["HEIGHT-SD"][1] == "1"
    (line,) = (out / "bone-age.jsonl").read_text(encoding="ascii").splitlines()
    assert json.loads(line)["adult_height"] == heights
    assert "Adult height" in (out / "bone-age.csv").read_text(encoding="utf-8-sig")


def test_a_batch_takes_heights_from_table_and_tags(
    run: Run, tiny_model: Path, measured_film: Path, tmp_path: Path
) -> None:
    films = tmp_path / "films"
    films.mkdir()
    for name in ("a.dcm", "b.dcm"):
        (films / name).write_bytes(measured_film.read_bytes())
    table = tmp_path / "patients.csv"
    table.write_text("file,height_cm,mother_cm,father_cm\nb.dcm,135,165,180\n", encoding="utf-8")
    options = ("--formats", "json", "--model", tiny_model, "--device", "cpu", "--workers", "1", "--patients", table)
    answer = run("batch", films, "--out", tmp_path / "out", *options, "--height-reference", "who2007")
    assert answer.code == 0
    text = (tmp_path / "out" / "results.jsonl").read_text(encoding="ascii")
    tagged, listed = (json.loads(line)["adult_height"] for line in text.splitlines())
    assert (tagged["height_cm"], tagged["target_cm"], tagged["height_reference"]) == (140.0, None, "WHO 2007")
    assert (listed["height_cm"], listed["target_cm"]) == (135.0, 166.0)
    assert listed["predicted_cm"] == pytest.approx(135 / listed["percent"] * 100)
    again = run("batch", films, "--out", tmp_path / "out", *options, "--resume")
    assert again.code == 2
    assert "the reference of heights changed" in again.err
    table.write_text("file,height_cm\nb.dcm,3\n", encoding="utf-8")
    wrong = run("batch", films, "--out", tmp_path / "other", *options)
    assert wrong.code == 2
    assert "line 2: 'height_cm' is not a height from 30 to 250 cm" in wrong.err
