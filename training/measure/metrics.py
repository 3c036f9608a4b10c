"""Scores of estimates against readings, with their uncertainty. Errors are estimate - reading, in months."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from bone_age_gui.core.model.card import GroupMetrics, Metrics

AGE_BANDS = ((0, 3), (3, 7), (7, 11), (11, 15), (15, math.inf))
"""Bands of the reading in years, upper end excluded."""
RESAMPLES = 10_000
SEED = 20_171_130
"""Of every bootstrap here, so that the same films always give the same interval."""
_CHUNK = 500


@dataclass(frozen=True)
class PairedDifference:
    """Two models on the same films: ``difference_months`` is MAE of the first minus MAE of the second.

    ``ci95`` is its paired bootstrap interval and ``p_value`` the two-sided chance of a difference at
    least this far from zero were there none.
    """

    n: int
    mae_first: float
    mae_second: float
    difference_months: float
    ci95: tuple[float, float]
    p_value: float


def score(
    estimates: Sequence[float] | np.ndarray,
    readings: Sequence[float] | np.ndarray,
    sexes: Sequence[str | None],
    set_description: str,
    intervals: Sequence[tuple[float, float] | None] | None = None,
) -> Metrics:
    """Score a set.

    Parameters
    ----------
    estimates, readings : array-like
        Months, shape (n,).
    sexes : sequence of str or None
        True sex of each child, ``"F"``, ``"M"`` or ``None``.
    set_description : str
        Which films, in words.
    intervals : sequence, optional
        Stated interval (low, high) of each estimate; coverage is worked out only if all have one.

    Raises
    ------
    ValueError
        If there is no film, lengths differ, or a value is not finite.
    """
    estimated, true = _paired(estimates, readings)
    errors = estimated - true
    if len(sexes) != len(errors):
        raise ValueError(f"{len(errors)} films with {len(sexes)} sexes")
    inside = _inside(true, intervals)
    return Metrics(
        **_scores(errors),
        interval_coverage=None if inside is None else _percent(inside),
        by_sex=_by_sex(errors, sexes, inside),
        by_age_band=_by_age_band(errors, true, inside),
        set_description=set_description,
    )


def bootstrap_mean(values: np.ndarray, resamples: int = RESAMPLES, seed: int = SEED) -> tuple[float, float]:
    """95 % percentile bootstrap interval of the mean of ``values`` (n,)."""
    low, high = np.percentile(_resampled_means(values, resamples, seed), [2.5, 97.5])
    return float(low), float(high)


def paired_bootstrap(first: Sequence[float] | np.ndarray, second: Sequence[float] | np.ndarray) -> PairedDifference:
    """Paired bootstrap of two lists of errors (months, signed or not) on the same films in the same order."""
    one, two = _paired(first, second)
    differences = np.abs(one) - np.abs(two)
    means = _resampled_means(differences, RESAMPLES, SEED)
    low, high = np.percentile(means, [2.5, 97.5])
    # One is added so that a chance is never said to be zero after a finite number of draws.
    beyond = min(np.count_nonzero(means <= 0), np.count_nonzero(means >= 0)) + 1
    return PairedDifference(
        n=len(differences),
        mae_first=float(np.abs(one).mean()),
        mae_second=float(np.abs(two).mean()),
        difference_months=float(differences.mean()),
        ci95=(float(low), float(high)),
        p_value=min(1.0, 2 * beyond / (len(means) + 1)),
    )


def limits_of_agreement(errors: np.ndarray) -> tuple[float, float]:
    """Bland and Altman's 95 % limits: mean -+ 1.96 SD (n - 1); of one film its error twice."""
    spread = float(errors.std(ddof=1)) if len(errors) > 1 else 0.0
    return float(errors.mean() - 1.96 * spread), float(errors.mean() + 1.96 * spread)


def band_name(band: tuple[float, float]) -> str:
    """``"3-7"``, or ``"15+"`` for the last band."""
    return f"{band[0]:g}+" if math.isinf(band[1]) else f"{band[0]:g}-{band[1]:g}"


def _paired(first: Sequence[float] | np.ndarray, second: Sequence[float] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    one, two = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if one.ndim != 1 or one.shape != two.shape or one.size == 0:
        raise ValueError(f"need two lists of equal length with at least one film, not {one.shape} and {two.shape}")
    if not (np.isfinite(one).all() and np.isfinite(two).all()):
        raise ValueError("all values must be finite")
    return one, two


def _resampled_means(values: np.ndarray, resamples: int, seed: int) -> np.ndarray:
    """Means of ``resamples`` draws with replacement, in parts that keep memory small."""
    generator = np.random.default_rng(seed)
    parts = [
        values[generator.integers(0, len(values), (min(_CHUNK, resamples - done), len(values)))].mean(axis=1)
        for done in range(0, resamples, _CHUNK)
    ]
    return np.concatenate(parts)


def _percent(hits: np.ndarray) -> float:
    return float(100 * hits.mean())


def _inside(readings: np.ndarray, intervals: Sequence[tuple[float, float] | None] | None) -> np.ndarray | None:
    """Which readings lie in their intervals, bool (n,); ``None`` unless all have one."""
    known = [interval for interval in intervals or () if interval is not None]
    if len(known) != len(readings):
        return None
    low, high = np.array(known).T
    return np.asarray((low <= readings) & (readings <= high))


def _scores(errors: np.ndarray) -> dict[str, Any]:
    """The fields that a set and its parts have in common."""
    size = np.abs(errors)
    return {
        "n": len(errors),
        "mae_months": float(size.mean()),
        "mae_ci95": bootstrap_mean(size),
        "rmse_months": float(np.sqrt(np.mean(errors**2))),
        "bias_months": float(errors.mean()),
        "limits_of_agreement": limits_of_agreement(errors),
        "within_6": _percent(size <= 6),
        "within_12": _percent(size <= 12),
        "within_24": _percent(size <= 24),
    }


def _group(errors: np.ndarray, inside: np.ndarray | None, chosen: np.ndarray) -> GroupMetrics:
    if not chosen.any():
        return GroupMetrics(0, *[None] * (len(fields(GroupMetrics)) - 1))
    return GroupMetrics(
        **_scores(errors[chosen]), interval_coverage=None if inside is None else _percent(inside[chosen])
    )


def _by_sex(errors: np.ndarray, sexes: Sequence[str | None], inside: np.ndarray | None) -> Mapping[str, GroupMetrics]:
    codes = np.array(["" if sex is None else str(sex) for sex in sexes])
    groups = {"female": "F", "male": "M"} | ({"unknown": ""} if "" in codes else {})
    return {name: _group(errors, inside, codes == code) for name, code in groups.items()}


def _by_age_band(errors: np.ndarray, readings: np.ndarray, inside: np.ndarray | None) -> Mapping[str, GroupMetrics]:
    years = readings / 12
    return {band_name(band): _group(errors, inside, (band[0] <= years) & (years < band[1])) for band in AGE_BANDS}
