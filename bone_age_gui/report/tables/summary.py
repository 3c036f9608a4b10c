"""What a run comes to: fine, doubtful and refused films, flags, agreement with the reader. Ages in months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

import numpy as np

from bone_age_gui.core.values.flags import final_borderline, final_flag
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Flag
from bone_age_gui.wording.language import mark, tr
from bone_age_gui.wording.records import refusal_words_of
from bone_age_gui.wording.report import model_words
from bone_age_gui.wording.run_pages import bias_words, flag_row, limits_words
from bone_age_gui.wording.values import months_words

AGREEMENT_FACTOR = 1.96
SEX_ROWS = {"F": mark("Girls"), "M": mark("Boys"), "": mark("Sex not known")}
LIMITS_FROM = 3
"""With fewer pairs limits of agreement say nothing."""


@dataclass(frozen=True)
class Agreement:
    """Model against reader: ``means`` and ``differences`` (model less reader) are float64 (n,).

    The limits are bias -+ 1.96 SD, ``None`` below three pairs.
    """

    means: np.ndarray
    differences: np.ndarray
    bias: float
    mean_absolute: float
    limits: tuple[float, float] | None


@dataclass(frozen=True)
class Summary:
    """Counts and statistics of a run; ``doubts`` (codes), ``flags`` and ``refusals`` hold names and counts in order.

    ``flags`` are those of the final bone ages, ``borderline`` how many of them are.
    """

    films: int
    estimated: int
    refused: int
    doubtful: int
    phantoms: int
    noticed: int
    doubts: tuple[tuple[str, int], ...]
    flags: tuple[tuple[str, int], ...]
    borderline: int
    refusals: tuple[tuple[str, int], ...]
    sexes: tuple[tuple[str, int], ...]
    models: tuple[str, ...]
    agreement: Agreement | None


def summarise(records: Sequence[CaseRecord]) -> Summary:
    """Count the films of a run, and compare model and reader."""
    estimated = [record for record in records if record.bone_age_months is not None]
    flags = Counter(final_flag(record) or Flag.NO_REFERENCE.value for record in estimated)
    refusals = Counter(refusal_words_of(record).title for record in records if record.is_refused)
    doubts = Counter(notice.code for record in records if record.is_doubtful for notice in record.doubts)
    sexes = Counter(record.sex or "" for record in records)
    return Summary(
        films=len(records),
        estimated=len(estimated),
        refused=sum(record.is_refused for record in records),
        doubtful=sum(record.is_doubtful for record in records),
        phantoms=sum(record.is_phantom for record in records),
        noticed=sum(bool(record.notices) for record in records),
        doubts=tuple(doubts.most_common()),
        flags=tuple((flag.value, flags[flag.value]) for flag in Flag),
        borderline=sum(final_borderline(record) for record in estimated),
        refusals=tuple(refusals.most_common()),
        sexes=tuple((name, sexes[sex]) for sex, name in SEX_ROWS.items()),
        models=tuple(dict.fromkeys(model_words(record) for record in estimated)),
        agreement=reader_agreement(estimated),
    )


def reader_agreement(records: Sequence[CaseRecord]) -> Agreement | None:
    """Compare model and reader where both gave an age; ``None`` if there is no such film."""
    pairs = [
        (record.bone_age_months, record.reader_age_months)
        for record in records
        if record.bone_age_months is not None and record.reader_age_months is not None
    ]
    if not pairs:
        return None
    model, reader = np.array(pairs, dtype=np.float64).T
    differences = model - reader
    bias = fmean(differences)
    limits = None
    if len(pairs) >= LIMITS_FROM:
        reach = AGREEMENT_FACTOR * stdev(differences)
        limits = (bias - reach, bias + reach)
    return Agreement((model + reader) / 2, differences, bias, fmean(abs(differences)), limits)


def flag_counts(summary: Summary) -> dict[str, tuple[str, int]]:
    """Name and number of films by flag."""
    return {flag: (flag_row(flag), number) for flag, number in summary.flags}


def summary_rows(summary: Summary) -> list[tuple[str, str | int]]:
    """Name and value, for tables."""
    return _rows(summary, list(flag_counts(summary).values()))


def count_rows(summary: Summary) -> list[tuple[str, str | int]]:
    """Rows of counts without the flags, for a page that draws them."""
    return _rows(summary, [])


def _rows(summary: Summary, flags: Sequence[tuple[str, int]]) -> list[tuple[str, str | int]]:
    rows: list[tuple[str, str | int]] = [
        (tr("Films"), summary.films),
        (tr("Estimated"), summary.estimated),
        (tr("Fine"), summary.estimated - summary.doubtful),
        (tr("Doubtful"), summary.doubtful),
        (tr("Refused"), summary.refused),
        *flags,
        (tr("Borderline flags among these"), summary.borderline),
        *((tr(name), number) for name, number in summary.sexes),
        (tr("Films with notices"), summary.noticed),
    ]
    if summary.phantoms:
        rows.append((tr("Phantoms (no children)"), summary.phantoms))
    if summary.agreement is not None:
        rows += _agreement_rows(summary.agreement)
    return rows


def _agreement_rows(agreed: Agreement) -> list[tuple[str, str | int]]:
    rows: list[tuple[str, str | int]] = [
        (tr("Films with a reader's age"), len(agreed.differences)),
        (tr("Model less reader, mean"), bias_words(agreed.bias)),
        (tr("Model less reader, mean absolute"), months_words(agreed.mean_absolute, 1)),
    ]
    if agreed.limits is not None:
        rows.append((tr("Limits of agreement (95 %)"), limits_words(*agreed.limits)))
    return rows
