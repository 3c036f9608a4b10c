"""Bone age against chronological age on the band of the reference table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from bone_age_gui.core.values.types import Case, Flag, Sex
from bone_age_gui.gui.look.theme import Theme, current_theme
from bone_age_gui.gui.work.film import Film
from bone_age_gui.wording.window import clipboard_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg

    from bone_age_gui.core.growth import GrowthReference

MARKERS = {
    Flag.NORMAL: "o",
    Flag.ADVANCED: "^",
    Flag.DELAYED: "v",
    Flag.INDETERMINATE: "D",
    Flag.NO_REFERENCE: "s",
}
READER_MARKER = "D"
"""Hollow and larger than the model's mark, so that both are seen where both ages are the same."""
YEAR = 12.0
LAST_YEAR = 20
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_BOTTOM, MARGIN_TOP = 4.4, 0.9, 4.1, 2.2
"""Room round the axes in text heights."""


def import_matplotlib() -> None:
    """Load matplotlib and its fonts, without Qt; half a second, so it is done in the worker pool.

    Its Qt part is left to `GrowthPlot.make_canvas`: PySide6 sets up classes at their first use, which is not safe in
    two threads at once.
    """
    import matplotlib.backends.backend_agg
    import matplotlib.figure
    import matplotlib.font_manager  # noqa: F401


class GrowthPlot(QWidget):
    """The plot; empty until `make_canvas` was called, so that the window paints before matplotlib is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Growth plot")
        self._canvas: FigureCanvasQTAgg | None = None
        self._film: Film | None = None
        self._reference: GrowthReference | None = None
        self._threshold_sd = 2.0
        self._is_stale = True
        self._waiting = QLabel("The plot is being prepared\N{HORIZONTAL ELLIPSIS}")
        self._waiting.setProperty("role", "muted")
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._waiting)
        self.setMinimumHeight(130)

    def sizeHint(self) -> QSize:
        """Enough for readable axes."""
        return QSize(280, 230)

    @property
    def is_drawn(self) -> bool:
        """True once there is a canvas."""
        return self._canvas is not None

    def make_canvas(self) -> None:
        """Create the canvas; call after `import_matplotlib`."""
        from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
        from matplotlib.figure import Figure

        self._canvas = FigureCanvasQTAgg(Figure())
        self._canvas.mpl_connect("resize_event", lambda _: self._fit_margins())
        self._canvas.setAccessibleName("Bone age against chronological age")
        self._canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._waiting.hide()
        self._column.addWidget(self._canvas)
        self._describe()
        self.refresh()

    def show_film(self, film: Film | None, reference: GrowthReference | None, threshold_sd: float) -> None:
        """Show a film on the band of its sex."""
        before = (self._key(), self._reference, self._threshold_sd)
        self._film, self._reference, self._threshold_sd = film, reference, threshold_sd
        self._describe()
        if before != (self._key(), reference, threshold_sd):
            self.refresh()

    def refresh(self) -> None:
        """Draw again, as after a change of theme; a plot that nobody sees is drawn when it is shown."""
        self._is_stale = True
        if self._canvas is not None and self.isVisible():
            self._draw(self._canvas)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what was left undone."""
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def _fit_margins(self) -> None:
        """Room for the words round the axes: a tenth of the time that matplotlib's own layout takes."""
        if self._canvas is None:
            return
        figure = self._canvas.figure
        width, height = figure.get_size_inches()
        em = self.font().pointSizeF() / 72
        left, bottom = MARGIN_LEFT * em / width, MARGIN_BOTTOM * em / height
        right, top = 1 - MARGIN_RIGHT * em / width, 1 - MARGIN_TOP * em / height
        if left < right and bottom < top:
            figure.subplots_adjust(left=left, bottom=bottom, right=right, top=top)

    def _draw(self, canvas: FigureCanvasQTAgg) -> None:
        self._is_stale = False
        theme = current_theme()
        figure = canvas.figure
        figure.clear()
        self._fit_margins()
        figure.set_facecolor(theme.window)
        axes = figure.add_subplot()
        _dress(axes, theme, self.font().pointSizeF())
        case = self._film.case if self._film is not None else None
        sex = case.patient.sex if case is not None else None
        if sex is not None and self._reference is not None:
            _draw_band(axes, self._reference, sex, self._threshold_sd, theme)
        _title(axes, sex, self._threshold_sd, theme)
        if case is not None:
            _draw_case(axes, case, theme)
            _draw_reader(axes, case, theme, self.font().pointSizeF())
        canvas.draw_idle()

    def _describe(self) -> None:
        if self._canvas is not None:
            self._canvas.setAccessibleDescription(clipboard_text(self._film.case) if self._film is not None else "")

    def _key(self) -> Any:
        """What the drawing depends on."""
        case = self._film.case if self._film is not None else None
        if case is None:
            return None
        return case.patient, case.estimate is None, id(case.estimate), case.assessment, _reader_age(case)


