"""The values that walk along the line: file -> Radiograph -> Stage* -> Estimate -> Assessment -> Case.

All are frozen; arrays are marked read-only by whoever makes them. Ages are in months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from bone_age_gui.core.values.adult_height import AdultHeight
from bone_age_gui.core.values.age import months_between
from bone_age_gui.core.values.bounds import Form, Spelled, Uid
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.quality import HandSide, Notice, Quality
from bone_age_gui.core.values.reading import Examination, Reading


class Sex(StrEnum):
    """Sex of the child as the network knows it; *unknown* is ``None``, never a member."""

    FEMALE = "F"
    MALE = "M"


class Flag(StrEnum):
    """What the comparison with the chronological age says."""

    NORMAL = "normal"
    ADVANCED = "advanced"
    DELAYED = "delayed"
    INDETERMINATE = "indeterminate"
    NO_REFERENCE = "no_reference"


@dataclass(frozen=True)
class Patient:
    """Who was radiographed and when. What is not known is ``None``; nothing is guessed."""

    sex: Sex | None = None
    birth_date: date | None = None
    study_date: date | None = None
    stated_age_months: float | None = None
    """Age as given (DICOM age string or typed), used where a date is missing."""
    name: str | None = None
    patient_id: str | None = None
    height_cm: float | None = None
    """At the study date."""
    mother_cm: float | None = None
    father_cm: float | None = None
    stated_age_unit_months: float = 0.0
    """Width of the stated age: 12 for an age in completed years; 0 for one that is exact."""

    @property
    def chronological_age_months(self) -> float | None:
        """Age at the study date; from the dates if both are known, else the stated age."""
        if self.birth_date is not None and self.study_date is not None:
            return months_between(self.birth_date, self.study_date)
        return self.stated_age_months

    @property
    def has_two_ages(self) -> bool:
        """True where a birth date and an age are stated, which a person may give one of."""
        return self.birth_date is not None and self.stated_age_months is not None

    @property
    def has_study_before_birth(self) -> bool:
        """True where both dates are known and contradict each other."""
        return self.birth_date is not None and self.study_date is not None and self.study_date < self.birth_date

    @property
    def chronological_age_interval_months(self) -> tuple[float, float] | None:
        """From the stated age to the next of its unit; ``None`` where the age is exact or not known."""
        dated = self.birth_date is not None and self.study_date is not None
        if dated or self.stated_age_months is None or self.stated_age_unit_months <= 0:
            return None
        return self.stated_age_months, self.stated_age_months + self.stated_age_unit_months


@dataclass(frozen=True)
class PixelSpacing:
    """Distance between pixel centres in mm. ``plane`` is ``"patient"`` where the file says it was
    calibrated at the patient, ``"detector"`` where it holds only ImagerPixelSpacing (distances
    then include the geometric magnification)."""

    row_mm: float
    column_mm: float
    plane: str


@dataclass(frozen=True)
class DicomReference:
    """What a report needs to point back to its source image."""

    sop_class_uid: Uid
    sop_instance_uid: Uid
    study_instance_uid: Uid
    series_instance_uid: Uid


@dataclass(frozen=True)
class StudyTags:
    """What a DICOM study says of itself, for the reports that join it; empty where it says nothing."""

    study_id: Spelled = ""
    study_time: Annotated[str, Form(r"(\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?)?", "time")] = ""
    accession_number: Spelled = ""
    referring_physician: Spelled = ""
    description: Spelled = ""
    patient_id_issuer: Spelled = ""


@dataclass(frozen=True)
class GreyUnits:
    """What a film's greys mean in its own units: its values at grey 0 and at grey 65535, between which it is linear."""

    black: float
    white: float


@dataclass(frozen=True)
class Radiograph:
    """One film as read, before any stage.

    Attributes
    ----------
    pixels : numpy.ndarray
        uint16, shape (height, width), 0 to 65535, bone bright on a dark background.
    made_by : tuple of Fact
        How the pixels were made, in order: decoded, rescaled, ...; ``wording.pixels`` says it.
    inverted : bool
        True if the film had a bright background *although its tags said otherwise* (or had no tags) and was
        turned round by us.
    bits : int
        Significant bits of the stored pixels.
    source : str
        ``"dicom"`` or ``"picture"``.
    units : GreyUnits or None
        ``None`` where the greys are not linear in the film's own units (tables, sigmoid windows).
    has_window : bool
        True if the pixels are seen through a window or table that the file brings.
    """

    pixels: np.ndarray
    path: Path | None = None
    size: tuple[int, int] | None = None
    """Height and width, also where the pixels were given up; ``None`` for films that were not read from a file."""
    source: str = "picture"
    bits: int = 8
    made_by: tuple[Fact, ...] = ()
    inverted: bool = False
    units: GreyUnits | None = None
    has_window: bool = False
    spacing: PixelSpacing | None = None
    laterality: str | None = None
    body_part: str | None = None
    modality: str | None = None
    patient: Patient = Patient()
    reference: DicomReference | None = None
    study: StudyTags | None = None
    is_phantom: bool = False
    """True for the drawn sample: its age means nothing."""
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Stage:
    """One picture on the way to the network: ``pixels`` uint8 or uint16, shape (height, width).

    ``key`` is stable (``cleaned equalised sharpened gamma network``), ``parameters`` are those really used.
    """

    key: str
    pixels: np.ndarray
    parameters: Mapping[str, Any]

    @property
    def fact(self) -> Fact:
        """What ``wording.stages`` says: the key, and those parameters that are numbers or texts."""
        whole = {name: int(value) if isinstance(value, (bool, np.bool_)) else value
                 for name, value in self.parameters.items()}  # fmt: skip
        return Fact(self.key, {name: value for name, value in whole.items() if isinstance(value, (int, float, str))})


