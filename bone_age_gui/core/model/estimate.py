"""From the graph's raw outputs to an estimate: plausibility, calibrated uncertainty, heat map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from bone_age_gui.core.model.bundle import Bundle
from bone_age_gui.core.model.card import Card
from bone_age_gui.core.model.certainty_card import Calibration
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.growth_end import opened
from bone_age_gui.core.values.types import Estimate, Sex


def make_estimate(
    bundle: Bundle, outputs: Mapping[str, np.ndarray], index: int, sex: Sex | None, device: str, seconds: float
) -> Estimate:
    """Estimate of film ``index`` of a batch.

    Parameters
    ----------
    outputs : mapping
        Outputs of the graph by name: ``bone_age_months`` (n,), and where the bundle has them
        ``distribution`` (n, months), ``heat_map`` (n, h, w).
    seconds : float
        Time of inference for this film.

    Raises
    ------
    BoneAgeError
        ``implausible_answer`` if it is not finite, outside the card's limits, or its distribution is none.
    """
    months = float(outputs["bone_age_months"][index])
    low, high = bundle.card.limits.output_months
    if not low <= months <= high:  # also catches NaN
        raise _implausible(months)
    answered = Estimate(
        bone_age_months=months,
        spread_months=None,
        interval_months=None,
        interval_level=None,
        sex=sex,
        device=device,
        model_name=bundle.name,
        model_version=bundle.version,
        model_sha256=bundle.sha256,
        learned_from=bundle.card.training.data_set,
        seconds=seconds,
        novelty=_novelty(outputs.get("novelty"), index),
        distribution=_distribution(outputs.get("distribution"), index),
        heat_map=_heat_map(outputs.get("heat_map"), index),
    )
    return with_certainty(answered, bundle.card)


def with_certainty(estimate: Estimate, card: Card) -> Estimate:
    """The estimate with what a card makes of it: spread, interval, and whether the age is a limit only."""
    rule, months, sex = card.calibration, estimate.bone_age_months, estimate.sex
    end = card.growth_ends.end_of(months, sex) if card.growth_ends is not None else None
    if estimate.distribution is None or rule is None:
        return replace(estimate, end=end)
    spread = calibrated_spread(standard_deviation(estimate.distribution), rule)
    return replace(
        estimate,
        spread_months=spread,
        interval_months=opened(rule.interval(months, spread, sex), end),
        interval_level=rule.interval_level,
        end=end,
    )


def standard_deviation(distribution: np.ndarray) -> float:
    """Standard deviation in months of probabilities over the whole months 0, 1, 2, ..."""
    months = np.arange(len(distribution), dtype=np.float64)
    chances = distribution.astype(np.float64)
    mean = float(np.sum(months * chances))
    return float(np.sqrt(np.sum((months - mean) ** 2 * chances)))


def calibrated_spread(sd_months: float, rule: Calibration) -> float:
    """Standard uncertainty in months from the distribution's standard deviation."""
    return float(np.hypot(rule.spread_scale * sd_months, rule.spread_offset_months))


def _distribution(values: np.ndarray | None, index: int) -> np.ndarray | None:
    """Probabilities over whole months from 0, read-only; refuses what is no distribution."""
    if values is None:
        return None
    chances = values[index].astype(np.float64)
    total = float(chances.sum())
    if not (np.isfinite(chances).all() and chances.min() >= 0 and abs(total - 1) < 1e-2):
        raise BoneAgeError("implausible_answer", "distribution")
    distribution = (chances / total).astype(np.float32)
    distribution.flags.writeable = False
    return distribution


def _novelty(values: np.ndarray | None, index: int) -> float | None:
    """Distance to the training films; infinite where the graph gives no number."""
    if values is None:
        return None
    distance = float(values[index])
    return distance if np.isfinite(distance) else float("inf")


def _heat_map(values: np.ndarray | None, index: int) -> np.ndarray | None:
    """How much each place weighs on the age, up or down: scaled to 0..1, read-only; ``None`` if not finite."""
    if values is None or not np.isfinite(values[index]).all():
        return None
    heat = np.abs(values[index].astype(np.float32))
    heat /= max(float(heat.max()), np.finfo(np.float32).tiny)
    heat.flags.writeable = False
    return heat


def _implausible(months: float) -> BoneAgeError:
    if np.isfinite(months):
        return BoneAgeError("implausible_answer", months=months)
    return BoneAgeError("implausible_answer", "no_number", number=str(months))  # JSON holds no such number
