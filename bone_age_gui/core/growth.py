"""Bone age beside the chronological age: the reference table and the flag.

The standard deviation (SD) is that of the bone age in the reference at the child's
*chronological* age, and the SD score is counted about the chronological age, as the tools in use do.
Between two nodes the table is interpolated linearly; outside it there is no value.
All ages are in months.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from bone_age_gui.core.height import FIRST_CHOICE, HeightTables
from bone_age_gui.core.values.cut_offs import CutOffs
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.flag_facts import (
    why_flag,
    why_incomparable,
    why_no_reference,
    why_not_comparable,
    why_open_age,
)
from bone_age_gui.core.values.flags import flag_of, flags_over, is_usable, probability_beyond
from bone_age_gui.core.values.growth_end import says_nothing_of
from bone_age_gui.core.values.growth_files import broken, frozen_array, is_number, read_table
from bone_age_gui.core.values.types import Assessment, Estimate, Flag, Patient, Sex

BRUSH = "brush_foundation.json"
DEFAULT_THRESHOLD_SD = 2.0
"""Beyond so many SD a bone age is flagged, unless the user chooses another limit."""
DEFAULT_CUT_OFFS = CutOffs()
THRESHOLD_RANGE = (1.0, 3.0)
"""Smallest and largest flag threshold in SD that makes sense."""

_AGES_IN_INTERVAL = 25
"""Ages at which the flag is looked at where the age is an interval: every half month of a year."""

_FILE_KEYS = {"name", "population", "source", "unit", "male", "female"}
_LONGEST_NAME = 200
_LEAST_SD = 0.01
"""Months; anything below is a zero that was rounded, and makes SD scores without end."""
_ROW_KEYS = {"ca", "mean", "sd"}
_SEX_KEYS = {Sex.MALE: "male", Sex.FEMALE: "female"}


@dataclass(frozen=True)
class GrowthTable:
    """Nodes of one sex: read-only float64 arrays of equal length, ``ages`` strictly rising."""

    ages: np.ndarray
    means: np.ndarray
    sds: np.ndarray


@dataclass(frozen=True)
class GrowthReference:
    """Mean and SD of the bone age by sex and chronological age.

    ``population`` says which children were measured, ``source`` where the numbers come from and how sure they are.
    """

    name: str
    source: str
    tables: Mapping[Sex, GrowthTable]
    population: str = ""
    is_own: bool = False
    """True for a file of one's own in place of the Brush Foundation's."""
    cut_offs: CutOffs = DEFAULT_CUT_OFFS
    """How sure a comparison must be for a firm flag."""
    heights: HeightTables | None = None
    """What a child's height is compared with; ``None`` where nobody asks for it."""

    @classmethod
    def load_all(
        cls,
        folder: Path,
        height_reference: str = FIRST_CHOICE,
        own: Path | None = None,
        cut_offs: CutOffs = DEFAULT_CUT_OFFS,
    ) -> GrowthReference:
        """Read every table of a folder; ``height_reference`` is a key of ``height.REFERENCES``.

        ``own`` is a file in the layout of the Brush Foundation's, to be used in its place.
        Raises ``BoneAgeError``: ``growth_missing`` or ``growth_broken``.
        """
        brush = replace(cls.load(Path(folder) / BRUSH), heights=HeightTables.load(Path(folder)), cut_offs=cut_offs)
        reference = brush.replaced_by(own) if own is not None else brush
        return reference.with_heights(height_reference)

    def replaced_by(self, own: Path) -> GrowthReference:
        """The reference of a file in place of the bone ages here; heights and cut-offs stay.

        Raises ``BoneAgeError``: ``growth_missing`` or ``growth_broken``.
        """
        return replace(self.load(own), is_own=True, heights=self.heights, cut_offs=self.cut_offs)

    def with_heights(self, name: str) -> GrowthReference:
        """This reference with another one of the height's SD score, a key of ``height.REFERENCES``."""
        return replace(self, heights=replace(self.heights, chosen=name)) if self.heights is not None else self

    @classmethod
    def load(cls, path: Path) -> GrowthReference:
        """Read a table file; anything missing, unknown or implausible in it is refused.

        Raises
        ------
        BoneAgeError
            ``growth_missing`` if the file can't be read, ``growth_broken`` if it is not a valid table.
        """
        table = read_table(Path(path), _FILE_KEYS)
        name, population = (_one_line(table[field], field) for field in ("name", "population"))
        if table["unit"] != "months":
            broken("unit")
        tables = {sex: _table(table[key], key) for sex, key in _SEX_KEYS.items()}
        return cls(name, table["source"], MappingProxyType(tables), population)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of names and numbers: the same for the same reference."""
        digest = hashlib.sha256(f"{self.name}\n{self.population}".encode())
        for sex in Sex:
            table = self.tables[sex]
            digest.update(b"".join(column.tobytes() for column in (table.ages, table.means, table.sds)))
        return digest.hexdigest()

    def sd(self, sex: Sex | None, months: float | None) -> float | None:
        """SD of the bone age at this chronological age, ``None`` outside the table."""
        return self._at(sex, months, "sds")

    def mean(self, sex: Sex | None, months: float | None) -> float | None:
        """Mean bone age at this chronological age, ``None`` outside the table."""
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
    estimate: Estimate,
    patient: Patient,
    reference: GrowthReference,
    threshold_sd: float = DEFAULT_THRESHOLD_SD,
    *,
    is_doubtful: bool = False,
) -> Assessment:
    """Compare the estimate with the chronological age and say the flag with its reason.

    The flag is that of the side of ``threshold_sd`` SD on which the estimate lies, ``borderline`` where
    ``probability_beyond`` lies between the reference's cut-offs. It is indeterminate where nothing usable is compared:
    a film that ``is_doubtful``, an interval of more than four years, no usable spread, an age that is not exact and
    over which the flag changes, an estimate that is a limit only (``estimate.end``) on the side that it leaves open.
    Raises ``BoneAgeError`` (``threshold``) if ``threshold_sd`` is not a number from 1 to 3.
    """
    _check_threshold(threshold_sd)
    age, bone_age = patient.chronological_age_months, estimate.bone_age_months
    bare = Assessment(
        Flag.NO_REFERENCE, Fact("no_age"), threshold_sd, cut_offs=astuple(reference.cut_offs),
        reference_name=reference.name, reference_population=reference.population,
    )  # fmt: skip
    if age is None or not math.isfinite(age) or age < 0 or not math.isfinite(bone_age):
        return replace(bare, reason=why_incomparable(bone_age, age))
    aged = replace(bare, chronological_age_months=age, difference_months=bone_age - age)
    aged = replace(aged, chronological_age_interval_months=patient.chronological_age_interval_months)
    sd = reference.sd(patient.sex, age)
    if patient.sex is None or sd is None:
        ends = reference.range(patient.sex) if patient.sex is not None else None
        return replace(aged, reason=why_no_reference(patient.sex, age, ends))
    compared = _compared(aged, estimate, patient.sex, age, sd, reference)
    return _flagged(compared, estimate, patient.sex, reference.cut_offs, is_doubtful)


def _compared(
    aged: Assessment, estimate: Estimate, sex: Sex, age: float, sd: float, reference: GrowthReference
) -> Assessment:
    """The ages beside the reference, not yet flagged."""
    limit, mean, difference = aged.threshold_sd * sd, reference.mean(sex, age), estimate.bone_age_months - age
    interval = aged.chronological_age_interval_months
    return replace(
        aged,
        sd_months=sd,
        sd_score=difference / sd,
        normal_range_months=(age - limit, age + limit),
        reference_mean_months=mean,
        brush_mean_months=None if reference.is_own else mean,
        probability_beyond=_probability(estimate, difference, limit),
        limits_over_age=_limits_over(interval, reference.tables[sex], aged.threshold_sd) if interval else (),
    )


def _flagged(compared: Assessment, estimate: Estimate, sex: Sex, cut_offs: CutOffs, is_doubtful: bool) -> Assessment:
    """A comparison with its flag and the reason of that."""
    assert compared.sd_months is not None
    assert compared.difference_months is not None
    assert compared.chronological_age_months is not None
    limit = compared.threshold_sd * compared.sd_months
    own = flag_of(compared.difference_months, limit, estimate.end)
    others = flags_over(estimate.bone_age_months, compared.limits_over_age, estimate.end) - {own}
    ages = compared.chronological_age_interval_months or (compared.chronological_age_months,) * 2
    # A spread that is not a number comes from a broken model: never a firm flag on it.
    is_broken = estimate.spread_months is not None and not is_usable(estimate.spread_months)
    if reason := why_not_comparable(estimate, is_doubtful=is_doubtful):
        return replace(compared, flag=Flag.INDETERMINATE, reason=reason)
    if others and own is not Flag.INDETERMINATE and not is_broken:
        return replace(compared, flag=Flag.INDETERMINATE, reason=why_open_age(ages, (own, *others)))
    chance = compared.probability_beyond
    is_borderline = own is not Flag.INDETERMINATE and cut_offs.leave_open(chance)
    reason = why_flag(own, estimate, ages, limit, compared.threshold_sd, sex, chance, is_borderline=is_borderline)
    return replace(compared, flag=Flag.INDETERMINATE if is_broken else own, reason=reason, borderline=is_borderline)


def _probability(estimate: Estimate, difference: float, limit: float) -> float | None:
    """``probability_beyond`` of one side; ``None`` on the side of which an estimate that is a limit says nothing."""
    if says_nothing_of(estimate.end, difference):
        return None
    return probability_beyond(difference, limit, estimate.spread_months)


def _limits_over(
    interval: tuple[float, float], table: GrowthTable, threshold_sd: float
) -> tuple[tuple[float, float], ...]:
    """Ages of the interval with the limit there, as far as the table goes."""
    first, last = max(interval[0], table.ages[0]), min(interval[1], table.ages[-1])
    ages = np.linspace(first, last, _AGES_IN_INTERVAL)
    limits = threshold_sd * np.interp(ages, table.ages, table.sds)
    return tuple(zip(ages.tolist(), limits.tolist(), strict=True))


def _check_threshold(threshold_sd: float) -> None:
    low, high = THRESHOLD_RANGE
    if not low <= threshold_sd <= high:  # also true for NaN
        raise BoneAgeError("threshold", low=low, high=high)


def _one_line(text: Any, field: str) -> str:
    """A text as reports can hold it: control characters and breaks are spaces."""
    if not isinstance(text, str) or not (line := "".join(sign if sign.isprintable() else " " for sign in text).strip()):
        broken("empty", field=field)
    if len(line) > _LONGEST_NAME:
        broken("long", field=field, most=_LONGEST_NAME)
    return line


def _table(rows: Any, key: str) -> GrowthTable:
    if not isinstance(rows, list) or len(rows) < 2:
        broken("short", table=key)
    for row in rows:
        if not isinstance(row, dict) or set(row) != _ROW_KEYS or not all(is_number(value) for value in row.values()):
            broken("row", table=key)
    ages, means, sds = (frozen_array([row[name] for row in rows]) for name in ("ca", "mean", "sd"))
    if ages[0] < 0 or np.any(np.diff(ages) <= 0) or np.any(np.diff(means) <= 0) or np.any(sds < _LEAST_SD):
        broken("order", table=key)
    return GrowthTable(ages, means, sds)