@dataclass(frozen=True)
class Estimate:
    """The model's estimate of one film.

    ``spread_months`` is the calibrated standard uncertainty, ``interval_months`` holds the reading in
    ``interval_level`` of cases and is infinite where an ``end`` (the age is a limit only) leaves it open; ``None``
    without a distribution. ``novelty`` is the distance of the features to those of the training films, ``heat_map``
    float32 (h, w) in 0..1 in the network stage's frame, ``device_note`` says why it is not the device wanted.
    """

    bone_age_months: float
    spread_months: float | None
    interval_months: tuple[float, float] | None
    interval_level: float | None
    sex: Sex | None
    device: str
    model_name: str
    model_version: str
    model_sha256: str
    seconds: float
    end: GrowthEnd | None = None
    novelty: float | None = None
    distribution: np.ndarray | None = None
    heat_map: np.ndarray | None = None
    device_note: Fact | None = None
    learned_from: str | None = None
    """The films that the model learned from, as its card names them."""


@dataclass(frozen=True)
class Assessment:
    """The estimate beside the chronological age (both months) and the reference.

    ``sd_months`` is the reference SD at the chronological age, ``sd_score`` the difference in those SDs,
    ``normal_range_months`` the chronological age -+ ``threshold_sd`` SD, ``brush_mean_months`` the Brush Foundation
    mean bone age, and ``probability_beyond`` how likely the bone age lies beyond the limit, on the side of the
    difference. ``reason`` says why the flag is what it is (``core.growth``); ``borderline`` that the limit is too close
    for a firm flag, by ``cut_offs`` (``CutOffs``). ``brush_mean_months`` is ``None`` with a reference of one's own.
    """

    flag: Flag
    reason: Fact
    threshold_sd: float
    chronological_age_months: float | None = None
    difference_months: float | None = None
    sd_months: float | None = None
    sd_score: float | None = None
    normal_range_months: tuple[float, float] | None = None
    brush_mean_months: float | None = None
    probability_beyond: float | None = None
    chronological_age_interval_months: tuple[float, float] | None = None
    """As the patient's: set where the age is not exact."""
    borderline: bool = False
    cut_offs: tuple[float, float] | None = None
    reference_name: str | None = None
    reference_population: str | None = None
    reference_mean_months: float | None = None
    limits_over_age: tuple[tuple[float, float], ...] = ()
    """Where the age is not exact: ages of it, each with the limit there, in months."""


@dataclass(frozen=True)
class Case:
    """One radiograph with its patient, stages, estimate and assessment, or the reason there is none.

    ``notices`` are those of the estimate; the film's own stand in ``radiograph``, and ``all_notices`` has both.
    """

    path: Path | None
    patient: Patient = Patient()
    radiograph: Radiograph | None = None
    stages: tuple[Stage, ...] = ()
    estimate: Estimate | None = None
    assessment: Assessment | None = None
    notices: tuple[Notice, ...] = ()
    error: BoneAgeError | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds by step: ``read prepare infer assess``."""
    reading: Reading | None = None
    reader_assessment: Assessment | None = None
    """That of the reader's age, where it is the final one."""
    quality: Quality | None = None
    insisted: bool = False
    """True where a person wants an estimate although the film was refused."""
    hand_side: HandSide | None = None
    """Which of two hands a person chose, as pictured."""
    adult_height: AdultHeight | None = None
    earlier: tuple[Examination, ...] = ()
    """Other examinations of the same child, oldest first."""

    @property
    def all_notices(self) -> tuple[Notice, ...]:
        """What must be known of the film, its quality and its estimate, each once; doubts come first."""
        film = self.radiograph.notices if self.radiograph is not None else ()
        doubts = self.quality.doubts if self.quality is not None else ()
        return tuple(sorted(dict.fromkeys((*doubts, *film, *self.notices)), key=lambda notice: not notice.doubt))

    @property
    def doubts(self) -> tuple[Notice, ...]:
        """Why the estimate may be wrong; empty where the film is fine."""
        return tuple(notice for notice in self.all_notices if notice.doubt)
