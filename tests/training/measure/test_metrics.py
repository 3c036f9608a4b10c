"""Scores against values worked out by hand, and bootstrap intervals against theory."""

from __future__ import annotations

import numpy as np
import pytest

from bone_age_gui.core.model.card import GroupMetrics
from training.measure.metrics import bootstrap_mean, limits_of_agreement, paired_bootstrap, score


def test_scores_of_four_films_by_hand() -> None:
    result = score([30.0, 90.0, 150.0, 190.0], [24.0, 96.0, 132.0, 220.0], ["F", "M", "F", None], "four")
    assert result.n == 4
    assert result.mae_months == 15
    assert result.bias_months == -3
    assert result.rmse_months == pytest.approx(np.sqrt((36 + 36 + 324 + 900) / 4))
    assert (result.within_6, result.within_12, result.within_24) == (50, 50, 75)
    spread = np.std([6, -6, 18, -30], ddof=1)
    assert result.limits_of_agreement == pytest.approx((-3 - 1.96 * spread, -3 + 1.96 * spread))
    girls = result.by_sex["female"]
    assert (girls.n, girls.mae_months, girls.bias_months, girls.mae_ci95) == (2, 12, 12, (6, 18))
    assert girls.rmse_months == pytest.approx(np.sqrt(180))
    assert (girls.within_6, girls.within_12, girls.within_24) == (50, 50, 100)
    assert result.by_sex["male"].bias_months == -6
    assert result.by_sex["unknown"].n == 1
    assert [(name, part.n) for name, part in result.by_age_band.items()] == [
        ("0-3", 1),
        ("3-7", 0),
        ("7-11", 1),
        ("11-15", 1),
        ("15+", 1),
    ]
    assert result.by_age_band["3-7"] == GroupMetrics(0, *[None] * 8)
    assert result.by_age_band["11-15"].mae_months == 18
    assert result.interval_coverage is None
    assert result.set_description == "four"


def test_a_birthday_belongs_to_the_older_band() -> None:
    result = score([36.0, 180.0], [36.0, 180.0], ["F", "M"], "")
    assert (result.by_age_band["3-7"].n, result.by_age_band["15+"].n) == (1, 1)


def test_coverage_counts_readings_inside_stated_intervals() -> None:
    intervals = [(0.0, 10.0), (10.0, 20.0), (0.0, 1.0), (30.0, 50.0)]
    args = ([1.0] * 4, [10.0, 15.0, 9.0, 40.0], ["F"] * 4, "")
    assert score(*args, intervals).interval_coverage == 75
    assert score(*args, [None, *intervals[1:]]).interval_coverage is None


def test_the_bootstrap_interval_is_that_of_the_mean() -> None:
    values = np.abs(np.random.default_rng(3).normal(0, 10, 1000))
    low, high = bootstrap_mean(values)
    error = values.std(ddof=1) / np.sqrt(1000)
    assert low == pytest.approx(values.mean() - 1.96 * error, abs=0.05)
    assert high == pytest.approx(values.mean() + 1.96 * error, abs=0.05)
    assert bootstrap_mean(values) == (low, high)


def test_two_models_that_differ_are_kept_apart() -> None:
    generator = np.random.default_rng(1)
    worse = generator.normal(0, 10, 1000)
    better = worse * 0.9
    result = paired_bootstrap(worse, better)
    assert result.n == 1000
    assert result.difference_months == pytest.approx(result.mae_first - result.mae_second)
    assert result.ci95[0] > 0
    assert result.p_value < 0.001
    opposite = paired_bootstrap(better, worse)
    assert opposite.difference_months == pytest.approx(-result.difference_months)
    assert opposite.ci95[1] < 0


def test_two_models_that_do_not_differ_are_not() -> None:
    generator = np.random.default_rng(2)
    first, second = generator.normal(0, 10, (2, 500))
    result = paired_bootstrap(first, second)
    assert result.ci95[0] < 0 < result.ci95[1]
    assert result.p_value > 0.05
    assert paired_bootstrap(first, -first).p_value == 1


def test_the_limits_of_one_film_are_its_error() -> None:
    assert limits_of_agreement(np.array([4.0])) == (4.0, 4.0)


@pytest.mark.parametrize(
    "estimates, readings", [([], []), ([1.0], [1.0, 2.0]), ([float("nan")], [1.0]), ([1.0], [float("inf")])]
)
def test_what_cannot_be_scored_is_refused(estimates: list[float], readings: list[float]) -> None:
    with pytest.raises(ValueError, match=r"finite|equal length"):
        score(estimates, readings, [None] * len(estimates), "")
