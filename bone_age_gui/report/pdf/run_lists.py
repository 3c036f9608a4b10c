"""The lists in the report of a run: films to look at, doubtful films, refused files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bone_age_gui.core.values.flags import beyond_limit, final_borderline, final_flag
from bone_age_gui.core.values.reading import DECIDED_BY_MODEL
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Flag
from bone_age_gui.report.pdf.lines import shorten, widest, wrap
from bone_age_gui.report.pdf.page import BOTTOM, INNER, MARGIN, MUTED, Page
from bone_age_gui.wording.language import number_text, tr
from bone_age_gui.wording.notices import notice_text
from bone_age_gui.wording.records import refusal_line
from bone_age_gui.wording.run_pages import continued
from bone_age_gui.wording.values import (
    DECIDED_WORDS,
    SEX_WORDS,
    difference_words,
    flag_words,
    limit_words,
    list_difference,
    percent_words,
    visible,
    years_words,
)

_ROW = 4.6
_SIZE = 8.0
_GAP = 2.6
"""Between columns, in mm."""
_LEAST_NAME = 24.0
"""Width in mm of the names of films."""
_NARROW = 22.0
"""A column as narrow as this in mm keeps its words whole: a sex or an age cut in its middle says nothing."""
_SHOWN = (Flag.ADVANCED.value, Flag.DELAYED.value, Flag.INDETERMINATE.value)


def flagged_pages(records: Sequence[CaseRecord]) -> list[Page]:
    """Films whose flag is not normal, or borderline: those that lie farthest beyond the limit come first."""
    heads = (tr("Film"), tr("Sex"), tr("Age"), tr("Bone age"), tr("Difference"), tr("Flag"), tr("Beyond"), tr("By"))
    shown = [record for record in records if final_flag(record) in _SHOWN or final_borderline(record)]
    ordered = sorted(shown, key=beyond_limit, reverse=True)
    rows = [_flagged_row(record, in_full=True) for record in ordered]
    if _widths(heads, rows)[0] < _LEAST_NAME + 0.01:  # a language of long words
        rows = [_flagged_row(record, in_full=False) for record in ordered]
    return _list_pages(tr("Films to look at"), heads, _widths(heads, rows), rows)


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """What every column needs in the language; the first has the rest, or the wide ones give it its least."""
    columns = list(zip(heads, *rows, strict=True))[1:]
    wanted = [max(widest(texts[:1], _SIZE, bold=True), widest(texts[1:], _SIZE)) + _GAP for texts in columns]
    wide = sum(width for width in wanted if width > _NARROW)
    scale = min(1.0, max(0.0, INNER - _LEAST_NAME - (sum(wanted) - wide)) / wide) if wide else 1.0
    others = [width * scale if width > _NARROW else width for width in wanted]
    return [INNER - sum(others), *others]


def _flagged_row(record: CaseRecord, in_full: bool) -> tuple[str, ...]:
    age = record.chronological_age_months
    by = record.decided_by or "model"
    chance = record.probability_beyond if by == DECIDED_BY_MODEL else None
    return (
        _name(record),
        tr(SEX_WORDS[record.sex]) if record.sex else "?",
        years_words(age) if age is not None else "",
        _age_words(record),
        _difference(record, in_full),
        flag_words(final_flag(record) or "no_reference", final_borderline(record)),
        percent_words(chance) if chance is not None else "",
        tr(DECIDED_WORDS[by]),
    )


def _difference(record: CaseRecord, in_full: bool) -> str:
    months, score, end = record.final_difference_months, record.final_sd_score, record.final_end
    if in_full or months is None:
        return difference_words(months, score, end=end)
    return list_difference(months, score, end)


def doubtful_pages(records: Sequence[CaseRecord]) -> list[Page]:
    """Films whose bone age may be wrong, with every reason."""
    rows = [
        (_name(record), _age_words(record), visible(" ".join(notice_text(notice) for notice in record.doubts)))
        for record in records
        if record.is_doubtful
    ]
    heads, widths = (tr("Film"), tr("Bone age"), tr("Why")), (42.0, 30.0, INNER - 72.0)
    return _list_pages(tr("Doubtful films"), heads, widths, rows)


def _age_words(record: CaseRecord) -> str:
    if record.final_age_months is None:
        return ""
    return limit_words(years_words(record.final_age_months), record.final_end)


def refused_pages(records: Sequence[CaseRecord]) -> list[Page]:
    rows = [(_name(record), visible(refusal_line(record))) for record in records if record.is_refused]
    return _list_pages(tr("Refused files"), (tr("File"), tr("Why")), (50.0, INNER - 50.0), rows)


def _name(record: CaseRecord) -> str:
    return visible(Path(record.file.replace("\\", "/")).name)


def _list_pages(title: str, heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]]) -> list[Page]:
    """As many pages as the rows need, each with the heads; names are shortened, all else takes the lines it needs."""
    pages: list[Page] = []
    for row in rows:
        cells = [wrap(text, width - 2, _SIZE) for text, width in zip(row[1:], widths[1:], strict=True)]
        lines = max(map(len, cells))
        if not pages or pages[-1].y + _ROW * lines > BOTTOM:
            heading = title if not pages else continued(title)
            pages.append(_list_page(heading, number_text(len(rows)), heads, widths))
        page = pages[-1]
        x, top = MARGIN, page.y
        page.text(x, top + _SIZE * 0.487, shorten(row[0], widths[0] - 2, _SIZE, middle=True), _SIZE)
        lowest = top + _ROW
        for cell, before in zip(cells, widths[:-1], strict=True):
            x, page.y = x + before, top
            page.lines(x, cell, _SIZE)
            lowest = max(lowest, page.y)
        page.y = lowest + (1.0 if lines > 1 else 0.0)
    return pages


def _list_page(title: str, count: str, heads: Sequence[str], widths: Sequence[float]) -> Page:
    page = Page()
    page.head(title, count)
    page.y += 7
    x = MARGIN
    for head, width in zip(heads, widths, strict=True):
        page.text(x, page.y, shorten(head, width - 1, _SIZE, bold=True), _SIZE, bold=True, colour=MUTED)
        x += width
    page.y += 1.6
    page.rule(page.y)
    page.y += 0.8
    return page
