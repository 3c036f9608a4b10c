"""Height: SD score, adult height by Bayley and Pinneau, target height by the parents."""

from __future__ import annotations

import bisect
import json
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest

from bone_age_gui import paths
from bone_age_gui.core.height import HeightTables, NoPrediction, Tempo, adult_height, target_height, tempo_of
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Patient, Sex

BOY = Patient(Sex.MALE, stated_age_months=120.0, height_cm=140.0)


@pytest.fixture(scope="module")
def tables() -> HeightTables:
    return HeightTables.load(paths.growth_dir())


def predict(patient: Patient, bone_age: float, tables: HeightTables) -> Any:
    return adult_height(patient, bone_age, tables, is_doubtful=False)


def test_the_papers_example(tables: HeightTables) -> None:
    """Boy, average, bone age 10-0, 140.0 cm: 140 / 0.784."""
    heights = predict(BOY, 120.0, tables)
    assert heights.predicted_cm == pytest.approx(140 / 0.784)
    assert (heights.percent, heights.tempo, heights.reason) == (78.4, "average", None)
    assert heights.error_cm == 8.0


@pytest.mark.parametrize(
    ("sex", "age", "bone_age", "tempo", "percent"),
    [
        (Sex.MALE, 120.0, 131.99, "average", 80.4),
        (Sex.MALE, 120.0, 132.0, "accelerated", 76.7),
        (Sex.MALE, 132.0, 120.0, "retarded", 81.2),
        (Sex.FEMALE, 120.0, 120.0, "average", 86.2),
        (Sex.FEMALE, 108.0, 120.0, "accelerated", 82.8),
        (Sex.FEMALE, 132.0, 120.0, "retarded", 87.4),
        (Sex.MALE, 120.0, 121.5, "average", 78.75),
    ],
)
def test_the_table_follows_the_difference_and_is_interpolated(
    tables: HeightTables, sex: Sex, age: float, bone_age: float, tempo: str, percent: float
) -> None:
    heights = predict(replace(BOY, sex=sex, stated_age_months=age), bone_age, tables)
    assert heights.tempo == tempo
    assert heights.percent == pytest.approx(percent, abs=0.002)
    assert heights.predicted_cm == pytest.approx(140 / (heights.percent / 100))


@pytest.mark.parametrize(
    ("patient", "bone_age", "reason"),
    [
        (replace(BOY, stated_age_months=80.0), 83.9, "outside_table"),
        (replace(BOY, stated_age_months=180.0), 157.0, "outside_table"),
        (replace(BOY, stated_age_months=216.0), 222.0, "growth_ended"),
        (replace(BOY, stated_age_months=190.0), 205.0, "growth_ended"),
        (replace(BOY, sex=None), 120.0, "sex_unknown"),
        (replace(BOY, stated_age_months=None), 120.0, "age_unknown"),
        (replace(BOY, height_cm=None, mother_cm=165.0, father_cm=180.0), 120.0, "no_height"),
    ],
)
def test_outside_the_tables_nothing_is_predicted(
    tables: HeightTables, patient: Patient, bone_age: float, reason: str
) -> None:
    heights = predict(patient, bone_age, tables)
    assert (heights.predicted_cm, heights.percent, heights.tempo) == (None, None, None)
    assert heights.reason == reason
    assert reason in set(NoPrediction)


def test_a_doubtful_film_and_ended_growth_predict_nothing(tables: HeightTables) -> None:
    doubtful = adult_height(BOY, 120.0, tables, is_doubtful=True)
    ended = adult_height(BOY, 120.0, tables, is_doubtful=False, has_ended=True)
    assert doubtful is not None
    assert ended is not None
    assert (doubtful.predicted_cm, doubtful.reason) == (None, "doubtful")
    assert (ended.predicted_cm, ended.reason) == (None, "growth_ended")
    assert doubtful.height_sd_score is not None


def test_nothing_known_is_nothing_said(tables: HeightTables) -> None:
    assert predict(replace(BOY, height_cm=None, mother_cm=160.0), 120.0, tables) is None


def test_target_height_is_tanners(tables: HeightTables) -> None:
    assert target_height(Sex.MALE, 165.0, 180.0) == 179.0
    assert target_height(Sex.FEMALE, 165.0, 180.0) == 166.0
    heights = predict(replace(BOY, mother_cm=165.0, father_cm=180.0), 120.0, tables)
    assert (heights.target_low_cm, heights.target_cm, heights.target_high_cm) == (170.5, 179.0, 187.5)


