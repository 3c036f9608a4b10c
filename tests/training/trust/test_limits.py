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
from training.errors import TrainingError
from training.films.data import Label
from training.trust.certainty import coverage_lines, fit_certainty, left_out, wilson
from training.trust.command import RULES, measured_words
from training.trust.limits import fit_ends, fit_legibility, novelty_limit
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
    measures = Measures(
        sharpness=changes.get("sharpness", float(random.uniform(0.13, 0.2))),
        roughness=changes.get("roughness", 0.2),
        levels=200,
        blocks=changes.get("blocks", 1.1),
        black=changes.get("black", 0.0),
        white=0.0,
        length=changes.get("length", 100.0),
    )
    return Seen(Label(str(number), reading, is_male), None, (), measures, False, estimate, blind)


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return replace(write_bundle(tmp_path), growth_ends=None)


def test_few_films_that_are_fine_are_beyond_the_limits_and_damaged_ones_are(card: Card) -> None:
    tune = [film(number) for number in range(600)]
    own = [seen.measures for seen in tune if seen.measures is not None]
    finer = [replace(measures, roughness=0.32) for measures in own]
    both = fit_legibility(tune, {"tune": own, "finer": finer})
    assert both.refusal is not None
    assert both.doubt.most_roughness == pytest.approx(1.1 * 0.32)
    assert both.refusal.most_roughness == pytest.approx(1.331 * 0.32)
    assert (both.doubt.most_blocks, both.doubt.most_clipped) == pytest.approx((1.21, 0.0909), rel=1e-3)
    assert (both.refusal.most_blocks, both.refusal.most_clipped) == pytest.approx((1.4641, 0.2487), rel=1e-3)
    assert (both.doubt.least_length, both.refusal.least_length) == pytest.approx((90.9, 75.1), rel=1e-3)
    assert both.refusal.least_sharpness < both.doubt.least_sharpness < 0.13
    assert both.refusal.most_unsteadiness == 2 * both.doubt.most_unsteadiness
    limited = replace(
        card, quality=replace(RULES, most_novelty=novelty_limit(tune)), legibility=fit_legibility(tune, {"tune": own})
    )  # fmt: skip
    fresh = [film(1000 + number) for number in range(600)]
    assert np.mean([bool(seen.codes(limited)) for seen in fresh]) < 0.04
    assert not any(seen.refusal(limited) for seen in fresh)
    assert film(1, spread=10, novelty=1.0, sharpness=0.11).codes(limited) == ["not_sharp"]
    assert film(1, spread=10, novelty=1.0, roughness=0.23).codes(limited) == ["noisy"]
    assert film(1, spread=10, novelty=1.0, blocks=1.3).codes(limited) == ["blocks"]
    assert film(1, spread=10, novelty=1.0, black=0.15).codes(limited) == ["clipped"]
    for reason, spoilt in (
        ("noisy", {"roughness": 0.6}),
        ("not_sharp", {"sharpness": 0.08}),
        ("blocks", {"blocks": 3}),
    ):
        assert film(1, spread=10, novelty=1.0, **spoilt).refusal(limited) == f"illegible {reason}"
    assert film(1, spread=13, novelty=1.15).refusal(limited) is None
    assert film(1, spread=60, novelty=1.5).refusal(limited) == "illegible unsteady"
    assert film(1, spread=13, novelty=1.15, blocks=1.3).refusal(limited) == "illegible unsteady"
    assert film(1, spread=25, novelty=1.25).codes(limited) == ["unsteady"]
    assert film(1, spread=10, novelty=2.0).codes(limited) == ["unlike_training"]
    words = measured_words("fresh", [*fresh, replace(film(1), refused="no_hand")], limited)
    assert words.startswith("fresh (n 601): refused 0.2 % {'no_hand': 1}, doubtful ")


def test_the_interval_holds_nine_in_ten_of_each_sex_and_age_also_of_films_left_out(card: Card) -> None:
    """Estimates here are drawn to the middle, as those of networks are: high readings come out low."""
    films = [drawn_to_the_middle(number) for number in range(2400)]
    whole = replace(card, calibration=fit_certainty(card, films, "made"))
    assert whole.calibration is not None
    assert whole.calibration.holds
    fresh = [drawn_to_the_middle(number) for number in range(5000, 7400)]
    fair = left_out(card, films, "made")
    for lines in (coverage_lines("fresh", fresh, lambda _: whole), coverage_lines("own", films, fair)):
        held = {line.split(", ")[1].split("  ")[0]: float(line.split("inside")[1].split("%")[0]) for line in lines}
        assert {"all", "girls", "boys", "girls 15+ y", "boys 3-7 y", "0-3 y"} <= set(held)
        for group, percent in held.items():
            assert percent == pytest.approx(90, abs=8 if "0-3" in group else 5), group


def drawn_to_the_middle(number: int) -> Seen:
    seen = film(number)
    shift = 0.12 * (seen.label.months - 115)
    return replace(seen, label=replace(seen.label, months=seen.label.months + shift))


def test_a_film_and_its_finer_copy_are_left_out_together(card: Card) -> None:
    films = [film(number) for number in range(60)]
    fair = left_out(card, [*films, *films], "made")
    copy = replace(films[3], estimate=replace(films[3].estimate, bone_age_months=50.0))
    assert fair(copy) is fair(films[3])
    with pytest.raises(TrainingError, match="Certainty needs 20 films"):
        fit_certainty(card, films[:19], "made")


@pytest.mark.parametrize(("held", "count", "low", "high"), [(81, 100, 0.722, 0.875), (10, 10, 0.722, 1.0)])
def test_the_interval_of_a_share_is_wilsons(held: int, count: int, low: float, high: float) -> None:
    assert wilson(held, count) == pytest.approx((low, high), abs=0.001)


def test_the_ends_come_from_the_readings_of_each_sex(card: Card) -> None:
    random = np.random.default_rng(2)
    girls = [Label(str(n), float(m), False) for n, m in enumerate(random.uniform(30, 190, 3000))]
    boys = [Label(str(n), float(m), True) for n, m in enumerate(random.uniform(50, 210, 3000))]
    ends = fit_ends([*girls, *boys], (24.0, 216.0))
    assert ends.at_least_months["F"] == pytest.approx(187, abs=1)
    assert ends.at_least_months["M"] == pytest.approx(207, abs=1)
    assert ends.at_most_months == {"F": 24.0, "M": 48.0}
    assert fit_ends(girls, (24.0, 216.0)).at_least_months["M"] == 216.0
    alone = fit_ends([*girls, Label("x", 90.0, True)], (24.0, 216.0))
    assert (alone.at_most_months["M"], alone.at_least_months["M"]) == (24.0, 216.0)
    limited = replace(card, growth_ends=ends)
    mature = replace(film(0).estimate, bone_age_months=195.0)
    assert replace(film(0), estimate=mature).under(limited).end is GrowthEnd.AT_LEAST
