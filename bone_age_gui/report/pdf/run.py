"""The report of a whole run as PDF: counts, distributions, films to look at, refusals, agreement with the reader."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from bone_age_gui.core.values.flags import final_flag, limit_of
from bone_age_gui.core.values.reading import DECIDED_BY_READER
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Flag
from bone_age_gui.core.values.whole_files import write_content
from bone_age_gui.report.growth_chart import MARKERS, tick_words
from bone_age_gui.report.pdf.file import pdf_of
from bone_age_gui.report.pdf.lines import widest, wrap
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
)
from bone_age_gui.report.pdf.run_lists import doubtful_pages, flagged_pages, refused_pages
from bone_age_gui.report.tables.summary import AGREEMENT_FACTOR, Agreement, Summary, count_rows, summarise
from bone_age_gui.wording.days import day_words, exact_time
from bone_age_gui.wording.language import directed, number_text, tr
from bone_age_gui.wording.program import made_by_words, program_name
from bone_age_gui.wording.report import BURNT_IN, NO_PROOF, REMARKS_KEPT, reference_words, rule_words
from bone_age_gui.wording.run_pages import agreement_title, compared_with, span_words
from bone_age_gui.wording.values import (
    FLAG_WORDS,
    in_sd,
    signed,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_YEAR = 12.0
_GAP = 12.0
_HALF = (INNER - _GAP) / 2


def write_run_pdf(records: Sequence[CaseRecord], path: Path, *, anonymous: bool = False) -> Path:
    """Write the report of a run, A4; ``records`` may be empty.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
    newest = max((record.created for record in records), default="")
    version = next((record.program_version for record in records if record.program_version), "")
    foot = made_by_words(version, newest)
    content = pdf_of(run_pages(records, anonymous=anonymous), tr("Bone age: report of a run"), foot)
    return write_content(path, content)


def run_pages(records: Sequence[CaseRecord], *, anonymous: bool = False) -> list[Page]:
    """The pages of the report, not yet numbered."""
    summary = summarise(records)
    times = sorted(record.created for record in records if record.created)
    first = _first_page(records, summary, times)
    last = _made_with(first, records, summary, anonymous)
    return [first, *flagged_pages(records), *doubtful_pages(records), *refused_pages(records), *last]


def _first_page(records: Sequence[CaseRecord], summary: Summary, times: list[str]) -> Page:
    page = Page()
    page.head(tr("Bone age: report of a run"), day_words(times[-1][:10]) if times else "")
    top = page.y + 5
    page.y = top
    rows = [(name, _shown(value)) for name, value in count_rows(summary)]
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


def _shown(value: str | int) -> str:
    return value if isinstance(value, str) else number_text(value)


def _made_with(page: Page, records: Sequence[CaseRecord], summary: Summary, anonymous: bool) -> list[Page]:
    """Models and program, on the first page where there is room; gives back the page that was added."""
    hashes = dict.fromkeys(record.model_sha256 for record in records if record.model_sha256)
    times = sorted(record.created for record in records if record.created)
    rows = [(tr("Model"), "; ".join(summary.models) or tr("no film was estimated"))]
    rows += [(tr("Model SHA-256"), value) for value in hashes]
    rows += [(tr("Program"), "; ".join(dict.fromkeys(program_name(record.program_version) for record in records)))]
    rows += [(tr("Made"), span_words(exact_time(times[0]), exact_time(times[-1])))] if times else []
    rows += [(tr("Reference"), text) for text in dict.fromkeys(_comparison(record) for record in records) if text]
    rows += [(tr("No proof"), tr(NO_PROOF))]
    rows += [(tr("Privacy"), f"{tr(BURNT_IN)} {tr(REMARKS_KEPT)}")] if anonymous else []
    added = []
    lines = sum(len(wrap(text, INNER - 30, 8)) for _, text in rows)
    if page.y + 14 + 5 * lines > BOTTOM:
        page = Page()
        page.head(tr("How the estimates were made"))
        added.append(page)
    page.heading(tr("Made with"))
    page.pairs(MARGIN, 30, INNER, [row for row in rows if row[1]], 8)
    return added


def _comparison(record: CaseRecord) -> str:
    """With what a film was compared, and by which rule; empty where there was no comparison."""
    if record.sd_months is None:
        return ""
    rule = "" if record.decided_by == DECIDED_BY_READER else rule_words(record)
    compared = compared_with(reference_words(record), limit_of(record))
    return f"{compared} {rule}".strip()


