"""The columns of the table of a batch: words and native values of a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Sex
from bone_age_gui.wording.language import mark, tr
from bone_age_gui.wording.records import notes_of
from bone_age_gui.wording.values import (
    DOUBTFUL,
    flag_words,
    limit_words,
    list_difference,
    name_words,
    open_range_words,
    sentence_case,
    short_range,
    stated_age_words,
    years_words,
)
from bone_age_gui.wording.window import sex_words

SortValue = str | float | None
"""``None`` where there is none; all of one column are texts, or all are numbers."""


@dataclass(frozen=True)
class ListColumn:
    """One column: its words and the value that it sorts by, both made from a record; ``sample`` gives its width.

    ``wraps``: its words may take two lines where the reasons lack room.
    """

    title: str
    sample: str
    words: Callable[[CaseRecord], str]
    value: Callable[[CaseRecord], SortValue]
    is_number: bool = False
    wraps: bool = False


def _patient(record: CaseRecord) -> str:
    """The name; the number where there is none."""
    return name_words(record.patient_name) or record.patient_id or ""


def _age(months: float | None) -> str:
    return years_words(months) if months is not None else ""


def _chronological(record: CaseRecord) -> str:
    words = stated_age_words(record.chronological_age_months, record.chronological_age_interval_months)
    return words if record.chronological_age_interval_months else _age(record.chronological_age_months)


def _interval(record: CaseRecord) -> str:
    low, high = record.interval_low_months, record.interval_high_months
    if low is not None and high is not None:
        return short_range(low, high)
    return open_range_words(low, high) if low is not None or high is not None else ""


def _interval_width(record: CaseRecord) -> float | None:
    low, high = record.interval_low_months, record.interval_high_months
    return high - low if low is not None and high is not None else None


def _difference(record: CaseRecord) -> str:
    if record.difference_months is None:
        return ""
    return list_difference(record.difference_months, record.sd_score, record.end)


def _flag(record: CaseRecord) -> str:
    if record.is_refused:
        return tr("Refused")
    if not record.is_doubtful:
        return _flag_title(record, record.borderline)
    return f"{tr(DOUBTFUL)}\n{_flag_title(record)}" if record.flag else tr(DOUBTFUL)


def _flag_title(record: CaseRecord, borderline: bool = False) -> str:
    return sentence_case(flag_words(record.flag, borderline)) if record.flag else ""


COLUMNS = (
    ListColumn(mark("Film"), "radiograph 0000.dcm", lambda record: "", lambda record: None, wraps=True),
    ListColumn(mark("Patient"), "Featherstone, A", _patient, lambda record: _patient(record).casefold() or None),
    ListColumn(
        mark("Sex"),
        mark("female"),
        lambda record: sex_words(Sex(record.sex)) if record.sex else "",
        lambda record: record.sex,
    ),
    ListColumn(
        mark("Age"),
        mark("12 y 10 m"),
        _chronological,
        lambda record: record.chronological_age_months,
        True,
        wraps=True,
    ),
    ListColumn(
        mark("Bone age"),
        mark("Bone age___"),
        lambda record: limit_words(_age(record.bone_age_months), record.end),
        lambda record: record.bone_age_months,
        True,
    ),
    ListColumn(mark("Interval"), mark("10 y 10 m \N{EN DASH} 12 y 10 m"), _interval, _interval_width, True, wraps=True),
    ListColumn(
        mark("Difference"), mark("−100 mo  (−10.0 SD)"), _difference, lambda record: record.difference_months, True
    ),
    ListColumn(mark("Flag"), mark("___Indeterminate"), _flag, _flag, wraps=True),
    ListColumn(mark("Warnings and refusals"), "", notes_of, lambda record: notes_of(record) or None),
)
NAME, FLAG, NOTES = 0, len(COLUMNS) - 2, len(COLUMNS) - 1
