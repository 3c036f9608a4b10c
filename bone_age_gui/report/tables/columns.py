"""The columns of the tables: order, titles, units and types, for every table format alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.course import course_of, own_pace
from bone_age_gui.core.values.flags import final_borderline, final_flag
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.wording.course import others, pace_since
from bone_age_gui.wording.days import has_jalali, jalali_day
from bone_age_gui.wording.language import mark, tr
from bone_age_gui.wording.marks import without_marks
from bone_age_gui.wording.notices import notice_text
from bone_age_gui.wording.records import reason_of, refusal_line
from bone_age_gui.wording.report import NO_PROOF
from bone_age_gui.wording.run_pages import IN_CM, IN_MONTHS, IN_SD, JALALI
from bone_age_gui.wording.stages import preprocessing_of
from bone_age_gui.wording.values import (
    DECIDED_WORDS,
    DEVICE_WORDS,
    FLAG_WORDS,
    LIMIT_WORDS,
    SEX_WORDS,
    name_words,
    visible,
)


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    MONTHS = "months"
    SCORE = "score"
    NUMBER = "number"
    SHARE = "share"
    DATE = "date"
    TIME = "time"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class ReportColumn:
    """One column.

    ``value`` gives ``str``, ``float``, ``bool``, ``date``, ``datetime`` (UTC, naive) or ``None``; ``width`` is in
    characters.
    """

    key: str
    title: str
    kind: Kind
    width: int
    value: Callable[[CaseRecord], Any]
    headed: str = ""
    """The title with its unit, where it has one."""


def title_of(column: ReportColumn) -> str:
    """The head of a column, with its unit."""
    title = tr(column.title)
    return tr(column.headed, title=title) if column.headed else title


def yes_no(value: bool) -> str:
    """``"yes"`` or ``"no"``, in the language in force."""
    return tr("yes") if value else tr("no")


def _field(key: str, title: str, kind: Kind, width: int) -> ReportColumn:
    return ReportColumn(key, title, kind, width, lambda record: getattr(record, key))


def _text(key: str, title: str, width: int) -> ReportColumn:
    return ReportColumn(key, title, Kind.TEXT, width, lambda record: _clean(getattr(record, key)))


def _words(key: str, title: str, width: int, words: dict[str, str]) -> ReportColumn:
    return ReportColumn(
        key, title, Kind.TEXT, width, lambda record: tr(words.get(getattr(record, key) or "", "")) or None
    )


def _date(key: str, title: str) -> ReportColumn:
    return ReportColumn(key, title, Kind.DATE, 12, lambda record: _day(getattr(record, key)))


def _time(key: str, title: str) -> ReportColumn:
    return ReportColumn(key, title, Kind.TIME, 18, lambda record: _moment(getattr(record, key)))


def _months(key: str, title: str) -> ReportColumn:
    return ReportColumn(key, title, Kind.MONTHS, 13, lambda record: getattr(record, key), IN_MONTHS)


def _height(key: str, title: str, unit: str, kind: Kind = Kind.NUMBER) -> ReportColumn:
    return ReportColumn(
        f"adult_{key}", title, kind, 11,
        lambda record: getattr(record.adult_height, key) if record.adult_height is not None else None,
        unit,
    )  # fmt: skip


def _clean(text: str | None) -> str | None:
    return visible(text) if text else None


def _day(text: str | None) -> date | str | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return text


def _moment(text: str | None) -> datetime | str | None:
    """An ISO time in UTC without a zone, as spreadsheets want it."""
    try:
        when = datetime.fromisoformat(text or "")
    except ValueError:
        return text or None
    return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when


def _notices(record: CaseRecord) -> str | None:
    return _clean(" | ".join(notice_text(notice) for notice in record.notices))


def _doubts(record: CaseRecord) -> str | None:
    return " ".join(notice.code for notice in record.doubts) if record.is_doubtful else None


def _error(record: CaseRecord) -> str | None:
    return _clean(refusal_line(record)) if record.is_refused else None


def _pace(record: CaseRecord) -> float | None:
    pair = own_pace(course_of(record))
    return pair[1].pace if pair is not None else None


def columns_for_people() -> tuple[ReportColumn, ...]:
    """``COLUMNS`` with names as people write them, and beside every day its Jalali one where readers count so."""
    columns: list[ReportColumn] = []
    for column in COLUMNS:
        columns.append(replace(column, value=_name) if column.key == "patient_name" else column)
        if column.kind is Kind.DATE and has_jalali():
            columns.append(_jalali(column))
    return tuple(columns)


def _name(record: CaseRecord) -> str | None:
    return name_words(record.patient_name) or None


def _jalali(column: ReportColumn) -> ReportColumn:
    def value(record: CaseRecord) -> str | None:
        day = column.value(record)
        return without_marks(jalali_day(day) or "") or None if day is not None else None

    return ReportColumn(f"{column.key}_jalali", column.title, Kind.TEXT, 12, value, JALALI)


COLUMNS: tuple[ReportColumn, ...] = (
    _text("file", mark("File"), 34),
    _text("patient_name", mark("Patient name"), 20),
    _text("patient_id", mark("Patient ID"), 14),
    _words("sex", mark("Sex"), 8, SEX_WORDS),
    _date("birth_date", mark("Birth date")),
    _date("study_date", mark("Study date")),
    _months("chronological_age_months", mark("Chronological age")),
    ReportColumn("doubtful", mark("Doubtful (codes)"), Kind.TEXT, 20, _doubts),
    _months("bone_age_months", mark("Bone age by the model")),
    ReportColumn(
        "limit", mark("Limit only"), Kind.TEXT, 9, lambda record: tr(LIMIT_WORDS[record.end]) if record.end else None
    ),
    _months("interval_low_months", mark("Interval from")),
    _months("interval_high_months", mark("Interval to")),
    _field("interval_level", mark("Interval level"), Kind.SHARE, 9),
    _months("spread_months", mark("Uncertainty (1 SD)")),
    _months("difference_months", mark("Difference")),
    _field("sd_score", mark("Difference (SD)"), Kind.SCORE, 11),
    _words("flag", mark("Flag"), 15, FLAG_WORDS),
    _field("borderline", mark("Borderline"), Kind.YES_NO, 10),
    _field("probability_beyond", mark("Probability beyond the limit"), Kind.SHARE, 12),
    ReportColumn("reason", mark("Reason of the flag"), Kind.TEXT, 44, lambda record: _clean(reason_of(record))),
    _months("reader_age_months", mark("Bone age by the reader")),
    _months("blind_age_months", mark("Reader's age before the model's was shown")),
    _words("decided_by", mark("Decided by"), 11, DECIDED_WORDS),
    _text("reader_name", mark("Reader"), 16),
    _time("decided_at", mark("Decided at (UTC)")),
    _months("final_age_months", mark("Final bone age")),
    _months("final_difference_months", mark("Final difference")),
    _field("final_sd_score", mark("Final difference (SD)"), Kind.SCORE, 13),
    ReportColumn(
        "final_flag",
        mark("Final flag"),
        Kind.TEXT,
        15,
        lambda record: tr(FLAG_WORDS.get(final_flag(record) or "", "")) or None,
    ),
    ReportColumn("final_borderline", mark("Final borderline"), Kind.YES_NO, 10, final_borderline),
    _text("remark", mark("Remark"), 30),
    ReportColumn(
        "earlier", mark("Other examinations of the child"), Kind.TEXT, 44, lambda record: _clean(others(record))
    ),
    ReportColumn("pace", mark("Pace (months of bone age a year)"), Kind.NUMBER, 13, _pace),
    ReportColumn("pace_since", mark("Pace since"), Kind.TEXT, 20, lambda record: pace_since(record) or None),
    _months("sd_months", mark("Reference SD")),
    _months("normal_low_months", mark("Normal range from")),
    _months("normal_high_months", mark("Normal range to")),
    _field("threshold_sd", mark("Normal range (SD)"), Kind.NUMBER, 9),
    _field("normal_below", mark("Firm below"), Kind.SHARE, 8),
    _field("beyond_above", mark("Firm above"), Kind.SHARE, 8),
    _text("reference_name", mark("Reference"), 18),
    _text("reference_population", mark("Population of the reference"), 30),
    _months("reference_mean_months", mark("Mean of the reference")),
    _months("brush_mean_months", mark("Brush Foundation mean")),
    _height("height_cm", mark("Height"), IN_CM),
    _height("height_sd_score", mark("Height"), IN_SD, Kind.SCORE),
    _height("predicted_cm", mark("Adult height by Bayley and Pinneau"), IN_CM),
    _height("target_cm", mark("Target height by the parents"), IN_CM),
    ReportColumn("notices", mark("Notices"), Kind.TEXT, 44, _notices),
    ReportColumn("error", mark("Refused because"), Kind.TEXT, 44, _error),
    _text("error_code", mark("Refusal code"), 14),
    _text("laterality", mark("Side"), 6),
    _text("body_part", mark("Body part"), 12),
    _text("modality", mark("Modality"), 9),
    _field("is_phantom", mark("Phantom"), Kind.YES_NO, 9),
    _text("model_name", mark("Model"), 14),
    _text("model_version", mark("Model version"), 9),
    _text("model_sha256", mark("Model SHA-256"), 22),
    _words("device", mark("Device"), 12, DEVICE_WORDS),
    ReportColumn(
        "preprocessing", mark("Preprocessing"), Kind.TEXT, 44, lambda record: _clean(preprocessing_of(record))
    ),
    _text("program_version", mark("Program version"), 9),
    _time("created", mark("Made (UTC)")),
    _field("seconds", mark("Time taken (s)"), Kind.NUMBER, 9),
    ReportColumn("disclaimer", mark("Use"), Kind.TEXT, 30, lambda _: tr(DISCLAIMER)),
    ReportColumn("no_proof", mark("No proof"), Kind.TEXT, 30, lambda _: tr(NO_PROOF)),
)