def _plot(page: Page, title: str, x: float, y: float, width: float, height: float, right: float = 1) -> Axes:
    """Axes with a title, room for labels at the left and below, and ``right`` mm at the right."""
    page.text(x, y + 3, title, 8.5, bold=True, colour=ACCENT)
    axes = page.chart(x, y + 6, width, height - 18, 12, right)
    axes.tick_params(labelsize=7, colors=MUTED, length=2, width=0.5)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(tick_words)
    axes.grid(True, color=RULE, linewidth=0.4)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_color(RULE)
        spine.set_linewidth(0.6)
    return axes


def _label(axes: Axes, x: str, y: str) -> None:
    axes.set_xlabel(directed(x), fontsize=7, color=MUTED, labelpad=2)
    axes.set_ylabel(directed(y), fontsize=7, color=MUTED, labelpad=2)


def _flag_bars(page: Page, summary: Summary, x: float, y: float, width: float, height: float) -> None:
    page.text(x, y + 3, tr("Flags"), 8.5, bold=True, colour=ACCENT)
    most = max((count for _, count in summary.flags), default=0) or 1
    start = max(26, widest((tr(FLAG_WORDS[flag]) for flag, _ in summary.flags), 8.5) + 3)
    room = width - start - 12
    step = (height - 8) / len(summary.flags)
    for place, (flag, count) in enumerate(summary.flags):
        line = y + 8 + place * step
        page.text(x, line + 4.4, tr(FLAG_WORDS[flag]), 8.5)
        if count:
            page.box(x + start, line, room * count / most, 6, FLAG_COLOURS[flag])
        page.text(x + start + 2 + room * count / most, line + 4.4, number_text(count), 8.5, colour=MUTED)


def _ages(page: Page, records: Sequence[CaseRecord], x: float, y: float, width: float, height: float) -> None:
    axes = _plot(page, tr("Final bone ages"), x, y, width, height)
    years = [record.final_age_months / _YEAR for record in records if record.final_age_months is not None]
    last = int(np.ceil(max(19.0, *years))) if years else 19
    axes.hist(years, bins=list(range(last + 1)), color="#2f6fb3", alpha=0.75, edgecolor="white", linewidth=0.6)
    axes.set_xlim(0, last)
    axes.set_xticks(range(0, last + 1, 3))
    if not years:
        axes.set_ylim(0, 1)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    _label(axes, tr("Bone age (years)"), tr("Films"))


def _scatter(page: Page, records: Sequence[CaseRecord], x: float, y: float, width: float, height: float) -> None:
    axes = _plot(page, tr("Bone age against chronological age"), x, y, width, height)
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
            name = directed(tr(FLAG_WORDS[flag]))
            axes.plot(ages, bones, MARKERS[Flag(flag)], color=colour, markersize=3.2, alpha=0.75, label=name)
    axes.plot([0, 19], [0, 19], color=MUTED, linewidth=0.7, linestyle="--")
    axes.set_xlim(0, 19)
    axes.set_ylim(0, 19)
    axes.set_xticks(range(0, 20, 3))
    axes.set_yticks(range(0, 20, 3))
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=6.5, loc="upper left", frameon=False, handletextpad=0.2, borderpad=0.2)
    else:
        axes.text(9.5, 16, directed(tr("no chronological age is known")), fontsize=7, color=MUTED, ha="center")
    _label(axes, tr("Chronological age (years)"), tr("Bone age (years)"))


def _bland_altman(page: Page, agreed: Agreement, x: float, y: float, width: float, height: float) -> None:
    axes = _plot(page, agreement_title(len(agreed.differences)), x, y, width, height, 27)
    means = agreed.means / _YEAR
    axes.plot(means, agreed.differences, "o", color="#2f6fb3", markersize=3.4, alpha=0.75)
    lines = [(tr("mean"), agreed.bias, "-")]
    for sign, limit in zip((-1, 1), agreed.limits or (), strict=agreed.limits is not None):
        lines.append((in_sd(sign * AGREEMENT_FACTOR, 2), limit, "--"))
    reach = 1.25 * max(1.0, *(abs(value) for _, value, _ in lines), float(np.abs(agreed.differences).max()))
    axes.set_ylim(-reach, reach)
    for name, value, style in lines:
        axes.axhline(value, color=INK, linewidth=0.9, linestyle=style)
        axes.annotate(
            directed(f"{name} {signed(value)}"), (1.01, value), xycoords=("axes fraction", "data"), fontsize=7,
            color=INK, va="center", annotation_clip=False,
        )  # fmt: skip
    _label(axes, tr("Mean of model and reader (years)"), tr("Model less reader (months)"))
