"""Bone age beside the chronological age: the reference table and the flag.

The standard deviation (SD) is that of the skeletal age in the reference at the child's
*chronological* age, and the SD score is counted about the chronological age, as the tools in use do.
Between two nodes the table is interpolated linearly; outside it there is no answer.
All ages are in months.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from bone_age_gui.core.height import FIRST_CHOICE, HeightTables
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Detail, Fact
from bone_age_gui.core.values.flags import flag_of, flags_over, is_usable
from bone_age_gui.core.values.growth_end import says_nothing_of
from bone_age_gui.core.values.growth_files import broken, frozen_array, is_number, read_table
from bone_age_gui.core.values.types import Assessment, Estimate, Flag, Patient, Sex

BRUSH = "brush_foundation.json"
DEFAULT_THRESHOLD_SD = 2.0
"""Beyond so many SD a bone age is flagged, unless the user chooses another limit."""
THRESHOLD_RANGE = (1.0, 3.0)
"""Smallest and largest flag threshold in SD that makes sense."""

_AGES_IN_INTERVAL = 25
"""Ages at which the flag is looked at where the age is an interval: every half month of a year."""

_FILE_KEYS = {"name", "source", "unit", "male", "female"}
_ROW_KEYS = {"ca", "mean", "sd"}
_SEX_KEYS = {Sex.MALE: "male", Sex.FEMALE: "female"}
_CHILDREN = {Sex.MALE: "boys", Sex.FEMALE: "girls"}


@dataclass(frozen=True)
class GrowthTable:
    """Nodes of one sex: read-only float64 arrays of equal length, ``ages`` strictly rising."""

    ages: np.ndarray
    means: np.ndarray
    sds: np.ndarray


@dataclass(frozen=True)
class GrowthReference:
    """Mean and SD of the skeletal age by sex and chronological age.

    ``source`` says where the numbers come from and how sure they are.
    """

    name: str
    source: str
    tables: Mapping[Sex, GrowthTable]
    heights: HeightTables | None = None
    """What a child's height is compared with; ``None`` where nobody asks for it."""

    @classmethod
    def load_all(cls, folder: Path, height_reference: str = FIRST_CHOICE) -> GrowthReference:
        """Read every table of a folder; ``height_reference`` is a key of ``height.REFERENCES``.

        Raises ``BoneAgeError``: ``growth_missing`` or ``growth_broken``.
        """
        reference = replace(cls.load(Path(folder) / BRUSH), heights=HeightTables.load(Path(folder)))
        return reference.with_heights(height_reference)

    def with_heights(self, name: str) -> GrowthReference:
        """The same with another reference of the height's SD score, a key of ``height.REFERENCES``."""
        return replace(self, heights=replace(self.heights, chosen=name)) if self.heights is not None else self

    @classmethod
    def load(cls, path: Path) -> GrowthReference:
        """Read a table file; anything missing, unknown or implausible in it is refused.

        Raises
        ------
        BoneAgeError
            ``growth_missing`` if the file can't be read, ``growth_broken`` if it is not a valid table.
        """
        data = read_table(Path(path), _FILE_KEYS)
        if not isinstance(data["name"], str) or not data["name"].strip():
            broken("empty", field="name")
        if data["unit"] != "months":
            broken("unit")
        tables = {sex: _table(data[key], key) for sex, key in _SEX_KEYS.items()}
        return cls(data["name"], data["source"], MappingProxyType(tables))

    def sd(self, sex: Sex | None, months: float | None) -> float | None:
        """SD of the skeletal age at this chronological age, ``None`` outside the table."""
        return self._at(sex, months, "sds")

    def mean(self, sex: Sex | None, months: float | None) -> float | None:
        """Mean skeletal age at this chronological age, ``None`` outside the table."""
        return self._at(sex, months, "means")

    def range(self, sex: Sex) -> tuple[float, float]:
        """First and last chronological age of the table."""
        ages = self.tables[sex].ages
        return float(ages[0]), float(ages[-1])

    def band(self, sex: Sex, threshold_sd: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Chronological ages of the nodes and the lower and upper limit of bone age there.

        The limits lie ``threshold_sd`` SD about the chronological age and are straight between
        nodes, so that lines drawn through these points are exact.
        """
        _check_threshold(threshold_sd)
        table = self.tables[sex]
        return table.ages, table.ages - threshold_sd * table.sds, table.ages + threshold_sd * table.sds

    def _at(self, sex: Sex | None, months: float | None, column: str) -> float | None:
        if sex is None or months is None:
            return None
        first, last = self.range(sex)
        if not first <= months <= last:  # also false for NaN
            return None
        table = self.tables[sex]
        return float(np.interp(months, table.ages, getattr(table, column)))


def assess(
    estimate: Estimate, patient: Patient, reference: GrowthReference, threshold_sd: float = DEFAULT_THRESHOLD_SD
) -> Assessment:
    """Compare the estimate with the chronological age and say the flag with its reason.

    Beyond ``threshold_sd`` SD the flag is advanced or delayed, within it normal; if the limit on the side of the
    difference is closer to the estimate than one calibrated spread, it is indeterminate. It must be the same over all
    of an age that is known to the year or month only, else it is indeterminate. An estimate that is a limit only
    (``estimate.end``) can't say "delayed" if it is "at least", nor "advanced" if "at most".
    Raises ``BoneAgeError`` (``threshold``) if ``threshold_sd`` is not a number from 1 to 3.
    """
    _check_threshold(threshold_sd)
    age, interval = patient.chronological_age_months, patient.chronological_age_interval_months
    bone_age = estimate.bone_age_months
    if age is None or not math.isfinite(age) or age < 0 or not math.isfinite(bone_age):
        return Assessment(Flag.NO_REFERENCE, _why_incomparable(bone_age, age), threshold_sd)
    sd, difference = reference.sd(patient.sex, age), bone_age - age
    if patient.sex is None or sd is None:
        return _without_reference(age, difference, patient, reference, threshold_sd)
    limit = threshold_sd * sd
    limits = _limits_over(interval, reference.tables[patient.sex], threshold_sd) if interval is not None else ()
    flags = _flags(estimate, difference, limit, limits)
    flag = flags[0] if len(flags) == 1 else Flag.INDETERMINATE
    ages = interval or (age, age)
    one = _why_flag(flag, estimate, ages, limit, threshold_sd, patient.sex)
    reason = one if len(flags) == 1 else _why_interval(ages, flags)
    return Assessment(
        flag=flag,
        reason=reason,
        threshold_sd=threshold_sd,
        chronological_age_months=age,
        difference_months=difference,
        sd_months=sd,
        sd_score=difference / sd,
        normal_range_months=(age - limit, age + limit),
        brush_mean_months=reference.mean(patient.sex, age),
        probability_beyond=_probability(estimate, difference, limit),
        chronological_age_interval_months=interval,
        limits_over_age=limits,
    )


def _without_reference(
    age: float, difference: float, patient: Patient, reference: GrowthReference, threshold_sd: float
) -> Assessment:
    """The ages side by side, where no reference says how far apart they may be."""
    reason = _why_no_reference(patient.sex, age, reference)
    bare = Assessment(Flag.NO_REFERENCE, reason, threshold_sd, age, difference)
    return replace(bare, chronological_age_interval_months=patient.chronological_age_interval_months)


def _flags(
    estimate: Estimate, difference: float, limit: float, limits: tuple[tuple[float, float], ...]
) -> tuple[Flag, ...]:
    """The flag at the age that is taken and, unless it is indeterminate, all others over ``limits`` of an open age."""
    own = flag_of(difference, limit, estimate.spread_months, estimate.end)
    if own is Flag.INDETERMINATE:
        return (own,)
    over = flags_over(estimate.bone_age_months, limits, estimate.spread_months, estimate.end)
    return (own, *(over - {own}))


def _probability(estimate: Estimate, difference: float, limit: float) -> float | None:
    """As ``probability_beyond``; ``None`` on the side of which an estimate that is a limit says nothing."""
    if says_nothing_of(estimate.end, difference):
        return None
    return probability_beyond(difference, limit, estimate.spread_months)


def probability_beyond(difference: float, limit: float, spread: float | None) -> float | None:
    """How likely the bone age lies beyond the limit, on the side of the difference (months).

    Taken as normal about the estimate with the calibrated spread; ``None`` without a usable one.
    """
    if spread is None or not is_usable(spread) or not math.isfinite(difference):
        return None
    if spread == 0:
        return float(abs(difference) > limit)
    return 0.5 * math.erfc((limit - abs(difference)) / (spread * math.sqrt(2)))


def _limits_over(
    interval: tuple[float, float], table: GrowthTable, threshold_sd: float
) -> tuple[tuple[float, float], ...]:
    """Ages of the interval with the limit there, as far as the table goes."""
    first, last = max(interval[0], table.ages[0]), min(interval[1], table.ages[-1])
    ages = np.linspace(first, last, _AGES_IN_INTERVAL)
    limits = threshold_sd * np.interp(ages, table.ages, table.sds)
    return tuple(zip(ages.tolist(), limits.tolist(), strict=True))


def _why_interval(interval: tuple[float, float], flags: tuple[Flag, ...]) -> Fact:
    listed = tuple(flag.value for flag in Flag if flag in flags)
    return Fact("open_age", {"low": interval[0], "high": interval[1], "flags": listed})


def _why_flag(
    flag: Flag, estimate: Estimate, ages: tuple[float, float], limit: float, threshold_sd: float, sex: Sex
) -> Fact:
    """What was compared, how it ended, and for whom: ``"ahead beyond girls"``."""
    compared, details = _compared(estimate.bone_age_months, ages)
    details |= {"threshold": threshold_sd, "limit": limit}
    if flag is Flag.NORMAL:
        end = "within"
    elif flag is not Flag.INDETERMINATE:
        end = "beyond"
    elif says_nothing_of(estimate.end, estimate.bone_age_months - ages[0]):
        return Fact("one_side", {"threshold": threshold_sd, "limit": limit})
    elif estimate.spread_months is None or not is_usable(estimate.spread_months):
        end = "unusable"
    else:
        end, details["spread"] = "close", estimate.spread_months
    return Fact(f"{compared} {end} {_CHILDREN[sex]}", details)


def _compared(bone_age: float, ages: tuple[float, float]) -> tuple[str, dict[str, Detail]]:
    """The difference to an age, or to an age that lies between two."""
    least, most = sorted((bone_age - age for age in ages), key=abs)
    if least * most < 0:
        return "inside", {}
    if abs(most) < 0.05:
        return "equal", {}
    side = "ahead" if most > 0 else "behind"
    if least == most:
        return side, {"months": abs(most)}
    return f"{side}_range", {"least": abs(least), "most": abs(most)}


def _why_incomparable(bone_age: float, age: float | None) -> Fact:
    if not math.isfinite(bone_age):
        return Fact("no_bone_age")
    if age is None or math.isnan(age):
        return Fact("no_age")
    return Fact("negative_age") if age < 0 else Fact("bad_age")


def _why_no_reference(sex: Sex | None, age: float, reference: GrowthReference) -> Fact:
    if sex is None:
        return Fact("no_sex")
    first, last = reference.range(sex)
    side = "below" if age < first else "above"
    return Fact(f"{side} {_CHILDREN[sex]}", {"age": age, "first": first, "last": last})


def _check_threshold(threshold_sd: float) -> None:
    low, high = THRESHOLD_RANGE
    if not low <= threshold_sd <= high:  # also true for NaN
        raise BoneAgeError("threshold", low=low, high=high)


def _table(rows: Any, key: str) -> GrowthTable:
    if not isinstance(rows, list) or len(rows) < 2:
        broken("short", table=key)
    for row in rows:
        if not isinstance(row, dict) or set(row) != _ROW_KEYS or not all(is_number(value) for value in row.values()):
            broken("row", table=key)
    ages, means, sds = (frozen_array([row[name] for row in rows]) for name in ("ca", "mean", "sd"))
    if ages[0] < 0 or np.any(np.diff(ages) <= 0) or np.any(np.diff(means) <= 0) or np.any(sds <= 0):
        broken("order", table=key)
    return GrowthTable(ages, means, sds)
