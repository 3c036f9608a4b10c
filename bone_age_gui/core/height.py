"""A child's height: its SD score, the adult height that it predicts, and the target height by the parents.

The adult height is that of Bayley and Pinneau (1952): the height at the study date, divided by the share of the adult
height that children of this bone age have reached, by sex and by how far the bone age is from the
chronological one. Between two nodes of a table it is interpolated linearly; outside it there is no value. Ages are in
months, heights in cm.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from bone_age_gui.core.values.adult_height import AdultHeight
from bone_age_gui.core.values.growth_files import broken, frozen_array, is_number, read_table
from bone_age_gui.core.values.types import Patient, Sex

BAYLEY_PINNEAU = "bayley_pinneau.json"
REFERENCES = {"cdc2000": "height_cdc2000.json", "who2007": "height_who2007.json"}
"""Files of the references for the height's SD score, by the names under which they are chosen."""
FIRST_CHOICE = "cdc2000"
REFERENCE_NAMES = {"cdc2000": "CDC 2000", "who2007": "WHO 2007"}
"""What they are called in a sentence."""
PARENTS_CM = 13.0
TARGET_RANGE_CM = 8.5
"""Tanner's target height: boys get 13 cm more than the sum of both parents, girls 13 less; half of it is the target,
and 95 of 100 children are within this of it."""
YEAR = 12.0
PUBLISHED_ERROR = {Sex.MALE: (8.0, 180.0), Sex.FEMALE: (7.0, 156.0)}
"""Limits in cm about a prediction, and the bone age up to which they were stated: Joss, Temperli and Mullis, Arch Dis
Child 1992;67:1357-1362, on 32 boys and 100 girls of tall stature. Later they are smaller, without a figure."""
GROWN_PERCENT = 99.0
_SEXES = {Sex.MALE: "boys", Sex.FEMALE: "girls"}
_LMS_SEXES = {Sex.MALE: "male", Sex.FEMALE: "female"}


class Tempo(StrEnum):
    """Which table: bone age within a year of the chronological age, a year or more ahead, a year or more behind."""

    AVERAGE = "average"
    ACCELERATED = "accelerated"
    RETARDED = "retarded"


class NoPrediction(StrEnum):
    """Why there is no predicted adult height."""

    NO_HEIGHT = "no_height"
    DOUBTFUL = "doubtful"
    SEX_UNKNOWN = "sex_unknown"
    AGE_UNKNOWN = "age_unknown"
    GROWTH_ENDED = "growth_ended"
    OUTSIDE_TABLE = "outside_table"


@dataclass(frozen=True)
class Reached:
    """One table: read-only float64 arrays of equal length, bone ages (rising) and percent of the adult height."""

    ages: np.ndarray
    percents: np.ndarray


@dataclass(frozen=True)
class HeightReference:
    """LMS of height for age by sex: read-only float64 (n, 4) with months (rising), L, M and S."""

    name: str
    source: str
    tables: Mapping[Sex, np.ndarray]

    def sd_score(self, sex: Sex | None, months: float | None, height_cm: float) -> float | None:
        """SD score of a height, 0 at the median; ``None`` outside the table."""
        if sex is None or months is None:
            return None
        table = self.tables[sex]
        if not table[0, 0] <= months <= table[-1, 0]:  # also false for NaN
            return None
        power, median, spread = (float(np.interp(months, table[:, 0], table[:, column])) for column in (1, 2, 3))
        if abs(power) < 1e-6:
            return math.log(height_cm / median) / spread
        return ((height_cm / median) ** power - 1) / (power * spread)


@dataclass(frozen=True)
class HeightTables:
    """All tables, and the reference that was ``chosen`` for the SD score."""

    source: str
    reached: Mapping[tuple[Sex, Tempo], Reached]
    references: Mapping[str, HeightReference]
    chosen: str = FIRST_CHOICE

    @classmethod
    def load(cls, folder: Path) -> HeightTables:
        """Read the tables of a folder.

        Raises
        ------
        BoneAgeError
            ``growth_missing`` if a file can't be read, ``growth_broken`` if it is not a valid table.
        """
        names = {(sex, tempo): f"{text}_{tempo}" for sex, text in _SEXES.items() for tempo in Tempo}
        table = read_table(folder / BAYLEY_PINNEAU, {"source", "rule", *names.values()})
        reached = {key: _reached(table[name], name) for key, name in names.items()}
        references = {name: _reference(folder / file) for name, file in REFERENCES.items()}
        return cls(table["source"], MappingProxyType(reached), MappingProxyType(references))

    @property
    def reference(self) -> HeightReference:
        """The chosen reference of the SD score."""
        return self.references[self.chosen]


def tempo_of(bone_age: float, age: float) -> Tempo:
    """Which table a bone age at a chronological age calls for."""
    if abs(bone_age - age) < YEAR:
        return Tempo.AVERAGE
    return Tempo.ACCELERATED if bone_age > age else Tempo.RETARDED


