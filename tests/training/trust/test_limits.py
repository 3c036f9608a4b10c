"""Limits fitted on films that are fine: what is beyond them, and how wide intervals become."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bone_age_gui.core.legibility import Measures
from bone_age_gui.core.model.card import Card
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.types import Sex
from bundles import write_bundle
from training.films.data import Label
from training.trust.command import RULES, measured_words
from training.trust.limits import fit_certainty, fit_ends, fit_legibility, novelty_limit
from training.trust.seen import Seen
from windows import make_estimate

MONTHS = np.arange(241)


def chances(middle: float, spread: float) -> np.ndarray:
    values = np.exp(-0.5 * ((MONTHS - middle) / spread) ** 2)
    return (values / values.sum()).astype(np.float32)


def film(number: int, **changes: float) -> Seen:
    """A film whose reading misses the estimate by chance; girls are missed by twice as much as boys."""
    random = np.random.default_rng(number)
    is_male, months = number % 2 == 1, float(random.uniform(30, 200))
    spread = changes.get("spread", float(random.uniform(8, 12)))
    reading = months + float(random.normal(0, 5 if is_male else 10))
    sex = Sex.MALE if is_male else Sex.FEMALE
    estimate = make_estimate(
        bone_age_months=months, sex=sex, distribution=chances(months, spread),
        novelty=changes.get("novelty", float(random.uniform(0.8, 1.2))),
    )  # fmt: skip
    blind = replace(estimate, sex=None, distribution=chances(months, 1.5 * spread))
    measures = Measures(changes.get("sharpness", float(random.uniform(0.13, 0.2))), changes.get("roughness", 0.2), 200)
    return Seen(Label(str(number), reading, is_male), None, (), measures, False, estimate, blind)


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return replace(write_bundle(tmp_path), growth_ends=None)


def test_few_films_that_are_fine_are_beyond_the_limits_and_damaged_ones_are(card: Card) -> None:
    tune = [film(number) for number in range(600)]
    limited = replace(
        card, quality=replace(RULES, most_novelty=novelty_limit(tune)), legibility=fit_legibility(tune, {"made": [m for seen in tune if (m := seen.measures) is not None]})
    )  # fmt: skip
    fresh = [film(1000 + number) for number in range(600)]
    assert np.mean([bool(seen.codes(limited)) for seen in fresh]) < 0.04
    assert film(1, spread=10, novelty=1.0, sharpness=0.08).codes(limited) == ["not_sharp"]
    assert film(1, spread=10, novelty=1.0, roughness=0.6).codes(limited) == ["noisy"]
    assert film(1, spread=25, novelty=1.25).codes(limited) == ["unsteady"]
    assert film(1, spread=10, novelty=2.0).codes(limited) == ["unlike_training"]
    words = measured_words("fresh", [*fresh, replace(film(1), refused="no_hand")], limited)
    assert words.startswith("fresh (n 601): refused 0.2 % {'no_hand': 1}, doubtful ")


def test_the_interval_holds_nine_in_ten_of_each_sex(card: Card) -> None:
    fitted = replace(card, calibration=fit_certainty(card, [film(number) for number in range(2000)]))
    assert fitted.calibration is not None
    assert fitted.calibration.holds
    for is_male in (False, True):
        fresh = [seen for number in range(5000, 7000) if (seen := film(number)).label.male is is_male]
        inside = []
        for seen in fresh:
            interval = seen.under(fitted).interval_months
            assert interval is not None
            inside.append(interval[0] <= seen.label.months <= interval[1])
        assert np.mean(inside) == pytest.approx(0.9, abs=0.04)


def test_the_ends_come_from_the_readings_of_each_sex(card: Card) -> None:
    random = np.random.default_rng(2)
    girls = [Label(str(n), float(m), False) for n, m in enumerate(random.uniform(30, 190, 3000))]
    boys = [Label(str(n), float(m), True) for n, m in enumerate(random.uniform(50, 210, 3000))]
    ends = fit_ends([*girls, *boys], (24.0, 216.0))
    assert ends.at_least_months["F"] == pytest.approx(187, abs=1)
    assert ends.at_least_months["M"] == pytest.approx(207, abs=1)
    assert ends.at_most_months == {"F": 24.0, "M": 48.0}
    assert fit_ends(girls, (24.0, 216.0)).at_least_months["M"] == 216.0
    limited = replace(card, growth_ends=ends)
    mature = replace(film(0).estimate, bone_age_months=195.0)
    assert replace(film(0), estimate=mature).under(limited).end is GrowthEnd.AT_LEAST
