"""Bone age against chronological age on the band of the reference table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from bone_age_gui.core.values.types import Flag
from bone_age_gui.gui.look.theme import Theme, current_theme
from bone_age_gui.gui.work.film import Film
from bone_age_gui.report.growth_chart import ChartStyle, Marks, draw_growth_chart, marks_of_case
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.window import clipboard_text
from bone_age_gui.wording.window_messages import PLOT_COMES

if TYPE_CHECKING:
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg

    from bone_age_gui.core.growth import GrowthReference

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
        self.setAccessibleName(tr("Growth plot"))
        self._canvas: FigureCanvasQTAgg | None = None
        self._film: Film | None = None
        self._reference: GrowthReference | None = None
        self._threshold_sd: float | None = None
        self._is_stale = True
        self._waiting = QLabel(tr(PLOT_COMES))
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
        self._canvas.setAccessibleName(tr("Bone age against chronological age"))
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
        """Draw again, as after a change of theme; a hidden plot is drawn when it is shown."""
        self._is_stale = True
        if self._canvas is not None and self.isVisible():
            self._draw(self._canvas)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what was not drawn while the panel was hidden."""
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
        style = _style(theme, self.font().pointSizeF())
        draw_growth_chart(figure.add_subplot(), self._key(), self._reference, self._threshold_sd, style)
        canvas.draw_idle()

    def _describe(self) -> None:
        if self._canvas is not None:
            self._canvas.setAccessibleDescription(clipboard_text(self._film.case) if self._film is not None else "")

    def _key(self) -> Marks:
        """What the drawing depends on."""
        return marks_of_case(self._film.case) if self._film is not None else Marks()


def _style(theme: Theme, size: float) -> ChartStyle:
    return ChartStyle(
        surface=theme.surface,
        border=theme.border,
        text=theme.text,
        muted=theme.muted,
        title=theme.text,
        band=theme.accent,
        flags={flag: theme.flag_colour(flag) for flag in Flag},
        size=size,
    )
