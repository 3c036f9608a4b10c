"""Tails by sex and reading, and the ends of the ages that can be told apart."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bone_age_gui.core.model.card import Card
from bone_age_gui.core.model.certainty_card import Calibration, GrowthEnds, TailsAt
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.types import Sex
from bundles import make_bundle, write_bundle

TAILS = (
    TailsAt("F", 60.0, 3.0, 2.0, 10.0),
    TailsAt("F", 120.0, 1.0, 2.0, 10.0),
    TailsAt("unknown", 90.0, 1.0, 1.0, 5.0),
)
RULE = Calibration(1.0, 2.0, 0.9, 1.7, "tune", 500, TAILS, "one reading")
ENDS = GrowthEnds({"F": 24.0, "M": 30.0}, {"F": 188.0, "M": 204.0}, "made up")


@pytest.mark.parametrize("spread", [2.0, 4.5])
@pytest.mark.parametrize("months", [30.0, 60.0, 93.3, 140.0, 230.0])
def test_an_interval_holds_every_age_that_the_estimate_does_not_speak_against(months: float, spread: float) -> None:
    low, high = RULE.interval(months, spread, "F")
    assert low <= months <= high
    for reading in np.arange(0, 299, 0.25):
        below = np.interp(reading, [60, 120], [3, 1]) * spread
        speaks_for = reading - below <= months <= reading + 2 * spread
        assert speaks_for == (low <= reading <= high), reading


def test_without_tails_all_films_factor_counts_and_a_sex_that_is_not_known_has_its_own() -> None:
    assert RULE.interval(90, 2, "M") == pytest.approx((90 - 3.4, 90 + 3.4))
    assert RULE.interval(90, 2, None) == (88, 92)
    assert RULE.interval(3, 10, "M")[0] == 0


def test_a_card_of_version_5_keeps_its_factors_as_tails_of_one_length(tmp_path: Path) -> None:
    values = write_bundle(tmp_path, calibration=replace(RULE, tails=())).to_dict()
    factor = {"sex": "F", "estimate_months": 60.0, "interval_factor": 1.5, "weight": 4.0}
    del values["calibration"]["tails"]
    values["schema_version"] = 5
    values["calibration"]["factors"] = [factor]
    rule = Card.from_dict(values).calibration
    assert rule is not None
    assert rule.tails == (TailsAt("F", 60.0, 1.5, 1.5, 4.0),)
    for wrong in (3, [3], [{**factor, "sex": "X"}], [{"sex": "F"}], [{**factor, "interval_factor": None}]):
        values["calibration"]["factors"] = wrong
        with pytest.raises(BoneAgeError) as refusal:
            Card.from_dict(values)
        assert refusal.value.code == "bad_card"


@pytest.mark.parametrize(
    ("months", "sex", "end"),
    [
        (188, "F", GrowthEnd.AT_LEAST), (187.9, "F", None), (190, "M", None), (204, "M", GrowthEnd.AT_LEAST),
        (190, None, None), (205, None, GrowthEnd.AT_LEAST), (23, "F", GrowthEnd.AT_MOST), (24, "F", None),
        (25, "M", GrowthEnd.AT_MOST), (25, None, None), (10, None, GrowthEnd.AT_MOST),
    ],
)  # fmt: skip
def test_an_end_is_one_of_the_childs_sex(months: float, sex: str | None, end: GrowthEnd | None) -> None:
    assert ENDS.end_of(months, sex) is end


@pytest.mark.parametrize(
    ("months", "end", "is_open"),
    [
        (200.0, GrowthEnd.AT_LEAST, (False, True)),
        (10.0, GrowthEnd.AT_MOST, (True, False)),
        (120.0, None, (False, False)),
    ],
)
def test_an_estimate_at_an_end_is_open_there(
    tmp_path: Path, months: float, end: GrowthEnd | None, is_open: tuple[bool, bool]
) -> None:
    bundle = make_bundle(tmp_path, months=months, growth_ends=ENDS, calibration=RULE)
    estimate = Predictor(bundle, "cpu").estimate(np.zeros((1, 1, 280, 280), np.float32), Sex.FEMALE)
    assert estimate.end is end
    assert estimate.interval_months is not None
    assert tuple(math.isinf(side) for side in estimate.interval_months) == is_open
    assert estimate.bone_age_months == pytest.approx(months)
