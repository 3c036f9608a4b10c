"""The panels around the film: docks with a plain title, their places, and how to put them back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QSizePolicy, QTabBar, QVBoxLayout, QWidget

from bone_age_gui.gui.look.widgets import ScaledLabel

TALL_WINDOW = 860
"""From this height on the growth plot is below the result; in a lower window both share one place as tabs."""


def make_dock(window: QMainWindow, name: str, title: str, *widgets: QWidget, grows: bool = True) -> QDockWidget:
    """A dock holding widgets one below the other; one that does not grow takes only the height it needs."""
    dock = QDockWidget(title, window)
    dock.setObjectName(name)
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setContentsMargins(6, 0, 6, 6)
    column.setSpacing(6)
    for widget in widgets:
        column.addWidget(widget)
    if not grows:
        inside.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    dock.setWidget(inside)
    heading = QWidget()
    heading.setObjectName("dockTitle")
    row = QHBoxLayout(heading)
    row.setContentsMargins(10, 5, 8, 3)
    row.addWidget(ScaledLabel(title.upper(), 0.85, bold=True, role="heading"))
    dock.setTitleBarWidget(heading)
    return dock


class Docks:
    """The docks of the window, put in their first places. Both first layouts are kept as states of the window."""

    def __init__(
        self, window: QMainWindow, films: QDockWidget, patient: QDockWidget, result: QDockWidget, growth: QDockWidget
    ) -> None:
        self._window = window
        self.films, self.patient, self.result, self.growth = films, patient, result, growth
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, films)
        for dock in (patient, result, growth):
            window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        self._stacked = window.saveState()
        window.tabifyDockWidget(result, growth)
        result.raise_()
        self._tabbed = window.saveState()

    def all(self) -> tuple[QDockWidget, ...]:
        """In the order of the View menu."""
        return self.films, self.patient, self.result, self.growth

    def put_back(self) -> None:
        """Every dock in its first place and size."""
        window = self._window
        is_tall = window.height() >= TALL_WINDOW
        for bar in window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.hide()  # Qt shows those that the restored state needs, and forgets to hide the others
        window.restoreState(self._stacked if is_tall else self._tabbed)
        unit = window.fontMetrics().averageCharWidth()
        window.resizeDocks([self.films, self.patient], [35 * unit, 44 * unit], Qt.Orientation.Horizontal)
        if is_tall:
            window.resizeDocks([self.result, self.growth], [100, 90], Qt.Orientation.Vertical)
