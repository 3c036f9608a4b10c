"""The panels around the film: docks with a plain title, their places, and how to put them back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
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

from bone_age_gui.gui.first_size import room_on
from bone_age_gui.gui.look.widgets import ScaledLabel
from bone_age_gui.wording.language import tr

TALL_WINDOW = 70
"""From this height on, in lines of text, the growth plot is below the result; in a lower window both share one place
as tabs, so that the whole result is seen."""
RESULT_LINES, LEAST_GROWTH_LINES, LINES_ABOVE = 31, 14, 25
"""What the result needs to be seen whole and the growth plot to be read, and what bars and patient take, in lines."""
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


KEPT_SHARE = 0.9
"""A window that has less than this share of the letters or lines of a kept layout has no room for it."""


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
        """Of what is inside: as high as its words are at this width."""
        inside = self.widget()
        return QSize(inside.sizeHint().width(), self.needed_height) if inside is not None else super().sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """At another width the words are as high as another size."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

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

    @property
    def needed_height(self) -> int:
        """At the present width, so that nothing scrolls."""
        inside = self.widget()
        if inside is None:
            return 0
        return max(inside.sizeHint().height(), inside.heightForWidth(self.width()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for another size when the content does."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def fill_dock(dock: QDockWidget, title: str, *widgets: QWidget, grows: bool = True) -> None:
    """Put widgets one below the other; a dock that does not grow takes only the height it needs."""
    dock.setWindowTitle(title)
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


class Docks:
    """The docks of the window, empty at first. They outlast a change of language; what fills them does not."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        window.tabifiedDockWidgetActivated.connect(lambda _: self.name_tabs())
        self.films, self.patient, self.result, self.growth = (
            self._make(name) for name in ("films", "patient", "result", "growth")
        )
        self._direction: Qt.LayoutDirection | None = None
        self._fitted = 0
        self._fitting = QTimer(window)
        self._fitting.setSingleShot(True)
        self._fitting.timeout.connect(self._fit_another_patient)

    def _make(self, name: str) -> QDockWidget:
        dock = QDockWidget(self._window)
        dock.setObjectName(name)
        return dock

    def place(self) -> None:
        """In their first places, the films where a line begins, unless they are there. The first layouts are kept as
        states of the window."""
        window = self._window
        if self._direction is window.layoutDirection():
            return
        self._direction = window.layoutDirection()
        sides = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        near, far = sides if self._direction is Qt.LayoutDirection.LeftToRight else sides[::-1]
        for dock in self.all():
            window.removeDockWidget(dock)
            window.addDockWidget(near if dock is self.films else far, dock)
            dock.show()
        self._stacked = window.saveState()
        window.tabifyDockWidget(self.result, self.growth)
        self.result.raise_()
        self._tabbed = window.saveState()
        window.tabifyDockWidget(self.patient, self.result)
        window.tabifyDockWidget(self.result, self.growth)
        self.patient.raise_()
        self._one_place = window.saveState()
        window.tabifyDockWidget(self.patient, self.films)
        self.patient.raise_()
        self._two_columns = window.saveState()

    def contents(self) -> list[QWidget]:
        """What fills the docks now."""
        widgets = [part for dock in self.all() for part in (dock.widget(), dock.titleBarWidget())]
        return [part for part in widgets if part is not None]

    def all(self) -> tuple[QDockWidget, ...]:
        """The docks, in the order of the View menu."""
        return self.films, self.patient, self.result, self.growth

    @property
    def leaves_room_for_stages(self) -> bool:
        """Whether the window is high enough for film and stages."""
        return self._lines >= SHORT_WINDOW

    @property
    def _lines(self) -> float:
        return self._window.height() / max(self._window.fontMetrics().lineSpacing(), 1)

    @property
    def room(self) -> QSize:
        """Room of the window in letters and lines: what a layout was made for, whatever the scale and text size."""
        window, metrics = self._window, self._window.fontMetrics()
        is_whole = window.isMaximized() or window.isFullScreen()  # before it is shown, its size is that of its window
        size = room_on(window.screen()) if is_whole else window.size()
        return QSize(size.width() // metrics.averageCharWidth(), size.height() // max(metrics.lineSpacing(), 1))

    def have_room_of(self, room: QSize) -> bool:
        """Whether the window is about as large as the one that a layout was kept from."""
        now = self.room
        return now.width() >= room.width() * KEPT_SHARE and now.height() >= room.height() * KEPT_SHARE

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
            shares = [RESULT_LINES, max(int(lines) - LINES_ABOVE - RESULT_LINES, LEAST_GROWTH_LINES)]
            window.resizeDocks([self.result, self.growth], shares, Qt.Orientation.Vertical)
        self.name_tabs()

    def name_tabs(self) -> None:
        """Names for the rows of tabs, which Qt makes as it needs them and the keyboard comes to; no word is cut."""
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.setAccessibleName(tr("Panels in one place"))
            bar.setElideMode(Qt.TextElideMode.ElideNone)  # tabs that do not fit scroll
            bar.setUsesScrollButtons(True)

    def fit_patient(self) -> None:
        """At least as high as its words ask for, at the cost of the result: no button of it is out of sight."""
        content = self.patient.widget()
        if not isinstance(content, _Scrolling) or self._window.tabifiedDockWidgets(self.patient):
            return
        lacking = max(content.needed_height - content.height(), 0)
        wanted = max(self.patient.sizeHint().height(), self.patient.height() + lacking)
        rest = self.patient.height() + self.result.height() - wanted
        if not lacking:  # else the next look says whether there was room
            self._fitted = content.needed_height
        self._window.resizeDocks([self.patient, self.result], [wanted, rest], Qt.Orientation.Vertical)

    def fit_soon(self) -> None:
        """Fit the patient's dock once the words have found their height, if they take another one than before."""
        self._fitting.start()

    def _fit_another_patient(self) -> None:  # only where the height is another: a person may have made the panel lower
        content = self.patient.widget()
        if isinstance(content, _Scrolling) and content.needed_height != self._fitted:
            self.fit_patient()

    def show_result(self) -> None:
        """Bring the result to the front, where another panel lies over it."""
        if not self.result.isHidden():
            self.result.raise_()
