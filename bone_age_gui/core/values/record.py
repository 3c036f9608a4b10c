"""One film as one flat record: what every report, the journal of a batch and its table are made from.

A record holds plain values only, so that it survives JSON and the way back from a worker process.
Ages are in months, dates are ISO texts, what is not known is ``None``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bone_age_gui.core.values import strict_json
from bone_age_gui.core.values.adult_height import AdultHeight
from bone_age_gui.core.values.facts import Detail, Fact
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.joints import Joint
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.types import Assessment, Case, DicomReference, Estimate, Radiograph, Stage, StudyTags

DECIDED_BY_MODEL = "model"
DECIDED_BY_READER = "reader"
_LATER: dict[str, Any] = {
    "limits_over_age": [],
    "error_why": "",
    "error_details": {},
    "error_title": None,
    "error_message": None,
    "study": None,
    "device_note": None,
    "adult_height": None,
    "joints": [],
    "probability_beyond": None,
    "chronological_age_interval_months": None,
    "at_least": False,
    "at_most": False,
}
_LATER_NOTICE: dict[str, Any] = {"doubt": False, "why": "", "details": {}, "text": ""}
"""Fields that journals of earlier versions do not hold, and what they are there."""


@dataclass(frozen=True)
class CaseRecord:
    """A case as a report sees it.

    ``file`` is the path as it was given; ``sex`` is ``F`` or ``M`` and ``flag`` a value of ``types.Flag``;
    ``chronological_age_interval_months`` is set where the age is known to the year, month or week only;
    ``limits_over_age`` are then ages with the limit of the flag there; ``reason`` says why the flag is what it is, in
    words themselves in records of versions that kept no details;
    ``at_least`` and ``at_most`` say that the model's age is a limit only: the interval is open on that side;
    ``normal_low_months`` to ``normal_high_months`` is the chronological age -+ ``threshold_sd`` SD;
    ``device_note`` says why the device is not the one that was wanted; ``preprocessing`` says the stages in words;
    ``created`` is an ISO time in UTC; ``decided_by`` is ``model``, ``reader`` or ``None``; ``seconds`` is the time that
    the film took. ``error_code``, ``error_why`` and ``error_details`` are those of the ``BoneAgeError``;
    ``error_title`` and ``error_message`` are the words themselves, in records of versions that kept no details.
    """

    file: str
    patient_name: str | None = None
    patient_id: str | None = None
    sex: str | None = None
    birth_date: str | None = None
    study_date: str | None = None
    chronological_age_months: float | None = None
    chronological_age_interval_months: tuple[float, float] | None = None
    limits_over_age: tuple[tuple[float, float], ...] = ()
    bone_age_months: float | None = None
    at_least: bool = False
    at_most: bool = False
    interval_low_months: float | None = None
    interval_high_months: float | None = None
    interval_level: float | None = None
    spread_months: float | None = None
    difference_months: float | None = None
    sd_months: float | None = None
    sd_score: float | None = None
    normal_low_months: float | None = None
    normal_high_months: float | None = None
    brush_mean_months: float | None = None
    probability_beyond: float | None = None
    threshold_sd: float | None = None
    flag: str | None = None
    reason: Fact | str | None = None
    reader_age_months: float | None = None
    decided_by: str | None = None
    remark: str = ""
    notices: tuple[Notice, ...] = ()
    joints: tuple[Joint, ...] = ()
    error_code: str | None = None
    error_why: str = ""
    error_details: Mapping[str, Detail] = field(default_factory=dict, hash=False)
    error_title: str | None = None
    error_message: str | None = None
    laterality: str | None = None
    body_part: str | None = None
    modality: str | None = None
    is_phantom: bool = False
    model_name: str | None = None
    model_version: str | None = None
    model_sha256: str | None = None
    device: str | None = None
    device_note: Fact | str | None = None
    preprocessing: str | None = None
    program_version: str = ""
    created: str = ""
    seconds: float | None = None
    reference: DicomReference | None = None
    study: StudyTags | None = None
    adult_height: AdultHeight | None = None

    @property
    def is_refused(self) -> bool:
        """True where there is a reason instead of an estimate."""
        return self.error_code is not None

    @property
    def doubts(self) -> tuple[Notice, ...]:
        """Why the estimate may be wrong, empty where the film is fine."""
        return tuple(notice for notice in self.notices if notice.doubt)

    @property
    def is_doubtful(self) -> bool:
        """True where there is an estimate that may be wrong."""
        return self.bone_age_months is not None and bool(self.doubts)

    @property
    def final_age_months(self) -> float | None:
        """The final bone age: the reader's if the reader decided so, else the model's."""
        return self.reader_age_months if self.decided_by == DECIDED_BY_READER else self.bone_age_months

    @property
    def end(self) -> GrowthEnd | None:
        """Which limit the model's age is, ``None`` where it is an age."""
        if self.at_least:
            return GrowthEnd.AT_LEAST
        return GrowthEnd.AT_MOST if self.at_most else None

    @property
    def final_end(self) -> GrowthEnd | None:
        """The same of the final bone age: a reader's is an age."""
        return None if self.decided_by == DECIDED_BY_READER else self.end

    @property
    def final_difference_months(self) -> float | None:
        """The final bone age, less the chronological age."""
        age, final = self.chronological_age_months, self.final_age_months
        return None if age is None or final is None else final - age

    @property
    def final_sd_score(self) -> float | None:
        """``final_difference_months`` in reference SD, ``None`` where the reference gives no SD."""
        difference = self.final_difference_months
        return None if difference is None or not self.sd_months else difference / self.sd_months

    def to_plain(self) -> dict[str, Any]:
        """Values that JSON holds, in the order of the fields."""
        result: dict[str, Any] = strict_json.to_plain(self)
        return result

    @classmethod
    def from_plain(cls, values: Any) -> CaseRecord:
        """The way back. ``ValueError`` for missing, unknown or wrongly typed fields; later ones may be missing."""
        complete = _completed(values) if isinstance(values, dict) else values
        record: CaseRecord = strict_json.from_plain(cls, complete, "record")
        return record


