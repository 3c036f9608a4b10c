"""The rule of the flag, one for the model's bone age and the reader's.

The flag is the side of the limit on which the bone age lies. A model's bone age has a calibrated spread: where that
makes the other side nearly as likely the flag is *borderline*. A reader's has none: the limit decides alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from bone_age_gui.core.values.growth_end import GrowthEnd, says_nothing_of
from bone_age_gui.core.values.reading import DECIDED_BY_READER
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Estimate, Flag

WIDEST_INTERVAL = 48.0
"""Months; a model's interval that is wider allows no comparison."""


def flag_of(difference: float, limit: float, end: GrowthEnd | None = None) -> Flag:
    """The flag of a bone age that differs so much from the chronological age; all in months.

    A bone age that is a limit only (``end``) can't be too low if it is "at least", nor too high if it is "at most".
    """
    if abs(difference) <= limit:
        return Flag.NORMAL
    if says_nothing_of(end, difference):
        return Flag.INDETERMINATE
    return Flag.ADVANCED if difference > 0 else Flag.DELAYED


def flags_over(bone_age: float, limits: Iterable[tuple[float, float]], end: GrowthEnd | None = None) -> set[Flag]:
    """Every flag that a bone age has over an age that is not exact: pairs of an age and the limit there, in months."""
    return {flag_of(bone_age - age, limit, end) for age, limit in limits}


def is_usable(spread: float) -> bool:
    """True for a spread that a flag can be held against."""
    return math.isfinite(spread) and spread >= 0


def width_of(estimate: Estimate) -> float:
    """How wide the model's interval is in months; 0 without one, and where a limit leaves a side of it open."""
    if estimate.interval_months is None:
        return 0.0
    low, high = estimate.interval_months
    return 0.0 if math.isinf(low) or math.isinf(high) else high - low


def probability_beyond(difference: float, limit: float, spread: float | None) -> float | None:
    """How likely the bone age lies beyond the limit, on the side of the difference (months).

    Taken as normal about the estimate with the calibrated spread; ``None`` without a usable one.
    """
    if spread is None or not is_usable(spread) or not math.isfinite(difference):
        return None
    if spread == 0:
        return float(abs(difference) > limit)
    return 0.5 * math.erfc((limit - abs(difference)) / (spread * math.sqrt(2)))


def limit_of(record: CaseRecord) -> float:
    """The limit in SD that the flag was made with. ``ValueError`` where a record with a comparison lacks it."""
    if record.threshold_sd is None:
        raise ValueError("the record has a comparison but no limit")
    return record.threshold_sd


def final_flag(record: CaseRecord) -> str | None:
    """The flag of the final bone age, a value of ``Flag``; ``None`` for a film without an estimate.

    A reader's age has no spread: only an age that is not exact leaves it indeterminate.
    """
    if record.decided_by != DECIDED_BY_READER:
        return record.flag
    age, final = record.chronological_age_months, record.final_age_months
    if age is None or final is None or not record.sd_months:
        return Flag.NO_REFERENCE.value
    flags = {flag_of(final - age, limit_of(record) * record.sd_months)} | flags_over(final, _limits(record))
    return flags.pop().value if len(flags) == 1 else Flag.INDETERMINATE.value


def final_borderline(record: CaseRecord) -> bool:
    """Whether the flag of the final bone age is borderline: never that of a reader's, which has no spread."""
    return record.decided_by != DECIDED_BY_READER and record.borderline


def beyond_limit(record: CaseRecord) -> float:
    """How many SD the final bone age lies beyond the limit; below 0 within it, minus infinity without a comparison."""
    return -math.inf if record.final_sd_score is None else abs(record.final_sd_score) - limit_of(record)


def _limits(record: CaseRecord) -> tuple[tuple[float, float], ...]:
    """Ages and limits where the age is not exact; earlier versions kept the limit at one of them only."""
    interval = record.chronological_age_interval_months
    if record.limits_over_age or interval is None or record.sd_months is None:
        return record.limits_over_age
    return tuple((age, limit_of(record) * record.sd_months) for age in interval)
