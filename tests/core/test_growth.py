"""The reference table and the flag, through the real file and hand-made ones."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.values.types import Patient, Sex

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "resources" / "growth" / "brush_foundation.json"
SHARED = ROOT.parent / "shared" / "growth" / "brush_foundation.json"
GIRL_152 = Patient(sex=Sex.FEMALE, stated_age_months=152.0)


@pytest.fixture(scope="module")
def brush() -> GrowthReference:
    return GrowthReference.load(TABLE)


# --- the table ------------------------------------------------------------------------------------


def test_shipped_numbers_are_those_of_the_checked_source(data: dict[str, Any]) -> None:
    if not SHARED.is_file():
        pytest.skip("the checked table in ../shared/growth is not here")
    checked = json.loads(SHARED.read_text(encoding="utf-8"))
    assert data["male"] == checked["male"]
    assert data["female"] == checked["female"]
    assert "1959" in data["source"]


def test_every_node_is_met_exactly(brush: GrowthReference, data: dict[str, Any]) -> None:
    for sex, key in ((Sex.MALE, "male"), (Sex.FEMALE, "female")):
        for row in data[key]:
            assert brush.sd(sex, row["ca"]) == row["sd"]
            assert brush.mean(sex, row["ca"]) == row["mean"]


def test_between_nodes_the_line_is_straight(brush: GrowthReference) -> None:
    assert brush.sd(Sex.FEMALE, 150.0) == pytest.approx((10.24 + 10.67) / 2)
    assert brush.mean(Sex.MALE, 123.0) == pytest.approx(125.68 + (137.32 - 125.68) / 4)


@pytest.mark.parametrize("sex, last", [(Sex.MALE, 204.0), (Sex.FEMALE, 192.0)])
def test_nothing_is_extrapolated(brush: GrowthReference, sex: Sex, last: float) -> None:
    assert brush.range(sex) == (3.0, last)
    for months in (-1.0, 0.0, 2.999, last + 0.001, 1e9, math.inf, -math.inf, math.nan):
        assert brush.sd(sex, months) is None
        assert brush.mean(sex, months) is None
    assert brush.sd(sex, None) is None
    assert brush.sd(None, 100.0) is None


def test_band_lies_about_the_chronological_age(brush: GrowthReference) -> None:
    ages, low, high = brush.band(Sex.FEMALE, 1.5)
    assert ages.shape == low.shape == high.shape == (23,)
    np.testing.assert_allclose(high - ages, ages - low)
    assert high[-1] == pytest.approx(192 + 1.5 * 7.31)
    with pytest.raises(ValueError, match="read-only"):
        ages[0] = 0


# --- the strict loader ----------------------------------------------------------------------------
