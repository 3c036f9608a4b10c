"""What the intervals hold: fitted on films that taught nothing, measured on those of them that were left out."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from bone_age_gui.core.model.card import Card
from bone_age_gui.core.model.certainty_card import UNKNOWN_SEX, Calibration
from bone_age_gui.core.model.estimate import calibrated_spread
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.types import Estimate
from training.errors import TrainingError
from training.measure.calibrate import fit_calibration, with_tails
from training.measure.metrics import AGE_BANDS, band_name
from training.trust.seen import Seen, deviation

PARTS = 5
"""Of all films; the certainty of each part's films comes from the other parts. Copies of a film share a part."""
LEAST_FILMS = 20
_SURE = 1.96


def fit_certainty(card: Card, films: Sequence[Seen], fitted_on: str) -> Calibration:
    """The calibration of these films, with tails by sex and reading, and for a child whose sex is not known.

    Raises ``BoneAgeError`` (``too_few_films``).
    """
    known = [(seen.label.months, seen.estimate) for seen in films]
    blind = [(seen.label.months, seen.blind) for seen in films if seen.blind is not None]
    errors = [estimate.bone_age_months - reading for reading, estimate in known]
    if len(films) < LEAST_FILMS:
        raise TrainingError(
            "Too few films",
            f"Certainty needs {LEAST_FILMS} films of tune and report, not {len(films)}.",
            "too_few_films",
        )
    rule = fit_calibration([seen.spread for seen in films], errors, fitted_on)
    groups = {"F": [pair for pair in known if pair[1].sex == "F"], "M": [pair for pair in known if pair[1].sex == "M"]}
    sets = {sex: _apart(card, rule, pairs) for sex, pairs in {**groups, UNKNOWN_SEX: blind}.items() if pairs}
    return with_tails(rule, sets)


def left_out(card: Card, films: Sequence[Seen], fitted_on: str) -> Callable[[Seen], Card]:
    """For every film a card whose certainty was fitted without it, and without any copy of it."""
    cards = {}
    for part in {part_of(seen) for seen in films}:
        rest = [seen for seen in films if part_of(seen) != part]
        cards[part] = replace(card, calibration=fit_certainty(card, rest, fitted_on))
    return lambda seen: cards.get(part_of(seen), card)  # a part of which every film is refused has none


def part_of(seen: Seen) -> int:
    """Which part a film is in, by its id."""
    return int(hashlib.sha256(seen.label.film_id.encode()).hexdigest(), 16) % PARTS


def coverage_lines(name: str, films: Sequence[Seen], card_of: Callable[[Seen], Card]) -> Iterator[str]:
    """One line for a set and each of its sexes and age bands: films, and how many of 100 readings lie inside.

    Films that are refused have no interval.
    """
    for group, chosen in _groups([seen for seen in films if seen.refusal(card_of(seen)) is None]).items():
        if count := len(chosen):
            held = sum(_holds(seen.under(card_of(seen)), seen.label.months) for seen in chosen)
            low, high = wilson(held, count)
            yield (
                f"{', '.join((name, group)):<30} n {count:>4}   inside {100 * held / count:5.1f} % "
                f"(95 % {100 * low:.0f} to {100 * high:.0f})"
            )


def _groups(films: Sequence[Seen]) -> Mapping[str, Sequence[Seen]]:
    sexes = {
        "girls": [seen for seen in films if not seen.label.male],
        "boys": [seen for seen in films if seen.label.male],
    }
    groups = {"all": films, **sexes}
    for name, chosen in {"": films, **sexes}.items():
        for low, high in AGE_BANDS:
            band = [seen for seen in chosen if low <= seen.label.months / 12 < high]
            groups[f"{name} {band_name((low, high))} y".strip()] = band
    return groups


def wilson(held: int, count: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson, Journal of the American Statistical Association 1927;22:209-212)."""
    share, square = held / count, _SURE**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = _SURE * math.sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def _holds(estimate: Estimate, reading: float) -> bool:
    interval = estimate.interval_months
    return interval is not None and interval[0] <= reading <= interval[1]


def _apart(card: Card, rule: Calibration, films: Sequence[tuple[float, Estimate]]) -> tuple[np.ndarray, np.ndarray]:
    """Readings, and how far the estimates lie above them in spreads, but for what an open interval holds."""
    readings, apart = [], []
    for reading, estimate in films:
        assert estimate.distribution is not None
        months = estimate.bone_age_months
        end = card.growth_ends.end_of(months, estimate.sex) if card.growth_ends is not None else None
        away = (months - reading) / max(calibrated_spread(deviation(estimate), rule), 1e-6)
        if end is GrowthEnd.AT_LEAST:
            away = max(away, 0.0)
        elif end is GrowthEnd.AT_MOST:
            away = min(away, 0.0)
        readings.append(reading)
        apart.append(away)
    return np.array(readings), np.array(apart)
