"""The rule of the flag, one for the model's bone age and the reader's: beyond the limit, within it, too close to say.

The limit is so many SD of the reference; a model's bone age has a calibrated spread, a reader's has none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from bone_age_gui.core.values.growth_end import GrowthEnd, says_nothing_of
from bone_age_gui.core.values.reading import DECIDED_BY_READER
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Flag


def flag_of(difference: float, limit: float, spread: float | None = None, end: GrowthEnd | None = None) -> Flag:
    """The flag of a bone age that differs so much from the chronological age; all in months.

    A bone age that is a limit only (``end``) can't be too low if it is "at least", nor too high if it is "at most".
    """
    # A spread that is not a number comes from a broken model: never a firm flag on it.
    if spread is not None and (not is_usable(spread) or abs(abs(difference) - limit) <= spread):
        return Flag.INDETERMINATE
    if abs(difference) <= limit:
        return Flag.NORMAL
    if says_nothing_of(end, difference):
        return Flag.INDETERMINATE
    return Flag.ADVANCED if difference > 0 else Flag.DELAYED


def flags_over(
    bone_age: float, limits: Iterable[tuple[float, float]], spread: float | None = None, end: GrowthEnd | None = None
) -> set[Flag]:
    """Every flag that a bone age has over an age that is not exact: pairs of an age and the limit there, in months."""
    return {flag_of(bone_age - age, limit, spread, end) for age, limit in limits}


def is_usable(spread: float) -> bool:
    """True for a spread that a flag can be held against."""
    return math.isfinite(spread) and spread >= 0


def final_flag(record: CaseRecord) -> str | None:
    """The flag of the final bone age, a value of ``Flag``; ``None`` for a film without an estimate.

    A reader's age has no spread: only an age that is not exact leaves it indeterminate.
    """
    if record.decided_by != DECIDED_BY_READER:
        return record.flag
    age, final = record.chronological_age_months, record.final_age_months
    if age is None or final is None or not record.sd_months or record.threshold_sd is None:
        return Flag.NO_REFERENCE.value
    flags = {flag_of(final - age, record.threshold_sd * record.sd_months)} | flags_over(final, _limits(record))
    return flags.pop().value if len(flags) == 1 else Flag.INDETERMINATE.value


def _limits(record: CaseRecord) -> tuple[tuple[float, float], ...]:
    """Ages and limits where the age is not exact; earlier versions kept the limit at one of them only."""
    interval = record.chronological_age_interval_months
    if record.limits_over_age or interval is None or record.sd_months is None or record.threshold_sd is None:
        return record.limits_over_age
    return tuple((age, record.threshold_sd * record.sd_months) for age in interval)
