"""All examinations of a child in order, with the pace between them: months of bone age in a year."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Protocol

from bone_age_gui.core.values.age import months_between
from bone_age_gui.core.values.reading import Examination
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.reported import ReportedExamination
from bone_age_gui.core.values.types import Patient, Sex

_Child = tuple[str, str, str]
LEAST_MONTHS = 3.0
"""Between films that lie closer together the uncertainty of both is larger than what a child grows: no pace is said."""


@dataclass(frozen=True)
class CoursePoint:
    """One examination; ``is_own`` for the film that is looked at.

    ``pace`` is in months of bone age per year since the point before, ``None`` where that is too close or not known;
    ``is_other_model`` says that another model or version was in use than for the film that is looked at.
    """

    examination: Examination
    is_own: bool = False
    pace: float | None = None
    is_other_model: bool = False


def examination_in(record: CaseRecord, image: str) -> Examination | None:
    """A record's final bone age as other films of the child show it; ``None`` where it has none."""
    final = record.final_age_months
    if final is None:
        return None
    return Examination(
        image=image,
        bone_age_months=final,
        study_date=record.study_date,
        age_months=record.chronological_age_months,
        by=record.final_by,
        sd_score=record.final_sd_score,
        model_name=record.model_name,
        model_version=record.model_version,
        is_doubtful=record.is_doubtful,
        end=record.final_end,
    )


class EarlierAges(Protocol):
    """Final bone ages of children that are kept on this machine."""

    def of(self, patient: Patient) -> tuple[Examination, ...]:
        """Earlier examinations of a child, each with an ``image`` of its own kind."""

    def image_of(self, uid: str) -> str:
        """The ``image`` of the film with this SOP instance UID."""


def with_earlier(
    records: Sequence[CaseRecord], reported: Iterable[ReportedExamination] = (), kept: EarlierAges | None = None
) -> tuple[CaseRecord, ...]:
    """Each record with the other examinations of its child: among the records, those that reports hold, and kept ones.

    A child is known by number, birth date and sex, all three; of the same film a record outranks what
    is kept, which outranks a report; of two reports the later one counts.
    """
    children: dict[_Child, dict[str, Examination]] = {}
    for each in sorted(reported, key=lambda each: each.made_at):
        patient = each.patient
        born = patient.birth_date.isoformat() if patient.birth_date is not None else ""
        uid = each.image_uid or each.report_uid
        if child := _child(patient.patient_id, born, patient.sex):
            children.setdefault(child, {})[uid] = replace(each.examination, image=image_key(uid))
    keys = [_child(record.patient_id, record.birth_date, record.sex) for record in records]
    uids = [_uid_of(record) for record in records]
    if kept is not None:
        for child in {child for child in keys if child}:
            _add_kept(children.setdefault(child, {}), child, kept, set(uids))
    for record, child, uid in zip(records, keys, uids, strict=True):
        examination = examination_in(record, image_key(uid))
        if child and examination is not None:
            children.setdefault(child, {})[uid] = examination
    return tuple(
        replace(record, earlier=_others(children.get(child, {}), uid)) if child else record
        for record, child, uid in zip(records, keys, uids, strict=True)
    )


def _add_kept(examinations: dict[str, Examination], child: _Child, kept: EarlierAges, own: set[str]) -> None:
    """What is kept of a child, but for films of which there is a record, in place of what reports say."""
    number, born, sex = child
    images = {kept.image_of(uid): uid for uid in examinations.keys() | own}
    for each in kept.of(Patient(Sex(sex), date.fromisoformat(born), patient_id=number)):
        uid = images.get(each.image)
        if uid not in own:
            examinations[uid or each.image] = replace(each, image=image_key(uid) if uid else each.image)


def image_key(uid: str) -> str:
    """By what a film is known beside its child's other films."""
    return hashlib.sha256(uid.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _uid_of(record: CaseRecord) -> str:
    return record.reference.sop_instance_uid if record.reference is not None else record.file


def _child(number: str | None, born: str | None, sex: str | None) -> _Child | None:
    stripped = (number or "").strip()
    return (stripped, born, str(sex)) if stripped and born and sex else None


def _others(examinations: Mapping[str, Examination], own: str) -> tuple[Examination, ...]:
    others = (each for uid, each in examinations.items() if uid != own)
    return tuple(sorted(others, key=lambda each: (each.study_date or "", each.image)))


def course_of(record: CaseRecord) -> tuple[CoursePoint, ...]:
    """The examinations of a record's child, oldest first; empty where there is no other than its own."""
    own = examination_in(record, image="") if record.earlier else None
    if own is None:
        return ()
    every = sorted([*record.earlier, own], key=_place)
    points = []
    for place, each in enumerate(every):
        other = (each.model_name, each.model_version) != (own.model_name, own.model_version)
        pace = _pace(every[place - 1], each) if place else None
        points.append(CoursePoint(each, each is own, pace, other and each.model_name is not None))
    return tuple(points)


def own_pace(points: Sequence[CoursePoint]) -> tuple[CoursePoint, CoursePoint] | None:
    """The point before the film that is looked at, and that film, where there is a pace between them."""
    for before, point in pairwise(points):
        if point.is_own and point.pace is not None:
            return before, point
    return None


def _place(each: Examination) -> tuple[bool, str | float, str]:
    """By date, or by age in reports that hold no dates; what has neither comes last."""
    if each.study_date is not None:
        return False, each.study_date, each.image
    if each.age_months is not None:
        return False, f"{each.age_months:09.3f}", each.image
    return True, "", each.image


def _pace(before: Examination, after: Examination) -> float | None:
    months = _months_between(before, after)
    is_limit = before.end is not None or after.end is not None
    if is_limit or months is None or months < LEAST_MONTHS:
        return None
    return 12 * (after.bone_age_months - before.bone_age_months) / months


def _months_between(before: Examination, after: Examination) -> float | None:
    if before.study_date is not None and after.study_date is not None:
        try:
            return months_between(date.fromisoformat(before.study_date), date.fromisoformat(after.study_date))
        except ValueError:
            return None
    if before.age_months is not None and after.age_months is not None:
        return after.age_months - before.age_months
    return None