def _dress(axes: Axes, theme: Theme, size: float) -> None:
    axes.set_facecolor(theme.surface)
    axes.set_xlim(0, LAST_YEAR)
    axes.set_ylim(0, LAST_YEAR)
    axes.set_xticks(range(0, LAST_YEAR + 1, 3))
    axes.set_yticks(range(0, LAST_YEAR + 1, 3))
    axes.set_xlabel("Chronological age (years)", color=theme.muted, fontsize=size * 0.85)
    axes.set_ylabel("Bone age (years)", color=theme.muted, fontsize=size * 0.85)
    axes.tick_params(colors=theme.muted, labelsize=size * 0.85, length=3)
    axes.grid(True, color=theme.border, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.title.set_fontsize(size * 0.9)
    for spine in axes.spines.values():
        spine.set_color(theme.border)


def _title(axes: Axes, sex: Sex | None, threshold_sd: float, theme: Theme) -> None:
    whose = {Sex.FEMALE: "Girls", Sex.MALE: "Boys"}.get(sex) if sex is not None else None
    text = f"{whose}, \N{PLUS-MINUS SIGN}{threshold_sd:g} SD (Brush)" if whose else "Sex unknown: no reference band"
    axes.set_title(text, color=theme.text, fontsize=axes.title.get_fontsize(), loc="left")


def _draw_band(axes: Axes, reference: GrowthReference, sex: Sex, threshold_sd: float, theme: Theme) -> None:
    ages, low, high = reference.band(sex, threshold_sd)
    axes.fill_between(ages / YEAR, low / YEAR, high / YEAR, color=theme.accent, alpha=0.18, linewidth=0)
    axes.plot(ages / YEAR, low / YEAR, color=theme.accent, linewidth=0.8)
    axes.plot(ages / YEAR, high / YEAR, color=theme.accent, linewidth=0.8)
    axes.plot(ages / YEAR, (low + high) / 2 / YEAR, color=theme.accent, linewidth=0.9, linestyle="--")


def _draw_case(axes: Axes, case: Case, theme: Theme) -> None:
    estimate, assessment = case.estimate, case.assessment
    age = case.patient.chronological_age_months
    if age is not None:
        axes.axvline(age / YEAR, color=theme.muted, linewidth=0.8, linestyle=":")
    if estimate is None or assessment is None:
        return
    colour = theme.flag_colour(assessment.flag)
    bone_age = estimate.bone_age_months / YEAR
    if age is None:
        axes.axhline(bone_age, color=colour, linewidth=1.4, label="Model")
        return
    if estimate.interval_months is not None:
        low, high = estimate.interval_months
        axes.vlines(age / YEAR, low / YEAR, high / YEAR, color=colour, linewidth=2.2)
    axes.plot(
        [age / YEAR], [bone_age], MARKERS[assessment.flag], color=colour, markersize=8,
        markeredgecolor=theme.surface, markeredgewidth=1.0, linestyle="none", label="Model", clip_on=False,
    )  # fmt: skip


def _reader_age(case: Case) -> float | None:
    """The bone age in months that the reader typed."""
    return case.reading.age_months if case.reading is not None else None


def _draw_reader(axes: Axes, case: Case, theme: Theme, size: float) -> None:
    """The reader's age as a mark of its own, with a legend that tells the two marks apart."""
    bone_age, age = _reader_age(case), case.patient.chronological_age_months
    if bone_age is None:
        return
    from bone_age_gui.report.pdf.growth_figure import legend_corner  # brings the PDF writer, which few films need here

    if age is None:
        axes.axhline(bone_age / YEAR, color=theme.text, linewidth=1.4, linestyle="--", label="Reader")
    else:
        axes.plot(
            [age / YEAR], [bone_age / YEAR], READER_MARKER, color=theme.text, fillstyle="none", markersize=11,
            markeredgewidth=1.6, linestyle="none", label="Reader", clip_on=False,
        )  # fmt: skip
    model = [case.estimate.bone_age_months] if case.estimate is not None else []
    axes.legend(
        loc=legend_corner(age, [*model, bone_age]), fontsize=size * 0.85, labelcolor=theme.text,
        facecolor=theme.surface, edgecolor=theme.border, framealpha=0.9, borderpad=0.5, handletextpad=0.5,
        markerscale=0.8,
    )  # fmt: skip
