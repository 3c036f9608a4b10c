"""A picture of the window once all work is done: for the README, for tests, for support."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from bone_age_gui.gui.panels.growth import GrowthPlot
from bone_age_gui.gui.work.film import FilmState
from bone_age_gui.gui.work.session import Session

POLL_MS = 40
CALM_POLLS = 4
"""So many quiet looks in a row mean that everything is drawn."""
LIMIT_MS = 300_000
SAVED, NOT_SAVED, SOME_REFUSED = 0, 1, 3


class Screenshot(QObject):
    """Waits until the window is calm, saves its picture and says so.

    Attributes
    ----------
    finished : Signal
        The picture was taken; `code` is the exit code: 0 saved, 1 not saved, 3 saved, but a film or the model failed.
    """

    finished = Signal()

    def __init__(self, window: QWidget, session: Session, growth: GrowthPlot, path: Path) -> None:
        super().__init__(window)
        self.code = NOT_SAVED
        self._window = window
        self._session = session
        self._growth = growth
        self._path = path
        self._calm = 0
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Begin to wait."""
        self._clock.start()
        self._timer.start(POLL_MS)

    def _look(self) -> None:
        self._calm = self._calm + 1 if self._is_calm() else 0
        if self._calm >= CALM_POLLS or self._clock.elapsed() > LIMIT_MS:
            self._timer.stop()
            self._take()
            self.finished.emit()

    def _is_calm(self) -> bool:
        session = self._session
        has_model = session.engine is not None or session.engine_error is not None
        reading = any(film.state is FilmState.READING for film in session.films)
        drawn = self._growth.is_drawn or session.engine_error is not None
        return has_model and session.is_idle and not reading and drawn

    def _take(self) -> None:
        if not self._window.grab().save(str(self._path), "PNG"):  # type: ignore[call-overload]
            sys.stderr.write("bone-age-gui: the picture cannot be written there. Choose another folder.\n")
            return
        session = self._session
        errors = [session.engine_error] if session.engine_error is not None else []
        errors += [error for film in session.films if (error := film.case.error or film.problem) is not None]
        for error in errors:
            sys.stderr.write(f"bone-age-gui: {error.title}. {error.message}\n")
        self.code = SOME_REFUSED if errors else SAVED
