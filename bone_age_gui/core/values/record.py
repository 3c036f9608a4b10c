"""One film as one flat record: what every report, the journal of a batch and its table are made from.

A record holds plain values only, so that it survives JSON and the way back from a worker process.
Ages are in months, dates are ISO texts, what is not known is ``None``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any

from bone_age_gui.core.values import strict_json
from bone_age_gui.core.values.adult_height import AdultHeight
from bone_age_gui.core.values.bounds import Day, Moment, Number, OneOf, Share, Spelled, Within
from bone_age_gui.core.values.facts import Detail, Fact
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.joints import Joint
from bone_age_gui.core.values.outline import hand_outline
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.reading import DECIDED_BY_MODEL, DECIDED_BY_READER, Examination
from bone_age_gui.core.values.record_parts import (
    assessment_fields,
    estimate_fields,
    film_fields,
    finite,
    iso_day,
    reading_fields,
)
from bone_age_gui.core.values.record_versions import completed
from bone_age_gui.core.values.types import Case, DicomReference, Flag, Sex, StudyTags


@dataclass(frozen=True)
class CaseRecord:
    """A case as a report sees it.

    ``file`` is the path as it was given; ``sex`` is ``F`` or ``M`` and ``flag`` a value of ``types.Flag``;
    ``chronological_age_interval_months`` is set where the age is known to the year, month or week only;
    ``limits_over_age`` are then ages with the limit of the flag there; ``reason`` says why the flag is what it is, in
    words themselves in records of versions that kept no details; the flag is ``borderline`` where
    ``probability_beyond`` lies from ``normal_below`` to ``beyond_above``;
    ``at_least`` and ``at_most`` say that the model's age is a limit only: the interval is open on that side;
    ``normal_low_months`` to ``normal_high_months`` is the chronological age -+ ``threshold_sd`` SD;
    ``hand_outline`` is a closed line about the hand in pixels of a film of ``film_rows`` by ``film_columns``;
    ``device_note`` says why the device is not the one that was wanted; ``preprocessing`` holds the stages with
    their parameters, or words in records of earlier versions; ``created`` is an ISO time in UTC; ``decided_by`` is
    ``model``, ``reader`` or ``None``, with ``reader_name`` and the ISO time ``decided_at`` as far as they are known;
    ``blind_age_months`` is the reader's age as it was given before the estimate was shown, and ``reading_order``
    whose age was there first (``reader_first``, ``model_first``); ``seconds`` is the time that the film took.
    ``error_code``, ``error_why`` and ``error_details`` are those of the ``BoneAgeError``; ``error_title`` and
    ``error_message`` are the words themselves, in records of versions that kept no details.
    """

    file: str
    patient_name: Spelled | None = None
    patient_id: Spelled | None = None
    sex: Annotated[str, OneOf(tuple(Sex))] | None = None
    birth_date: Day | None = None
    study_date: Day | None = None
    chronological_age_months: Number | None = None
    chronological_age_interval_months: tuple[float, float] | None = None
    limits_over_age: tuple[tuple[float, float], ...] = ()
    bone_age_months: Number | None = None
    at_least: bool = False
    at_most: bool = False
    interval_low_months: Number | None = None
    interval_high_months: Number | None = None
    interval_level: Share | None = None
    spread_months: Number | None = None
    difference_months: Number | None = None
    sd_months: Annotated[float, Within(1e-3, 1e4)] | None = None
    sd_score: Number | None = None
    normal_low_months: Number | None = None
    normal_high_months: Number | None = None
    brush_mean_months: Number | None = None
    probability_beyond: Share | None = None
    threshold_sd: Annotated[float, Within(0, 100)] | None = None
    flag: Annotated[str, OneOf(tuple(Flag))] | None = None
    borderline: bool = False
    normal_below: Share | None = None
    beyond_above: Share | None = None
    reference_name: str | None = None
    reference_population: str | None = None
    reference_mean_months: Number | None = None
    reason: Fact | str | None = None
    reader_age_months: Number | None = None
    decided_by: Annotated[str, OneOf((DECIDED_BY_MODEL, DECIDED_BY_READER))] | None = None
    reader_name: Spelled | None = None
    decided_at: Moment | None = None
    blind_age_months: Number | None = None
    reading_order: str | None = None
    final_reason: Fact | str | None = None
    """Why the flag of the reader's age is what it is, where that is the final one; else ``reason`` says it."""
    remark: Spelled = ""
    notices: tuple[Notice, ...] = ()
    joints: tuple[Joint, ...] = ()
    film_rows: Annotated[int, Within(1, 1e6)] | None = None
    film_columns: Annotated[int, Within(1, 1e6)] | None = None
    hand_outline: tuple[tuple[float, float], ...] = ()
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
    learned_from: str | None = None
    device: str | None = None
    device_note: Fact | str | None = None
    preprocessing: tuple[Fact, ...] | str | None = None
    program_version: str = ""
    created: Moment = ""
    seconds: Number | None = None
    reference: DicomReference | None = None
    study: StudyTags | None = None
    adult_height: AdultHeight | None = None
    earlier: tuple[Examination, ...] = ()

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
        """Whether the final bone age is an age or only a limit; a reader's is always an age."""
        return None if self.decided_by == DECIDED_BY_READER else self.end

    @property
    def final_by(self) -> str:
        """Whose age is the final one: the model's unless the reader decided for another."""
        return DECIDED_BY_READER if self.decided_by == DECIDED_BY_READER else DECIDED_BY_MODEL

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
        values: dict[str, Any] = strict_json.to_plain(self)
        return values

    @classmethod
    def from_plain(cls, values: Any) -> CaseRecord:
        """The way back. ``ValueError`` for missing, unknown or wrongly typed fields; later ones may be missing."""
        complete = completed(values) if isinstance(values, dict) else values
        record: CaseRecord = strict_json.from_plain(cls, complete, "record")
        if record.sd_months is not None and record.threshold_sd is None:  # no limit is invented for a comparison
            raise strict_json.BadFieldError("lacks", "record", names=("threshold_sd",))
        return record