def test_a_year_is_the_limit_of_average() -> None:
    assert [tempo_of(120.0, age) for age in (108.0, 108.1, 131.9, 132.0)] == [
        Tempo.ACCELERATED, Tempo.AVERAGE, Tempo.AVERAGE, Tempo.RETARDED,
    ]  # fmt: skip


def second_opinion(rows: list[list[float]], months: float, height: float) -> float:
    """The SD score another way: by the share of children that are smaller, in exact fractions up to the power."""
    place = bisect.bisect_right([row[0] for row in rows], months) - 1
    if place == len(rows) - 1:
        place -= 1
    low, high = (list(map(Fraction, row)) for row in rows[place : place + 2])
    share = (Fraction(months) - low[0]) / (high[0] - low[0])
    power, median, spread = (float(low[index] + (high[index] - low[index]) * share) for index in (1, 2, 3))
    smaller = NormalDist().cdf(((height / median) ** power - 1) / power / spread)
    return NormalDist().inv_cdf(smaller)


@pytest.mark.parametrize("name", ["cdc2000", "who2007"])
@pytest.mark.parametrize("sex", list(Sex))
def test_sd_scores_agree_with_a_second_implementation(tables: HeightTables, name: str, sex: Sex) -> None:
    file = {"cdc2000": "height_cdc2000.json", "who2007": "height_who2007.json"}[name]
    rows = json.loads((paths.growth_dir() / file).read_text())["male" if sex is Sex.MALE else "female"]
    reference = tables.references[name]
    compared = 0
    for months in (61.0, 72.3, 100.0, 120.5, 133.33, 150.0, 181.7, 204.0, 228.0):
        median = second_median(rows, months)
        for factor in (0.86, 0.95, 1.0, 1.04, 1.12):
            score = reference.sd_score(sex, months, median * factor)
            assert score == pytest.approx(second_opinion(rows, months, median * factor), abs=0.005)
            compared += 1
    assert compared == 45


def second_median(rows: list[list[float]], months: float) -> float:
    before = max((row for row in rows if row[0] <= months), key=lambda row: row[0])
    after = min((row for row in rows if row[0] >= months), key=lambda row: row[0])
    return (before[2] + after[2]) / 2


def test_the_median_has_the_score_zero_and_there_is_none_outside(tables: HeightTables) -> None:
    who, cdc = tables.references["who2007"], tables.references["cdc2000"]
    assert who.sd_score(Sex.MALE, 228.0, 176.5432) == pytest.approx(0, abs=1e-9)
    assert cdc.sd_score(Sex.MALE, 120.0, 138.62) == pytest.approx(0, abs=0.005)
    assert who.sd_score(Sex.MALE, 60.9, 110.0) is None
    assert who.sd_score(Sex.MALE, 228.1, 176.0) is None
    assert cdc.sd_score(None, 120.0, 140.0) is None
    assert cdc.sd_score(Sex.MALE, float("nan"), 140.0) is None


def test_the_choice_of_the_reference_counts(tables: HeightTables) -> None:
    cdc = predict(BOY, 120.0, tables)
    who = predict(BOY, 120.0, replace(tables, chosen="who2007"))
    assert (cdc.height_reference, who.height_reference) == ("CDC 2000", "WHO 2007")
    assert cdc.height_sd_score != who.height_sd_score


@pytest.mark.parametrize(
    ("file", "change", "code"),
    [
        ("bayley_pinneau.json", lambda data: data.pop("boys_average"), "growth_broken"),
        ("bayley_pinneau.json", lambda data: data["boys_average"].update({"7-0": 200}), "growth_broken"),
        ("bayley_pinneau.json", lambda data: data["boys_average"].update({"seven": 70}), "growth_broken"),
        ("height_cdc2000.json", lambda data: data["male"][3].pop(), "growth_broken"),
        ("height_cdc2000.json", lambda data: data["female"].reverse(), "growth_broken"),
        ("height_who2007.json", lambda data: data.update(columns=["months"]), "growth_broken"),
        ("height_who2007.json", None, "growth_missing"),
    ],
)
def test_a_broken_table_is_refused(tmp_path: Path, file: str, change: Any, code: str) -> None:
    folder = tmp_path / "growth"
    shutil.copytree(paths.growth_dir(), folder)
    path = folder / file
    if change is None:
        path.unlink()
    else:
        data = json.loads(path.read_text())
        change(data)
        path.write_text(json.dumps(data))
    with pytest.raises(BoneAgeError) as caught:
        HeightTables.load(folder)
    assert caught.value.code == code
