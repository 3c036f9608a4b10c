"""From the graph's raw outputs to an estimate: plausibility, calibrated uncertainty, heat map."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bone_age_gui.core.model.bundle import Bundle
from bone_age_gui.core.model.card import Calibration
from bone_age_gui.core.values.errors import BoneAgeError
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
    distribution = _distribution(outputs.get("distribution"), index)
    rule = bundle.card.calibration if distribution is not None else None
    spread, interval = _uncertainty(months, distribution, rule)
    return Estimate(
        bone_age_months=months,
        spread_months=spread,
        interval_months=interval,
        interval_level=rule.interval_level if rule is not None else None,
        sex=sex,
        device=device,
        model_name=bundle.name,
        model_version=bundle.version,
        model_sha256=bundle.sha256,
        seconds=seconds,
        novelty=_novelty(outputs.get("novelty"), index),
        distribution=distribution,
        heat_map=_heat_map(outputs.get("heat_map"), index),
    )


def _uncertainty(
    months: float, distribution: np.ndarray | None, rule: Calibration | None
) -> tuple[float | None, tuple[float, float] | None]:
    """Calibrated spread and interval in months; ``None`` without distribution or calibration."""
    if distribution is None or rule is None:
        return None, None
    spread = calibrated_spread(standard_deviation(distribution), rule)
    half = rule.interval_factor * spread
    return spread, (max(0.0, months - half), months + half)


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
    result = (chances / total).astype(np.float32)
    result.flags.writeable = False
    return result


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
