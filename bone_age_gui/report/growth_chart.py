"""Bone age against chronological age on the band of the reference: one drawing for the window and the reports.

It draws on the axes that it is given, so that it needs matplotlib's types only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

from bone_age_gui.core.values.course import course_of
from bone_age_gui.core.values.reading import DECIDED_BY_MODEL, DECIDED_BY_READER
from bone_age_gui.core.values.record import CaseRecord, record_of
from bone_age_gui.core.values.types import Case, Flag, Sex
from bone_age_gui.wording.course import OTHER_FILMS, OTHER_MODEL, mark_words, pace_line
from bone_age_gui.wording.growth_chart import chart_title
from bone_age_gui.wording.height import chart_words
from bone_age_gui.wording.language import directed, number_text, tr

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKERS = {
    Flag.NORMAL: "o",
    Flag.ADVANCED: "^",
    Flag.DELAYED: "v",
    Flag.INDETERMINATE: "D",
    Flag.NO_REFERENCE: "s",
}
READER_MARKER = "D"
"""Hollow and larger than the model's mark, so that both are seen where both ages are the same."""
Corner = Literal["upper left", "lower right"]
YEAR = 12.0
LAST_YEAR = 20


class Reference(Protocol):
    """What the chart needs of ``core.growth.GrowthReference``."""

    @property
    def name(self) -> str:
        """Name of the reference on the chart."""

    def band(self, sex: Sex, threshold_sd: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Ages and the limits of bone age there, in months."""


@dataclass(frozen=True)
class CourseMark:
    """One examination: ages in months; whether it is the film's own, and of another model or version."""

    age: float
    bone_age: float
    is_own: bool = False
    is_other_model: bool = False


@dataclass(frozen=True)
class Marks:
    """What is drawn of one film, ages in months; ``flag`` is that of the model's age, ``None`` without a comparison."""

    sex: Sex | None = None
    age: float | None = None
    model: float | None = None
    interval: tuple[float, float] | None = None
    reader: float | None = None
    flag: Flag | None = None
    words: str = ""
    """A line in the corner that the ages leave free."""
    final_by: str | None = None
    """Whose age was decided to be the final one."""
    course: tuple[CourseMark, ...] = ()
    """All examinations of the child that have an age, in order, this one too."""
    pace: str = ""
    """Since the examination before, in words."""


@dataclass(frozen=True)
class ChartStyle:
    """Colours as matplotlib takes them, and ``size`` of the text in points; lines and marks grow with it."""

    surface: str
    border: str
    text: str
    muted: str
    title: str
    band: str
    flags: Mapping[Flag, str]
    size: float


def tick_words(value: float, _place: float) -> str:
    """A number at an axis."""
    return number_text(value, "g")


def marks_of_case(case: Case) -> Marks:
    """What a case shows; a model's age without an assessment is not drawn."""
    estimate = case.estimate if case.assessment is not None else None
    return Marks(
        sex=case.patient.sex,
        age=case.patient.chronological_age_months,
        model=estimate.bone_age_months if estimate is not None else None,
        interval=estimate.interval_months if estimate is not None else None,
        reader=case.reading.age_months if case.reading is not None else None,
        flag=case.assessment.flag if case.assessment is not None else None,
        words=chart_words(case.adult_height),
        final_by=case.reading.decided_by if case.reading is not None else None,
        **(_course_fields(record_of(case, program_version="", created="")) if case.earlier else {}),
    )


def marks_of_record(record: CaseRecord) -> Marks:
    """What a record shows."""
    low, high = record.interval_low_months, record.interval_high_months
    return Marks(
        sex=Sex(record.sex) if record.sex else None,
        age=record.chronological_age_months,
        model=record.bone_age_months,
        interval=_interval(low, high),
        reader=record.reader_age_months,
        flag=Flag(record.flag) if record.flag else None,
        words=chart_words(record.adult_height),
        final_by=record.decided_by,
        **_course_fields(record),
    )


def _course_fields(record: CaseRecord) -> dict[str, Any]:
    """The child's other examinations, and the pace since the one before."""
    course = tuple(
        CourseMark(age, point.examination.bone_age_months, point.is_own, point.is_other_model)
        for point in course_of(record)
        if (age := point.examination.age_months) is not None
    )
    return {"course": course, "pace": pace_line(record)}


def _interval(low: float | None, high: float | None) -> tuple[float, float] | None:
    """An open side runs to the edge of the chart."""
    if low is None and high is None:
        return None
    return low if low is not None else -math.inf, high if high is not None else math.inf


def draw_growth_chart(
    axes: Axes, marks: Marks, reference: Reference | None, threshold_sd: float | None, style: ChartStyle
) -> None:
    """Draw the band of the child's sex with limits at ``threshold_sd`` SD, and the ages; without either, no band."""
    _style_axes(axes, style)
    name = reference.name if reference is not None else ""
    title = chart_title(marks.sex, threshold_sd if reference is not None else None, name)
    if marks.sex is not None and reference is not None and threshold_sd is not None:
        _draw_band(axes, reference.band(marks.sex, threshold_sd), style)
    axes.set_title(directed(title), color=style.title, fontsize=style.size * 0.9, loc="left")
    if marks.age is not None:
        axes.axvline(marks.age / YEAR, color=style.muted, linewidth=style.size * 0.09, linestyle=":")
    _draw_course(axes, marks, style)
    _draw_model(axes, marks, style)
    _draw_reader(axes, marks, style)
    words, has_course = "\n".join(part for part in (marks.words, marks.pace) if part), len(marks.course) > 1
    corner = legend_corner(marks.age, [age for age in (marks.model, marks.reader) if age is not None])
    if has_course:  # a child's films lie along the band: both corners beside it are free
        _add_legend(axes, corner, "", style)
        _write(axes, "upper left" if corner == "lower right" else "lower right", words, style)
    elif marks.reader is not None:
        _add_legend(axes, corner, words, style)
    elif words:
        _write(axes, corner, words, style)


def legend_corner(age: float | None, bone_ages: Sequence[float]) -> Corner:
    """The corner, as matplotlib names it, that bone ages leave free at an age (all in the same unit)."""
    if age is None or not bone_ages or max(bone_ages, key=lambda mark: abs(mark - age)) <= age:
        return "upper left"
    return "lower right"


def _write(axes: Axes, corner: Corner, words: str, style: ChartStyle) -> None:
    """Words in a corner."""
    x, y, across, down = (0.03, 0.96, "left", "top") if corner == "upper left" else (0.97, 0.04, "right", "bottom")
    axes.text(
        x,
        y,
        directed(words),
        transform=axes.transAxes,
        ha=across,
        va=down,
        color=style.text,
        fontsize=style.size * 0.85,
    )


def _style_axes(axes: Axes, style: ChartStyle) -> None:
    size = style.size * 0.85
    axes.set_facecolor(style.surface)
    axes.set_xlim(0, LAST_YEAR)
    axes.set_ylim(0, LAST_YEAR)
    axes.set_xticks(range(0, LAST_YEAR + 1, 3))
    axes.set_yticks(range(0, LAST_YEAR + 1, 3))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(tick_words)
    across, upwards = directed(tr("Chronological age (years)")), directed(tr("Bone age (years)"))
    axes.set_xlabel(across, color=style.muted, fontsize=size, labelpad=style.size * 0.25)
    axes.set_ylabel(upwards, color=style.muted, fontsize=size, labelpad=style.size * 0.25)
    axes.tick_params(colors=style.muted, labelsize=size, length=style.size * 0.3, width=style.size * 0.07)
    axes.grid(True, color=style.border, linewidth=style.size * 0.055)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_color(style.border)
        spine.set_linewidth(style.size * 0.08)


def _draw_band(axes: Axes, band: tuple[np.ndarray, np.ndarray, np.ndarray], style: ChartStyle) -> None:
    ages, low, high = (values / YEAR for values in band)
    axes.fill_between(ages, low, high, color=style.band, alpha=0.18, linewidth=0)
    for limit in (low, high):
        axes.plot(ages, limit, color=style.band, linewidth=style.size * 0.09)
    axes.plot(ages, (low + high) / 2, color=style.band, linewidth=style.size * 0.1, linestyle="--")


def _draw_model(axes: Axes, marks: Marks, style: ChartStyle) -> None:
    """The model's age in the shape and colour of its flag, with its interval."""
    if marks.model is None:
        return
    flag, name = marks.flag or Flag.NO_REFERENCE, directed(mark_words(DECIDED_BY_MODEL, marks.final_by))
    colour = style.flags[flag]
    if marks.age is None:
        axes.axhline(marks.model / YEAR, color=colour, linewidth=style.size * 0.15, label=name)
        return
    if marks.interval is not None:
        low, high = (float(np.clip(each, 0, LAST_YEAR * YEAR)) for each in marks.interval)
        axes.vlines(marks.age / YEAR, low / YEAR, high / YEAR, color=colour, linewidth=style.size * 0.24)
    axes.plot(
        [marks.age / YEAR], [marks.model / YEAR], MARKERS[flag], color=colour, markersize=style.size * 0.85,
        markeredgecolor=style.surface, markeredgewidth=style.size * 0.1, linestyle="none", label=name, clip_on=False,
    )  # fmt: skip


def _draw_reader(axes: Axes, marks: Marks, style: ChartStyle) -> None:
    """The reader's age as a mark of its own, with a legend that tells the two marks apart."""
    if marks.reader is None:
        return
    name = directed(mark_words(DECIDED_BY_READER, marks.final_by))
    if marks.age is None:
        axes.axhline(marks.reader / YEAR, color=style.text, linewidth=style.size * 0.15, linestyle="--", label=name)
    else:
        axes.plot(
            [marks.age / YEAR], [marks.reader / YEAR], READER_MARKER, color=style.text, fillstyle="none",
            markersize=style.size * 1.2, markeredgewidth=style.size * 0.17, linestyle="none", label=name,
            clip_on=False,
        )  # fmt: skip


def _draw_course(axes: Axes, marks: Marks, style: ChartStyle) -> None:
    """The child's other examinations, joined in order; those of another model or version have a mark of their own."""
    if len(marks.course) < 2:
        return
    ages, bone_ages = ([getattr(each, name) / YEAR for each in marks.course] for name in ("age", "bone_age"))
    axes.plot(ages, bone_ages, color=style.muted, linewidth=style.size * 0.12)
    for is_other, shape, name in ((False, "o", directed(tr(OTHER_FILMS))), (True, "s", directed(tr(OTHER_MODEL)))):
        shown = [each for each in marks.course if not each.is_own and each.is_other_model is is_other]
        if shown:
            axes.plot(
                [each.age / YEAR for each in shown], [each.bone_age / YEAR for each in shown], shape, color=style.text,
                markerfacecolor=style.surface, markersize=style.size * 0.7, markeredgewidth=style.size * 0.14,
                linestyle="none", label=name, clip_on=False,
            )  # fmt: skip


def _add_legend(axes: Axes, corner: Corner, words: str, style: ChartStyle) -> None:
    """What tells the marks apart, in a corner, with words above it."""
    legend = axes.legend(
        loc=corner, fontsize=style.size * 0.85, labelcolor=style.text,
        facecolor=style.surface, edgecolor=style.border, framealpha=0.9, borderpad=0.5, handletextpad=0.5,
        markerscale=0.8, title=directed(words) or None, title_fontsize=style.size * 0.85,
    )  # fmt: skip
    legend.get_title().set_color(style.text)