@dataclass(frozen=True)
class MadeBy:
    """Model and device of an estimate or a refusal, under the names of ``CaseRecord``."""

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
    return replace(record, file=file, earlier=(), **vars(made_by))


def record_of(case: Case, *, program_version: str, created: datetime | str) -> CaseRecord:
    """Flatten a case; numbers that are not finite become ``None``.

    ``created`` is a time with its zone, or its ISO text.
    """
    patient, error = case.patient, case.error
    return CaseRecord(
        file=str(case.path) if case.path is not None else "",
        patient_name=patient.name,
        patient_id=patient.patient_id,
        sex=str(patient.sex) if patient.sex is not None else None,
        birth_date=iso_day(patient.birth_date),
        study_date=iso_day(patient.study_date),
        chronological_age_months=finite(patient.chronological_age_months),
        chronological_age_interval_months=patient.chronological_age_interval_months,
        **reading_fields(case.reading),
        final_reason=case.reader_assessment.reason if case.reader_assessment is not None else None,
        earlier=case.earlier,
        notices=case.all_notices,
        joints=case.quality.hand.joints if case.quality is not None and case.quality.hand is not None else (),
        hand_outline=hand_outline(case),
        adult_height=case.adult_height,
        error_code=error.code if error else None,
        error_why=error.why if error else "",
        error_details=error.details if error else {},
        preprocessing=tuple(stage.fact for stage in case.stages) or None,
        program_version=program_version,
        created=created if isinstance(created, str) else created.isoformat(timespec="seconds"),
        seconds=round(sum(case.timings.values()), 4) if case.timings else None,
        **film_fields(case.radiograph),
        **estimate_fields(case.estimate),
        **assessment_fields(case.assessment),
    )
