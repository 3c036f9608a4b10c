"""The report of a whole run as PDF: counts, distributions, films to look at, refusals, agreement with the reader."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from bone_age_gui.core.values.age import format_months
from bone_age_gui.core.values.flags import final_flag
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Flag
from bone_age_gui.core.values.whole_files import write_whole
from bone_age_gui.report.growth_chart import MARKERS
from bone_age_gui.report.pdf.page import (
    ACCENT,
    BOTTOM,
    FLAG_COLOURS,
    INK,
    INNER,
    MARGIN,
    MUTED,
    RULE,
    Page,
    save_pages,
    shorten,
    wrap,
)
from bone_age_gui.report.tables.summary import FLAG_ROW, Agreement, Summary, summarise, summary_rows
from bone_age_gui.wording.notices import notice_text
from bone_age_gui.wording.records import refusal_line
from bone_age_gui.wording.report import BURNT_IN, REMARKS_KEPT, made_words
from bone_age_gui.wording.values import FLAG_WORDS, MINUS, difference_words, end_words, signed, visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_YEAR = 12.0
_ROW = 4.6
_SIZE = 8.0
_SHOWN = (Flag.ADVANCED.value, Flag.DELAYED.value, Flag.INDETERMINATE.value)
_GAP = 12.0
_HALF = (INNER - _GAP) / 2


def write_run_pdf(records: Sequence[CaseRecord], path: Path, *, anonymous: bool = False) -> Path:
    """Write the report of a run, A4; ``records`` may be empty.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
    made = max((record.created for record in records), default="")
    version = next((record.program_version for record in records if record.program_version), "")
    foot = f"Bone Age {version}, {made_words(made) if made else ''}".rstrip(", ")
    pages = run_pages(records, anonymous=anonymous)
    return write_whole(path, lambda temporary: save_pages(pages, temporary, "Bone age: report of a run", foot))


def run_pages(records: Sequence[CaseRecord], *, anonymous: bool = False) -> list[Page]:
    """The pages of the report, not yet numbered."""
    summary = summarise(records)
    made = sorted(record.created for record in records if record.created)
    first = _first_page(records, summary, made)
    last = _made_with(first, records, summary, anonymous)
    return [first, *_doubtful(records), *_flagged(records), *_refused(records), *last]


def _first_page(records: Sequence[CaseRecord], summary: Summary, made: list[str]) -> Page:
    page = Page()
    page.head("Bone age: report of a run", made[-1][:10] if made else "")
    top = page.y + 5
    page.y = top
    rows = [(name, str(value)) for name, value in summary_rows(summary) if not name.startswith(FLAG_ROW)]
    page.pairs(MARGIN, 54, _HALF + 8, rows, 8.5)
    end = page.y
    _flag_bars(page, summary, MARGIN + _HALF + _GAP, top, _HALF, 52)
    page.y = max(end, top + 54)
    middle = page.y + 4
    shown = [record for record in records if record.bone_age_months is not None]
    _ages(page, shown, MARGIN, middle, _HALF, 68)
    _scatter(page, shown, MARGIN + _HALF + _GAP, middle, _HALF, 68)
    page.y = middle + 68
    if summary.agreement is not None:
        _bland_altman(page, summary.agreement, MARGIN, page.y + 4, INNER, 62)
        page.y += 66
    return page


def _made_with(page: Page, records: Sequence[CaseRecord], summary: Summary, anonymous: bool) -> list[Page]:
    """Models and program, on the first page where there is room; gives back the page that was added."""
    hashes = dict.fromkeys(record.model_sha256 for record in records if record.model_sha256)
    made = sorted(record.created for record in records if record.created)
    rows = [("Model", "; ".join(summary.models) or "no film was estimated")]
    rows += [("Model SHA-256", value) for value in hashes]
    rows += [("Program", "; ".join(dict.fromkeys(f"Bone Age {record.program_version}" for record in records)))]
    rows += [("Made", f"{made_words(made[0])} to {made_words(made[-1])}")] if made else []
    rows += [("Privacy", f"{BURNT_IN} {REMARKS_KEPT}")] if anonymous else []
    added = []
    if page.y + 14 + 5 * (len(rows) + len(summary.models)) > BOTTOM:
        page = Page()
        page.head("How the estimates were made")
        added.append(page)
    page.heading("Made with")
    page.pairs(MARGIN, 30, INNER, [row for row in rows if row[1]], 8)
    return added