def _completed(values: dict[str, Any]) -> dict[str, Any]:
    """A record of an earlier version with the fields that it did not hold."""
    notices = values.get("notices")
    if isinstance(notices, list):
        notices = [{**_LATER_NOTICE, **notice} if isinstance(notice, dict) else notice for notice in notices]
        values = {**values, "notices": notices}
    return {**_LATER, **values}


@dataclass(frozen=True)
class MadeBy:
    """The model and the device behind an answer, a refusal included; the names are those of ``CaseRecord``."""

    model_name: str
    model_version: str
    model_sha256: str
    device: str
    device_note: Fact | str | None


def loggable(record: CaseRecord, file: str, made_by: MadeBy) -> CaseRecord:
    """A record as a terminal or a service gives it away: without patient and study; a refused film names the model too.

    ``file`` is the film as whoever asked called it.
    """
    record = replace(record, patient_name=None, patient_id=None, birth_date=None, reference=None, study=None)
    return replace(record, file=file, **vars(made_by))


def record_of(case: Case, *, program_version: str, created: datetime | str) -> CaseRecord:
    """Flatten a case; numbers that are not finite become ``None``.

    ``created`` is a time with its zone, or its ISO text.
    """
    patient, error, reading = case.patient, case.error, case.reading
    return CaseRecord(
        file=str(case.path) if case.path is not None else "",
        patient_name=patient.name,
        patient_id=patient.patient_id,
        sex=str(patient.sex) if patient.sex is not None else None,
        birth_date=_iso(patient.birth_date),
        study_date=_iso(patient.study_date),
        chronological_age_months=_finite(patient.chronological_age_months),
        chronological_age_interval_months=patient.chronological_age_interval_months,
        reader_age_months=_finite(reading.age_months) if reading else None,
        decided_by=reading.decided_by if reading else None,
        remark=reading.remark if reading else "",
        notices=case.all_notices,
        joints=case.quality.hand.joints if case.quality is not None and case.quality.hand is not None else (),
        adult_height=case.adult_height,
        error_code=error.code if error else None,
        error_why=error.why if error else "",
        error_details=error.details if error else {},
        preprocessing=_stage_words(case.stages),
        program_version=program_version,
        created=created if isinstance(created, str) else created.isoformat(timespec="seconds"),
        seconds=round(sum(case.timings.values()), 4) if case.timings else None,
        **_film_fields(case.radiograph),
        **_estimate_fields(case.estimate),
        **_assessment_fields(case.assessment),
    )


def _film_fields(film: Radiograph | None) -> dict[str, Any]:
    if film is None:
        return {}
    return {
        "laterality": film.laterality,
        "body_part": film.body_part,
        "modality": film.modality,
        "is_phantom": film.is_phantom,
        "reference": film.reference,
        "study": film.study,
    }


def _estimate_fields(estimate: Estimate | None) -> dict[str, Any]:
    if estimate is None:
        return {}
    low, high = estimate.interval_months or (None, None)
    return {
        "bone_age_months": _finite(estimate.bone_age_months),
        "at_least": estimate.end is GrowthEnd.AT_LEAST,
        "at_most": estimate.end is GrowthEnd.AT_MOST,
        "interval_low_months": _finite(low),
        "interval_high_months": _finite(high),
        "interval_level": estimate.interval_level,
        "spread_months": _finite(estimate.spread_months),
        "model_name": estimate.model_name,
        "model_version": estimate.model_version,
        "model_sha256": estimate.model_sha256,
        "device": estimate.device,
        "device_note": estimate.device_note,
    }


def _assessment_fields(assessment: Assessment | None) -> dict[str, Any]:
    if assessment is None:
        return {}
    low, high = assessment.normal_range_months or (None, None)
    return {
        "difference_months": _finite(assessment.difference_months),
        "sd_months": _finite(assessment.sd_months),
        "sd_score": _finite(assessment.sd_score),
        "normal_low_months": _finite(low),
        "normal_high_months": _finite(high),
        "brush_mean_months": _finite(assessment.brush_mean_months),
        "probability_beyond": _finite(assessment.probability_beyond),
        "threshold_sd": assessment.threshold_sd,
        "flag": str(assessment.flag),
        "reason": assessment.reason,
        "limits_over_age": assessment.limits_over_age,
    }


def _stage_words(stages: tuple[Stage, ...]) -> str | None:
    return "; ".join(f"{stage.title}: {stage.caption}" for stage in stages) or None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None
