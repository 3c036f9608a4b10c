"""Where the parts of the window stand: docks around the film, the stages below it; first and remembered places."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QWidget

from bone_age_gui.gui.docks import Docks, fill_dock
from bone_age_gui.gui.first_size import room_on
from bone_age_gui.gui.look.widgets import scrolling
from bone_age_gui.gui.panel_set import Panels
from bone_age_gui.gui.settings import Settings
from bone_age_gui.wording.language import tr

_SHARES = 0.68, 0.32
"""Of the film and the stages below it."""


class Places:
    """Docks and splitter of ``window``; they outlast a change of language, so that their sizes do."""

    def __init__(self, window: QMainWindow, settings: Settings) -> None:
        self._window = window
        self._settings = settings
        self.docks = Docks(window)
        self.centre = QSplitter(Qt.Orientation.Vertical)
        self.centre.setChildrenCollapsible(False)
        window.setCentralWidget(self.centre)
        window.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AllowNestedDocks)

    def fill(self, panels: Panels) -> QStackedWidget:
        """Put the panels into their places; gives back the pages that are shown without and with a film."""
        front = QStackedWidget()
        front.addWidget(scrolling(panels.start))  # so that its targets ask for no height on a small screen
        films = QSplitter(Qt.Orientation.Horizontal)
        films.setChildrenCollapsible(False)
        films.addWidget(panels.viewer)
        films.addWidget(panels.compare)
        front.addWidget(films)
        self.centre.addWidget(front)
        self.centre.addWidget(panels.stages)
        self.centre.setStretchFactor(0, 1)
        fill_dock(self.docks.films, tr("Films"), panels.films)
        fill_dock(self.docks.patient, tr("Patient"), panels.form, panels.estimate_bar, grows=False)
        fill_dock(self.docks.result, tr("Result"), panels.result, panels.reading)
        fill_dock(self.docks.growth, tr("Growth"), panels.growth)
        self.docks.place()
        self._window.setStatusBar(panels.status)
        panels.stages.setVisible(self._settings.stage_strip)
        return front

    def lay_out(self, stages: QWidget, *, remembered: bool) -> None:
        """Lay the places out as they were left, if there is room for that, or in their first order."""
        window, (geometry, docks, splitter) = self._window, self._settings.layout()
        is_kept = remembered and not docks.isEmpty()
        if is_kept:
            window.restoreGeometry(geometry)
            window.resize(window.size().boundedTo(room_on(window.screen())))
        self.docks.put_back()
        self.centre.setSizes([int(max(window.height(), 400) * share) for share in _SHARES])
        if is_kept and self.docks.have_room_of(self._settings.layout_room):
            # a layout kept for the other direction of reading does not fit
            window.restoreState(docks, int(window.isRightToLeft()))
            self.centre.restoreState(splitter)
        else:
            self._settings.stage_strip = self.docks.leaves_room_for_stages
            stages.setVisible(self._settings.stage_strip)

    def remember(self) -> None:
        """Keep the places for the next start."""
        window = self._window
        places = window.saveGeometry(), window.saveState(int(window.isRightToLeft())), self.centre.saveState()
        self._settings.save_layout(*places, self.docks.room)