def _plot(page: Page, title: str, x: float, y: float, width: float, height: float) -> Axes:
    """Axes with a title, room for labels at the left and below."""
    page.text(x, y + 3, title, 8.5, bold=True, colour=ACCENT)
    axes = page.axes(x + 12, y + 6, width - 13, height - 18)
    axes.tick_params(labelsize=7, colors=MUTED, length=2, width=0.5)
    axes.grid(True, color=RULE, linewidth=0.4)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_color(RULE)
        spine.set_linewidth(0.6)
    return axes


def _label(axes: Axes, x: str, y: str) -> None:
    axes.set_xlabel(x, fontsize=7, color=MUTED, labelpad=2)
    axes.set_ylabel(y, fontsize=7, color=MUTED, labelpad=2)


def _flag_bars(page: Page, summary: Summary, x: float, y: float, width: float, height: float) -> None:
    page.text(x, y + 3, "Flags", 8.5, bold=True, colour=ACCENT)
    most = max((count for _, count in summary.flags), default=0) or 1
    room = width - 26 - 12
    step = (height - 8) / len(summary.flags)
    for place, (flag, count) in enumerate(summary.flags):
        line = y + 8 + place * step
        page.text(x, line + 4.4, FLAG_WORDS[flag], 8.5)
        if count:
            page.box(x + 26, line, room * count / most, 6, FLAG_COLOURS[flag])
        page.text(x + 28 + room * count / most, line + 4.4, str(count), 8.5, colour=MUTED)


def _ages(page: Page, records: Sequence[CaseRecord], x: float, y: float, width: float, height: float) -> None:
    axes = _plot(page, "Final bone ages", x, y, width, height)
    years = [record.final_age_months / _YEAR for record in records if record.final_age_months is not None]
    last = int(np.ceil(max(19.0, *years))) if years else 19
    axes.hist(years, bins=list(range(last + 1)), color="#2f6fb3", alpha=0.75, edgecolor="white", linewidth=0.6)
    axes.set_xlim(0, last)
    axes.set_xticks(range(0, last + 1, 3))
    if not years:
        axes.set_ylim(0, 1)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    _label(axes, "Bone age (years)", "Films")


def _scatter(page: Page, records: Sequence[CaseRecord], x: float, y: float, width: float, height: float) -> None:
    axes = _plot(page, "Bone age against chronological age", x, y, width, height)
    for flag, colour in FLAG_COLOURS.items():
        points = [
            (record.chronological_age_months / _YEAR, record.final_age_months / _YEAR)
            for record in records
            if final_flag(record) == flag
            and record.chronological_age_months is not None
            and record.final_age_months is not None
        ]
        if points:
            ages, bones = zip(*points, strict=True)
            axes.plot(
                ages, bones, MARKERS[Flag(flag)], color=colour, markersize=3.2, alpha=0.75, label=FLAG_WORDS[flag]
            )
    axes.plot([0, 19], [0, 19], color=MUTED, linewidth=0.7, linestyle="--")
    axes.set_xlim(0, 19)
    axes.set_ylim(0, 19)
    axes.set_xticks(range(0, 20, 3))
    axes.set_yticks(range(0, 20, 3))
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=6.5, loc="upper left", frameon=False, handletextpad=0.2, borderpad=0.2)
    else:
        axes.text(9.5, 16, "no chronological age is known", fontsize=7, color=MUTED, ha="center")
    _label(axes, "Chronological age (years)", "Bone age (years)")


