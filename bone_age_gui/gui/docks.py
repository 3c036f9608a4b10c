"""The panels around the film: docks with a plain title, their places, and how to put them back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QSizePolicy,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from bone_age_gui.gui.look.widgets import ScaledLabel

TALL_WINDOW = 58
"""From this height on, in lines of text, the growth plot is below the result; in a lower window both share one place
as tabs."""
LOW_WINDOW = 42
"""Below this height, in lines of text, the patient shares that place, too."""
LEAST_HEIGHT = 90
"""A dock scrolls below the height that its panels need, so that the window fits every screen."""

LARGEST_SHARE = 0.5
"""Of the screen's width that a dock asks for at most."""
WHOLE_SHARE = 0.4
"""Of the screen's height up to which a dock that does not grow is shown whole, before a growing one gets more."""
NARROW_WINDOW = 110
"""Below this width, in letters, the films share that place, too."""
SHORT_WINDOW = 27
"""Below this height, in lines of text, the film needs the room of the stages, which a key shows."""


class _Scrolling(QScrollArea):
    """Asks for the size of what is inside, and scrolls where it gets less: downwards, and across on a small screen."""

    def __init__(self, inside: QWidget, grows: bool) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        vertical = QSizePolicy.Policy.Preferred if grows else QSizePolicy.Policy.Maximum
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        self._grows = grows

    def sizeHint(self) -> QSize:
        """Of what is inside."""
        inside = self.widget()
        return inside.sizeHint() if inside is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As wide as what is inside, unless that is most of the screen; as high only if it does not grow."""
        inside = self.widget()
        if inside is None:
            return super().minimumSizeHint()
        needed = inside.minimumSizeHint()
        room = self.screen().availableGeometry()
        is_whole = not self._grows and needed.height() <= room.height() * WHOLE_SHARE
        height = needed.height() if is_whole else min(needed.height(), LEAST_HEIGHT)
        return QSize(min(needed.width(), int(room.width() * LARGEST_SHARE)), height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for another size when the content does."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


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
    dock.setWidget(_Scrolling(inside, grows))
    heading = QWidget()
    heading.setObjectName("dockTitle")
    row = QHBoxLayout(heading)
    row.setContentsMargins(10, 5, 8, 3)
    row.addWidget(ScaledLabel(title.upper(), 0.85, bold=True, role="heading"))
    dock.setTitleBarWidget(heading)
    return dock


class Docks:
    """The docks of the window, put in their first places. The first layouts are kept as states of the window."""

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
        window.tabifyDockWidget(patient, result)
        window.tabifyDockWidget(result, growth)
        patient.raise_()
        self._one_place = window.saveState()
        window.tabifyDockWidget(patient, films)
        patient.raise_()
        self._two_columns = window.saveState()

    def all(self) -> tuple[QDockWidget, ...]:
        """In the order of the View menu."""
        return self.films, self.patient, self.result, self.growth

    @property
    def leaves_room_for_stages(self) -> bool:
        """Whether the window is high enough for film and stages."""
        return self._lines >= SHORT_WINDOW

    @property
    def _lines(self) -> float:
        return self._window.height() / max(self._window.fontMetrics().lineSpacing(), 1)

    def put_back(self) -> None:
        """Every dock in its first place and size, as the height of the window allows."""
        window = self._window
        lines = self._lines
        for bar in window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.hide()  # Qt shows those that the restored state needs, and forgets to hide the others
        unit = window.fontMetrics().averageCharWidth()
        is_narrow, is_tall = window.width() < NARROW_WINDOW * unit, lines >= TALL_WINDOW
        wide = self._stacked if is_tall else self._tabbed if lines >= LOW_WINDOW else self._one_place
        window.restoreState(self._two_columns if is_narrow else wide)
        widths = [min(35 * unit, window.width() // 5), min(44 * unit, window.width() // 3)]
        window.resizeDocks([self.films, self.patient], widths, Qt.Orientation.Horizontal)
        if is_tall and not is_narrow:
            window.resizeDocks([self.result, self.growth], [100, 90], Qt.Orientation.Vertical)

    def show_result(self) -> None:
        """Bring the result to the front, where another panel lies over it."""
        if not self.result.isHidden():
            self.result.raise_()
