"""Ages to a tenth of a month, once: all that follows from them is computed from the rounded ones.

An exact age and the day of the study give the birth date away. Were each number rounded by itself, a report would say
45.1 in one place and 45.2 in another.
"""

from __future__ import annotations

from dataclasses import replace

from bone_age_gui.core.values.facts import Detail, Fact
from bone_age_gui.core.values.flags import limit_of
from bone_age_gui.core.values.reading import Examination
from bone_age_gui.core.values.record import CaseRecord

_AGES = (
    "chronological_age_months", "bone_age_months", "reader_age_months", "blind_age_months",
    "interval_low_months", "interval_high_months", "spread_months", "sd_months", "brush_mean_months",
    "reference_mean_months",
)  # fmt: skip


def rounded(record: CaseRecord) -> CaseRecord:
    """The record with ages to a tenth of a month; numbers that follow from them agree with those, to the last digit."""
    record = replace(record, **{name: _tenth(getattr(record, name)) for name in _AGES})  # type: ignore[arg-type]
    age, bone_age, sd = record.chronological_age_months, record.bone_age_months, record.sd_months
    interval = record.chronological_age_interval_months
    if interval is not None:
        record = replace(record, chronological_age_interval_months=(round(interval[0], 1), round(interval[1], 1)))
    if age is None or bone_age is None or record.difference_months is None:
        return record
    difference = round(bone_age - age, 1)
    record = replace(record, difference_months=difference, reason=_reason(record, record.reason, difference, None))
    if not sd:
        return record
    limit = round(limit_of(record) * sd, 1)
    return replace(
        record,
        sd_score=round(difference / sd, 2),
        normal_low_months=round(age - limit, 1),
        normal_high_months=round(age + limit, 1),
        limits_over_age=tuple((round(at, 1), round(there, 1)) for at, there in record.limits_over_age),
        reason=_reason(record, record.reason, difference, limit),
        final_reason=_reason(record, record.final_reason, record.final_difference_months, limit),
    )


def _tenth(months: float | None) -> float | None:
    return round(months, 1) if months is not None else None


def rounded_examination(each: Examination) -> Examination:
    """Another film of the child, likewise."""
    score = round(each.sd_score, 2) if each.sd_score is not None else None
    return replace(
        each, bone_age_months=round(each.bone_age_months, 1), age_months=_tenth(each.age_months), sd_score=score
    )


def _reason(
    record: CaseRecord, reason: Fact | str | None, difference: float | None, limit: float | None
) -> Fact | str | None:
    """The reason of a flag with the numbers that stand beside it."""
    if not isinstance(reason, Fact):
        return reason
    rounded_values = {
        "months": abs(difference) if difference is not None else None,
        "limit": limit,
        "age": record.chronological_age_months,
    }
    return Fact(
        reason.code, {name: _shown(value, rounded_values.get(name), name) for name, value in reason.details.items()}
    )


def _shown(value: Detail, known: float | None, name: str) -> Detail:
    if known is not None:
        return known
    return round(value, 1) if isinstance(value, float) and name != "chance" else value
