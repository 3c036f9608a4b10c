"""A card's part on certainty: how wide an interval is made, and where ages end that the model can tell apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from bone_age_gui.core.values.bounds import Count, Months, Name, OneOf, Prose, Within
from bone_age_gui.core.values.growth_end import GrowthEnd

Factor = Annotated[float, Within(0.01, 100)]
SexCode = Annotated[str, OneOf(("F", "M"))]


@dataclass(frozen=True)
class FactorAt:
    """The interval's factor for children of one sex about one estimate, from the films that weigh ``weight`` there."""

    sex: SexCode
    estimate_months: Months
    interval_factor: Factor
    weight: Annotated[float, Within(0, 1e9)]


@dataclass(frozen=True)
class Calibration:
    """Turns the standard deviation ``sd`` of the distribution into an honest uncertainty.

    spread = sqrt((spread_scale * sd)^2 + spread_offset_months^2); the interval estimate -+ factor * spread holds
    what ``holds`` says in ``interval_level`` of the ``n`` films of ``fitted_on``. Between the estimates of ``factors``
    the factor is interpolated; ``interval_factor`` is that of all films, for a child whose sex is not known.
    """

    spread_scale: Annotated[float, Within(0, 100)]
    spread_offset_months: Annotated[float, Within(0, 240)]
    interval_level: Annotated[float, Within(0.01, 0.9999)]
    interval_factor: Factor
    fitted_on: Name
    n: Count
    factors: tuple[FactorAt, ...] = ()
    holds: Prose = ""

    def factor(self, months: float, sex: str | None) -> float:
        """The factor for an estimate in months and a sex, ``F`` or ``M``."""
        nodes = sorted((each.estimate_months, each.interval_factor) for each in self.factors if each.sex == sex)
        if not nodes:
            return self.interval_factor
        ages, factors = zip(*nodes, strict=True)
        return float(np.interp(months, ages, factors))


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
