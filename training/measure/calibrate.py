"""Calibration of a network's spread and interval, fitted on films that it was not trained on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from bone_age_gui.core.model.certainty_card import Calibration, TailsAt

LEVEL = 0.9
NODES = tuple(float(months) for months in range(12, 229, 12))
"""Readings in months at which the tails stand; between them they are interpolated."""
REACH = 12.0
"""Films weigh on a node by a normal curve with this deviation, months."""
SHARED = 10.0
"""Weight of all films of a sex beside those about a node: few films alone would follow chance."""
LEAST_TAIL = 0.01
"""An estimate always speaks for its own age."""
HOLDS = "the one reading that each film of the data set has, by one radiologist; others scatter about it"
_LARGEST_SCALE = 5.0
_LARGEST_OFFSET = 40.0
_STEPS = 41
_ROUNDS = 6


def fit_calibration(
    sd: Sequence[float] | np.ndarray, errors: Sequence[float] | np.ndarray, fitted_on: str, level: float = LEVEL
) -> Calibration:
    """Fit spread = sqrt((a * sd)^2 + b^2) by the normal likelihood of the errors, then the interval's factor.

    Parameters
    ----------
    sd : array-like
        Standard deviation of each distribution, months, shape (n,).
    errors : array-like
        Estimate - reading, months, shape (n,).
    fitted_on : str
        Which films, in words.

    The factor is the ``level`` quantile of |error| / spread with the finite-sample correction of split conformal
    prediction, so that new films of the same kind fall inside at least as often. ``ValueError`` below 20 films.
    """
    widths, misses = np.asarray(sd, np.float64), np.abs(np.asarray(errors, np.float64))
    if widths.shape != misses.shape or widths.ndim != 1 or len(widths) < 20:
        raise ValueError(f"need two lists of at least 20 films, not {widths.shape} and {misses.shape}")
    scale, offset = _most_likely(widths, misses)
    ratios = np.sort(misses / np.hypot(scale * widths, offset))
    rank = min(len(ratios), math.ceil((len(ratios) + 1) * level))
    return Calibration(
        spread_scale=round(scale, 4),
        spread_offset_months=round(offset, 4),
        interval_level=level,
        interval_factor=round(float(ratios[rank - 1]), 4),
        fitted_on=fitted_on,
        n=len(ratios),
    )


def with_tails(
    rule: Calibration, films: Mapping[str, tuple[np.ndarray, np.ndarray]], holds: str = HOLDS
) -> Calibration:
    """The same rule with tails for each sex and reading, as far as the films go.

    ``films`` holds by sex (``F``, ``M``, ``unknown``): readings in months and how far the estimates lie above them in
    spreads by this rule (negative below), each (n,); 0 where the interval is open on the reading's side.
    """
    tails = []
    for sex, (readings, apart) in films.items():
        for node in NODES:
            weights = np.exp(-0.5 * ((readings - node) / REACH) ** 2)
            about = float(weights.sum())
            weights = weights + SHARED / len(weights)
            below, above = (max(LEAST_TAIL, _tail(side * apart, weights, rule.interval_level)) for side in (-1, 1))
            tails.append(TailsAt(sex, node, round(below, 4), round(above, 4), round(about, 1)))
    return replace(rule, tails=tuple(tails), holds=holds)


def _tail(values: np.ndarray, weights: np.ndarray, level: float) -> float:
    """The value beyond which half of what ``level`` leaves out lies; one film more than there are counts as beyond."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) / (weights.sum() + 1)
    return float(values[order][min(int(np.searchsorted(reached, (1 + level) / 2)), len(values) - 1)])


def _most_likely(widths: np.ndarray, misses: np.ndarray) -> tuple[float, float]:
    """Scale and offset by a grid that narrows round its best point."""
    scale_range, offset_range = (0.0, _LARGEST_SCALE), (0.05, _LARGEST_OFFSET)
    scale = offset = 1.0
    for _ in range(_ROUNDS):
        scales, offsets = np.linspace(*scale_range, _STEPS), np.linspace(*offset_range, _STEPS)
        variance = (scales[:, None, None] * widths) ** 2 + offsets[None, :, None] ** 2
        cost = (np.log(variance) + misses**2 / variance).mean(axis=2)
        row, column = np.unravel_index(np.argmin(cost), cost.shape)
        scale, offset = float(scales[row]), float(offsets[column])
        scale_range = _narrowed(scale, scale_range, 0.0)
        offset_range = _narrowed(offset, offset_range, 0.05)
    return scale, offset


def _narrowed(centre: float, limits: tuple[float, float], smallest: float) -> tuple[float, float]:
    half = 3 * (limits[1] - limits[0]) / (_STEPS - 1)
    return max(smallest, centre - half), centre + half
