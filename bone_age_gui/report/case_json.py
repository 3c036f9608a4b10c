"""One film as JSON: one schema for ``--json``, JSON lines and reports; the README describes it.

The top level holds the model's estimate, ``final`` what counts: the reader's bone age if the reader decided so, else
the model's. Ages are in months, dates are ISO texts, what is not known is ``null``. A program that reads it should take
fields that it does not know as they come: new ones may join without a new version, none changes its meaning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Literal, TypedDict

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.flags import final_borderline, final_flag
from bone_age_gui.core.values.joints import Joint
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.strict_json import json_line
from bone_age_gui.core.values.types import Flag, Sex
from bone_age_gui.wording.language import in_english
from bone_age_gui.wording.notices import notice_text
from bone_age_gui.wording.records import device_note_of, final_reason_of, reason_of, refusal_words_of
from bone_age_gui.wording.report import NO_PROOF
from bone_age_gui.wording.stages import preprocessing_of

SCHEMA_VERSION = 1
_PLAIN = (
    "patient_name", "patient_id", "sex", "birth_date", "study_date", "chronological_age_months",
    "chronological_age_interval_months", "bone_age_months", "at_least", "at_most",
    "interval_low_months", "interval_high_months", "interval_level", "spread_months",
    "difference_months", "sd_score", "sd_months", "normal_low_months", "normal_high_months", "threshold_sd",
    "brush_mean_months", "reference_mean_months", "reference_name", "reference_population", "probability_beyond",
    "normal_below", "beyond_above", "flag", "borderline", "reason", "reader_age_months", "blind_age_months",
    "reading_order", "decided_by", "remark",
)  # fmt: skip
_ABOUT = (
    "laterality", "body_part", "modality", "is_phantom", "model_version", "model_sha256", "device", "device_note",
    "preprocessing", "program_version", "created", "seconds",
)  # fmt: skip


class FinalAge(TypedDict):
    """The age that counts."""

    months: float
    difference_months: float | None
    sd_score: float | None
    flag: Flag | None
    borderline: bool
    reason: str | None
    by: Literal["model", "reader"]
    reader: str | None
    decided_at: str | None


class RefusalWords(TypedDict):
    """Why there is no estimate."""

    title: str
    message: str
    code: str


class NoticeWords(TypedDict):
    """What to know before the estimate is trusted."""

    code: str
    text: str
    loud: bool
    doubt: bool


def _same(name: str) -> Callable[[CaseRecord], Any]:
    return lambda record: getattr(record, name)


FIELDS: dict[str, Callable[[CaseRecord], Any]] = {
    "schema_version": lambda _: SCHEMA_VERSION,
    "path": lambda record: record.file,
    **{name: _same(name) for name in _PLAIN},
    "reason": reason_of,
    "final": lambda record: _final(record),
    "earlier": lambda record: [asdict(each) for each in record.earlier],
    "adult_height": lambda record: asdict(record.adult_height) if record.adult_height is not None else None,
    "doubtful": lambda record: [notice.code for notice in record.doubts],
    "joints": lambda record: [asdict(joint) for joint in record.joints],
    "warnings": lambda record: [notice_text(notice) for notice in record.notices],
    "notices": lambda record: [_notice(notice) for notice in record.notices],
    "error": lambda record: _error(record),
    "model": lambda record: record.model_name,
    **{name: _same(name) for name in _ABOUT},
    "device_note": device_note_of,
    "preprocessing": preprocessing_of,
    "reference": lambda record: asdict(record.reference) if record.reference is not None else None,
    "study": lambda record: asdict(record.study) if record.study is not None else None,
    "disclaimer": lambda _: DISCLAIMER,
    "no_proof": lambda _: NO_PROOF,
}
"""Every field, in order, and how it is made from a record."""

KINDS: dict[str, Any] = {
    "schema_version": Literal[1],
    "path": str,
    "sex": Sex | None,
    "flag": Flag | None,
    "reason": str | None,
    "final": FinalAge | None,
    "doubtful": list[str],
    "joints": list[Joint],
    "warnings": list[str],
    "notices": list[NoticeWords],
    "error": RefusalWords | None,
    "model": str | None,
    "preprocessing": str | None,
    "device_note": str | None,
    "disclaimer": str,
    "no_proof": str,
}
"""The types of the fields that a record does not hold as they are; all others have the record's own."""


def case_json(record: CaseRecord) -> dict[str, Any]:
    """The object of one film."""
    with in_english():
        return {name: make(record) for name, make in FIELDS.items()}


def case_line(record: CaseRecord) -> str:
    """The object of one film on one line of ASCII. ``ValueError`` for NaN."""
    return json_line(case_json(record))


def _notice(notice: Notice) -> dict[str, Any]:
    return {"code": notice.code, "text": notice_text(notice), "loud": notice.loud, "doubt": notice.doubt}


def _final(record: CaseRecord) -> dict[str, Any] | None:
    if record.final_age_months is None:
        return None
    return {
        "months": record.final_age_months,
        "difference_months": record.final_difference_months,
        "sd_score": record.final_sd_score,
        "flag": final_flag(record),
        "borderline": final_borderline(record),
        "reason": final_reason_of(record),
        "by": record.final_by,
        "reader": record.reader_name,
        "decided_at": record.decided_at,
    }


def _error(record: CaseRecord) -> dict[str, Any] | None:
    if record.error_code is None:
        return None
    words = refusal_words_of(record)
    return {"title": words.title, "message": words.message, "code": record.error_code}
