"""Bone age against chronological age on the band of the reference, for a page of the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Sex
from bone_age_gui.report.pdf.page import ACCENT, FLAG_COLOURS, INK, MUTED, RULE, Page

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_YEAR = 12.0
_LAST_YEAR = 20


class Reference(Protocol):
    """What the growth plot needs of ``core.growth.GrowthReference``."""

    def band(self, sex: Sex, threshold_sd: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Ages and the limits of bone age there, in months."""


def legend_corner(age: float | None, marks: Sequence[float]) -> Literal["upper left", "lower right"]:
    """The corner, as matplotlib names it, that bone ages leave free at an age (all in the same unit)."""
    if age is None or max(marks, key=lambda mark: abs(mark - age)) <= age:
        return "upper left"
    return "lower right"


def draw_growth(
    page: Page, record: CaseRecord, reference: Reference | None, x: float, y: float, width: float, height: float
) -> None:
    """Draw the plot into a rectangle given by its upper left corner and size, in mm."""
    axes = page.axes(x + 11, y + 5, width - 12, height - 15)
    sex = Sex(record.sex) if record.sex else None
    threshold = record.threshold_sd or 2.0
    _dress(axes)
    if sex is not None and reference is not None:
        ages, low, high = (values / _YEAR for values in reference.band(sex, threshold))
        axes.fill_between(ages, low, high, color="#2f6fb3", alpha=0.16, linewidth=0)
        for limit in (low, high):
            axes.plot(ages, limit, color="#2f6fb3", linewidth=0.7)
        axes.plot(ages, (low + high) / 2, color="#2f6fb3", linewidth=0.8, linestyle="--")
        title = f"{ {'F': 'Girls', 'M': 'Boys'}[sex] }, \N{PLUS-MINUS SIGN}{threshold:g} SD (Brush Foundation)"
    else:
        title = "No reference band: the sex is not known" if sex is None else "No reference band"
    page.text(x + 11, y + 3, title, 8, bold=True, colour=ACCENT)
    _draw_ages(axes, record)


def _dress(axes: Axes) -> None:
    axes.set_xlim(0, _LAST_YEAR)
    axes.set_ylim(0, _LAST_YEAR)
    axes.set_xticks(range(0, _LAST_YEAR + 1, 3))
    axes.set_yticks(range(0, _LAST_YEAR + 1, 3))
    axes.set_xlabel("Chronological age (years)", fontsize=7, color=MUTED, labelpad=2)
    axes.set_ylabel("Bone age (years)", fontsize=7, color=MUTED, labelpad=2)
    axes.tick_params(labelsize=7, colors=MUTED, length=2, width=0.5)
    axes.grid(True, color=RULE, linewidth=0.4)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_color(RULE)
        spine.set_linewidth(0.6)


def _draw_ages(axes: Axes, record: CaseRecord) -> None:
    """The model's age with its interval, and the reader's as a hollow diamond."""
    age, colour = record.chronological_age_months, FLAG_COLOURS[record.flag or "no_reference"]
    model, reader = record.bone_age_months, record.reader_age_months
    if age is None:
        if model is not None:
            axes.axhline(model / _YEAR, color=colour, linewidth=1.2)
        return
    if record.interval_low_months is not None and record.interval_high_months is not None:
        span = record.interval_low_months / _YEAR, record.interval_high_months / _YEAR
        axes.vlines(age / _YEAR, *span, color=colour, linewidth=1.6)
    if model is not None:
        axes.plot(age / _YEAR, model / _YEAR, "o", color=colour, markersize=5, markeredgecolor="white", label="model")
    if reader is not None:
        axes.plot(age / _YEAR, reader / _YEAR, "D", color="none", markeredgecolor=INK, markersize=5, label="reader")
        corner = legend_corner(age, [mark for mark in (model, reader) if mark is not None])
        axes.legend(fontsize=7, loc=corner, frameon=False, handletextpad=0.2)