def _bland_altman(page: Page, agreed: Agreement, x: float, y: float, width: float, height: float) -> None:
    title = f"Model against reader (Bland-Altman), {len(agreed.differences)} films"
    axes = _plot(page, title, x, y, width - 26, height)
    means = agreed.means / _YEAR
    axes.plot(means, agreed.differences, "o", color="#2f6fb3", markersize=3.4, alpha=0.75)
    lines = [("mean", agreed.bias, "-")]
    lines += (
        []
        if agreed.limits is None
        else [(f"{MINUS}1.96 SD", agreed.limits[0], "--"), ("+1.96 SD", agreed.limits[1], "--")]
    )
    reach = 1.25 * max(1.0, *(abs(value) for _, value, _ in lines), float(np.abs(agreed.differences).max()))
    axes.set_ylim(-reach, reach)
    for name, value, style in lines:
        axes.axhline(value, color=INK, linewidth=0.9, linestyle=style)
        axes.annotate(
            f"{name} {signed(value)}", (1.01, value), xycoords=("axes fraction", "data"), fontsize=7, color=INK,
            va="center", annotation_clip=False,
        )  # fmt: skip
    _label(axes, "Mean of model and reader (years)", "Model less reader (months)")


def _flagged(records: Sequence[CaseRecord]) -> list[Page]:
    """Films whose flag is not normal."""
    heads = ("Film", "Sex", "Age", "Bone age", "Difference", "Flag", "By")
    widths = (37.0, 8.0, 18.0, 30.0, 44.0, 22.0, 15.0)
    rows = [_flagged_row(record) for record in records if final_flag(record) in _SHOWN]
    return _list_pages("Films to look at: not normal", heads, widths, rows)


def _flagged_row(record: CaseRecord) -> tuple[str, ...]:
    age = record.chronological_age_months
    return (
        _name(record),
        record.sex or "?",
        format_months(age) if age is not None else "",
        _age_words(record),
        difference_words(record.final_difference_months, record.final_sd_score, end=record.final_end),
        FLAG_WORDS[final_flag(record) or "no_reference"],
        record.decided_by or "model",
    )


def _doubtful(records: Sequence[CaseRecord]) -> list[Page]:
    """Films whose bone age may be wrong, with every reason: the first to look at."""
    rows = [
        (_name(record), _age_words(record), visible(" ".join(notice_text(notice) for notice in record.doubts)))
        for record in records
        if record.is_doubtful
    ]
    heads, widths = ("Film", "Bone age", "Why"), (42.0, 30.0, INNER - 72.0)
    return _list_pages("Films to look at: doubtful", heads, widths, rows, wrapped=True)


def _age_words(record: CaseRecord) -> str:
    if record.final_age_months is None:
        return ""
    return f"{end_words(record.final_end)}{format_months(record.final_age_months)}"


def _refused(records: Sequence[CaseRecord]) -> list[Page]:
    rows = [(_name(record), visible(refusal_line(record))) for record in records if record.is_refused]
    return _list_pages("Refused files", ("File", "Why"), (50.0, INNER - 50.0), rows, wrapped=True)


def _name(record: CaseRecord) -> str:
    return visible(Path(record.file.replace("\\", "/")).name)


def _list_pages(
    title: str, heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]], wrapped: bool = False
) -> list[Page]:
    """As many pages as the rows need, each with the heads; the last column may wrap."""
    pages: list[Page] = []
    for row in rows:
        lines = max(3, len(wrap(row[-1], widths[-1], _SIZE))) if wrapped else 1
        if not pages or pages[-1].y + _ROW * lines > BOTTOM:
            pages.append(_list_page(title if not pages else f"{title}, continued", f"{len(rows)}", heads, widths))
        page = pages[-1]
        x, top = MARGIN, page.y
        last = len(row) - 1
        for place, (text, width) in enumerate(zip(row, widths, strict=True)):
            if wrapped and place == last:
                page.y = top
                page.paragraph(x, width, text, _SIZE)
            else:
                page.text(x, top + _SIZE * 0.487, shorten(text, width - 2, _SIZE, middle=True), _SIZE)
            x += width
        page.y = max(page.y, top + _ROW) + (1.0 if wrapped else 0.0)
    return pages


def _list_page(title: str, count: str, heads: Sequence[str], widths: Sequence[float]) -> Page:
    page = Page()
    page.head(title, count)
    page.y += 7
    x = MARGIN
    for head, width in zip(heads, widths, strict=True):
        page.text(x, page.y, head, _SIZE, bold=True, colour=MUTED)
        x += width
    page.y += 1.6
    page.rule(page.y)
    page.y += 0.8
    return page