def target_height(sex: Sex, mother_cm: float, father_cm: float) -> float:
    """Tanner's target height."""
    return (mother_cm + father_cm + (PARENTS_CM if sex is Sex.MALE else -PARENTS_CM)) / 2


def adult_height(
    patient: Patient, bone_age: float | None, tables: HeightTables, *, is_doubtful: bool, has_ended: bool = False
) -> AdultHeight | None:
    """What the heights of a child and of its parents say; ``None`` where none is known.

    Parameters
    ----------
    bone_age : float or None
        The final bone age.
    is_doubtful : bool
        The film may be none to estimate: nothing is predicted from it.
    has_ended : bool
        Growth is known to have ended, whatever the tables say.
    """
    height, mother, father = patient.height_cm, patient.mother_cm, patient.father_cm
    if height is None and (mother is None or father is None):
        return None
    age, sex = patient.chronological_age_months, patient.sex
    score = tables.reference.sd_score(sex, age, height) if height is not None else None
    target = target_height(sex, mother, father) if sex is not None and mother and father else None
    known = AdultHeight(
        height_cm=height,
        height_sd_score=score,
        height_reference=REFERENCE_NAMES[tables.chosen] if score is not None else None,
        mother_cm=mother,
        father_cm=father,
        target_cm=target,
        target_low_cm=target - TARGET_RANGE_CM if target is not None else None,
        target_high_cm=target + TARGET_RANGE_CM if target is not None else None,
    )
    if is_doubtful:
        return _without(known, NoPrediction.DOUBTFUL)
    if has_ended:
        return _without(known, NoPrediction.GROWTH_ENDED)
    return _predicted(known, sex, age, bone_age, tables)


def _predicted(
    known: AdultHeight, sex: Sex | None, age: float | None, bone_age: float | None, tables: HeightTables
) -> AdultHeight:
    if known.height_cm is None:
        return _without(known, NoPrediction.NO_HEIGHT)
    if sex is None:
        return _without(known, NoPrediction.SEX_UNKNOWN)
    if age is None or bone_age is None or not (math.isfinite(age) and math.isfinite(bone_age)):
        return _without(known, NoPrediction.AGE_UNKNOWN)
    tempo = tempo_of(bone_age, age)
    table = tables.reached[sex, tempo]
    if bone_age >= table.ages[-1] and table.percents[-1] >= GROWN_PERCENT:
        return _without(known, NoPrediction.GROWTH_ENDED)
    if not table.ages[0] <= bone_age <= table.ages[-1]:
        return _without(known, NoPrediction.OUTSIDE_TABLE)
    percent = float(np.interp(bone_age, table.ages, table.percents))
    limit, up_to = PUBLISHED_ERROR[sex]
    return replace(
        known,
        predicted_cm=known.height_cm / (percent / 100),
        percent=percent,
        tempo=tempo.value,
        error_cm=limit if bone_age <= up_to else None,
    )


def _without(known: AdultHeight, why: NoPrediction) -> AdultHeight:
    return replace(known, reason=why.value)


def _reached(rows: Any, name: str) -> Reached:
    """``{"7-0": 69.5, ...}``: years and months of bone age, and percent."""
    if not isinstance(rows, dict) or len(rows) < 2:
        broken("short", table=name)
    ages = []
    for key, percent in rows.items():
        match = re.fullmatch(r"([0-9]{1,2})-([0-9]|1[01])", key)
        if match is None or not is_number(percent) or not 0 < percent <= 100:
            broken("percent_row", table=name)
        ages.append(int(match[1]) * YEAR + int(match[2]))
    percents = frozen_array(list(rows.values()))
    if np.any(np.diff(ages) <= 0) or np.any(np.diff(percents) < 0):
        broken("percent_order", table=name)
    return Reached(frozen_array(ages), percents)


def _reference(path: Path) -> HeightReference:
    table = read_table(path, {"name", "source", "unit", "columns", "male", "female"})
    if table["columns"] != ["months", "L", "M", "S"] or not isinstance(table["name"], str):
        broken("columns")
    tables = {sex: _lms(table[key], key) for sex, key in _LMS_SEXES.items()}
    return HeightReference(table["name"], table["source"], MappingProxyType(tables))


def _lms(rows: Any, name: str) -> np.ndarray:
    if not isinstance(rows, list) or len(rows) < 2:
        broken("short", table=name)
    if not all(isinstance(row, list) and len(row) == 4 and all(map(is_number, row)) for row in rows):
        broken("lms_row", table=name)
    table = frozen_array(rows)
    if np.any(np.diff(table[:, 0]) <= 0) or np.any(table[:, 2:] <= 0):
        broken("lms_order", table=name)
    return table
