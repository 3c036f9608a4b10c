"""A card's part on certainty: how wide an interval is made, and where ages end that the model can tell apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from bone_age_gui.core.values.bounds import Count, Months, Name, OneOf, Prose, Within
from bone_age_gui.core.values.growth_end import GrowthEnd

Factor = Annotated[float, Within(0.01, 100)]
UNKNOWN_SEX = "unknown"
"""The sex of a film that was estimated without it."""
TailsOf = Annotated[str, OneOf(("F", "M", UNKNOWN_SEX))]
_READINGS = np.arange(0.0, 300.25, 0.25)
"""Bone ages in months that an interval may hold."""


@dataclass(frozen=True)
class TailsAt:
    """How far estimates lie from one reading: so many spreads below it, and above it, that few lie beyond either.

    ``weight`` is that of the films that it comes from.
    """

    sex: TailsOf
    reading_months: Months
    below: Factor
    above: Factor
    weight: Annotated[float, Within(0, 1e9)]


@dataclass(frozen=True)
class Calibration:
    """Turns the standard deviation ``sd`` of the distribution into an honest uncertainty.

    spread = sqrt((spread_scale * sd)^2 + spread_offset_months^2). The interval is made of all bone ages that the
    estimate does not speak against: it lies no further below or above them than ``tails`` say of films with that
    reading, between which they are interpolated. So it holds what ``holds`` says in ``interval_level`` of the films of
    every age, not only of all ages together; ``fitted_on`` and ``n`` say which. Without tails for a sex the interval is
    estimate -+ interval_factor * spread.
    """

    spread_scale: Annotated[float, Within(0, 100)]
    spread_offset_months: Annotated[float, Within(0, 240)]
    interval_level: Annotated[float, Within(0.01, 0.9999)]
    interval_factor: Factor
    fitted_on: Name
    n: Count
    tails: tuple[TailsAt, ...] = ()
    holds: Prose = ""

    def interval(self, months: float, spread: float, sex: str | None) -> tuple[float, float]:
        """Lowest and highest bone age, months, that an estimate and its spread speak for; ``sex`` is ``F`` or ``M``."""
        nodes = sorted(
            (each.reading_months, each.below, each.above) for each in self.tails if each.sex == (sex or UNKNOWN_SEX)
        )
        if not nodes:
            half = self.interval_factor * spread
            return max(0.0, months - half), months + half
        ages, below, above = (np.array(each) for each in zip(*nodes, strict=True))
        apart = months - _READINGS
        near = (apart >= -spread * np.interp(_READINGS, ages, below)) & (
            apart <= spread * np.interp(_READINGS, ages, above)
        )
        readings = _READINGS[near]
        if not readings.size:
            return months, months
        return float(min(months, readings[0])), float(max(months, readings[-1]))


@dataclass(frozen=True)
class GrowthEnds:
    """Estimates (months) by sex, ``F`` and ``M``, from which the bone age is only "at least", or "at most", that.

    ``principle`` says where the limits come from.
    """

    at_most_months: Mapping[str, Months]
    at_least_months: Mapping[str, Months]
    principle: Prose

    def end_of(self, months: float, sex: str | None) -> GrowthEnd | None:
        """Which end an estimate lies at; where the sex is not known, only what holds for both."""
        sexes = (sex,) if sex is not None else ("F", "M")
        if all(months >= self.at_least_months[each] for each in sexes):
            return GrowthEnd.AT_LEAST
        return GrowthEnd.AT_MOST if all(months < self.at_most_months[each] for each in sexes) else None
