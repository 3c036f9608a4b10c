"""A reference of one's own, and cut-offs, through the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui import paths
from bone_age_gui.core.growth import BRUSH

Run = Callable[..., Any]
MINE, CHILDREN = "Our own clinic", "412 children of one town, 2019 to 2024"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The shipped table with other names and SDs twice as large, as an editor on Windows writes it."""
    data = json.loads((paths.growth_dir() / BRUSH).read_text(encoding="utf-8"))
    data |= {"name": f"{MINE}\n", "population": CHILDREN.replace(" ", "\x1b", 1)}
    for sex in ("male", "female"):
        data[sex] = [{**row, "sd": 2 * row["sd"]} for row in data[sex]]
    path = tmp_path / "own.json"
    path.write_text(json.dumps(data), encoding="utf-8-sig")
    return path


def test_a_reference_of_ones_own_is_used_and_named(estimate: Run, film: Path, own: Path) -> None:
    (brush,) = estimate(film).records
    (mine,) = estimate(film, "--reference", own).records
    assert (brush["reference_name"], mine["reference_name"]) == ("Brush Foundation", MINE)
    assert "Cleveland" in brush["reference_population"]
    assert mine["reference_population"] == CHILDREN
    assert mine["sd_months"] == pytest.approx(2 * brush["sd_months"])
    assert mine["reference_mean_months"] == brush["reference_mean_months"] == brush["brush_mean_months"]
    assert mine["brush_mean_months"] is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"unit": "years"}, "unit is not months"),
        ({"population": ""}, "'population' is empty"),
        ({"name": "x" * 300}, "longer than 200"),
        ({"male": [{"ca": 3, "mean": 3, "sd": 1e-300}, {"ca": 6, "mean": 6, "sd": 1}]}, "an SD is not positive"),
        ({"extra": 1}, "exactly the fields"),
    ],
)
def test_a_reference_that_cannot_be_used_is_refused_before_any_film(
    estimate: Run, film: Path, own: Path, change: dict[str, Any], words: str
) -> None:
    own.write_text(json.dumps(json.loads(own.read_text(encoding="utf-8-sig")) | change), encoding="utf-8")
    answer = estimate(film, "--reference", own)
    assert answer.code == 2
    assert words in answer.err
    assert "Correct the file if it is your own" in answer.err
    assert not answer.out


def test_a_batch_takes_it_too_and_cannot_be_continued_with_another(
    run: Run, film: Path, own: Path, tiny_model: Path, tmp_path: Path
) -> None:
    given = ("batch", film.parent, "--out", tmp_path / "out", "--formats", "json", "--model", tiny_model,
             "--device", "cpu", "--workers", "1")  # fmt: skip
    limits = ("--firm-below", "10", "--firm-above", "90", "--threshold-sd", "1,5")
    assert run(*given, "--reference", own, *limits).code == 0
    (line,) = (tmp_path / "out" / "results.jsonl").read_text(encoding="ascii").splitlines()
    row = json.loads(line)
    assert (row["reference_name"], row["normal_below"], row["beyond_above"]) == (MINE, 0.1, 0.9)
    assert row["threshold_sd"] == 1.5
    answer = run(*given, "--resume")
    assert answer.code == 2
    assert "the reference of bone ages" in answer.err
    assert "the cut-offs of the flag" in answer.err
    assert "the limit in SD" in answer.err


@pytest.mark.parametrize(
    ("option", "text", "words"),
    [
        ("--firm-below", "60", "is not a percentage from"),
        ("--firm-above", "40", "is not a percentage from"),
        ("--firm-below", "many", "is not a percentage from"),
        ("--threshold-sd", "0.5", "is not a number of SD from 1 to 3"),
        ("--threshold-sd", "nan", "is not a number of SD from 1 to 3"),
    ],
)
def test_limits_out_of_range_are_wrong_usage(estimate: Run, film: Path, option: str, text: str, words: str) -> None:
    answer = estimate(film, option, text)
    assert answer.code == 2
    assert words in answer.err


def test_the_limit_and_the_demand_of_the_sex(
    estimate: Run, run: Run, film: Path, picture: Path, tiny_model: Path, tmp_path: Path
) -> None:
    (wide,) = estimate(film, "--threshold-sd", "3").records
    assert wide["threshold_sd"] == 3
    assert wide["normal_high_months"] - wide["chronological_age_months"] == pytest.approx(3 * wide["sd_months"])
    answer = estimate(film, picture, "--demand-sex")
    known, unknown = answer.records
    assert answer.code == 3
    assert (known["error"], unknown["error"]["code"]) == (None, "sex_demanded")
    assert unknown["bone_age_months"] is None
    assert "--sex F" in run("estimate", picture, "--demand-sex", "--model", tiny_model, "--device", "cpu").err
    assert estimate(picture, "--demand-sex", "--sex", "F", "--age-months", "120").code == 0
    films = tmp_path / "films"
    films.mkdir()
    for number, path in enumerate((film, picture)):
        shutil.copyfile(path, films / f"{number}{path.suffix}")
    given = ("batch", films, "--out", tmp_path / "out", "--formats", "json", "--model", tiny_model,
             "--device", "cpu", "--workers", "1")  # fmt: skip
    assert run(*given, "--demand-sex").code == 3
    lines = (tmp_path / "out" / "results.jsonl").read_text(encoding="ascii").splitlines()
    assert [(json.loads(line)["error"] or {}).get("code") for line in lines] == [None, "sex_demanded"]
    assert "the demand of the sex" in run(*given, "--resume").err
