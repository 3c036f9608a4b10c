"""Factors by sex and estimate, and the ends of the ages that can be told apart."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from bone_age_gui.core.model.certainty_card import Calibration, FactorAt, GrowthEnds
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.types import Sex
from bundles import make_bundle

FACTORS = (FactorAt("F", 60.0, 2.0, 10.0), FactorAt("F", 120.0, 1.0, 10.0))
RULE = Calibration(1.0, 2.0, 0.9, 1.7, "tune", 500, FACTORS, "one reading")
ENDS = GrowthEnds({"F": 24.0, "M": 30.0}, {"F": 188.0, "M": 204.0}, "made up")


@pytest.mark.parametrize(("months", "factor"), [(0, 2.0), (60, 2.0), (90, 1.5), (120, 1.0), (240, 1.0)])
def test_the_factor_runs_from_node_to_node(months: float, factor: float) -> None:
    assert RULE.factor(months, "F") == pytest.approx(factor)


def test_without_nodes_or_sex_all_films_factor_counts() -> None:
    assert (RULE.factor(90, "M"), RULE.factor(90, None)) == (1.7, 1.7)


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
