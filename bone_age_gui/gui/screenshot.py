"""A picture of the window once all work is done: for the README, for tests, for support."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.exit_codes import ExitCode
from bone_age_gui.core.values.whole_files import write_content
from bone_age_gui.gui.panels.growth import GrowthPlot
from bone_age_gui.gui.view.qimage import png_bytes
from bone_age_gui.gui.work.film import FilmState
from bone_age_gui.gui.work.session import Session
from bone_age_gui.wording.errors import error_line
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.screenshot import NO_FILM_OPENED, message_words, not_estimated, program_line

POLL_MS = 40
CALM_POLLS = 4
"""So many quiet looks in a row mean that everything is drawn."""
LIMIT_MS = 300_000


class Screenshot(QObject):
    """Waits until no work waits or runs, saves a picture of the window and says so.

    Attributes
    ----------
    finished : Signal
        The picture was taken; `code` is the exit code: 0 saved, 1 not saved, 3 saved, but a film or the model failed.
    """

    finished = Signal()

    def __init__(
        self, window: QWidget, session: Session, growth: GrowthPlot, path: Path, wants_estimates: bool
    ) -> None:
        super().__init__(window)
        self.code = ExitCode.NOT_WRITTEN
        self._window = window
        self._session = session
        self._growth = growth
        self._path = path
        self._wants_estimates = wants_estimates
        self._said: list[str] = []
        self._calm = 0
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Begin to wait."""
        self._clock.start()
        self._timer.start(POLL_MS)

    def _look(self) -> None:
        self._close_message()
        self._calm = self._calm + 1 if self._is_calm() else 0
        if self._calm >= CALM_POLLS or self._clock.elapsed() > LIMIT_MS:
            self._timer.stop()
            self._take()
            self.finished.emit()

    def _close_message(self) -> None:
        """A dialog would wait for somebody who is not there: its words go to the terminal."""
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            box = dialog if isinstance(dialog, QMessageBox) else None
            self._said.append(
                message_words(box.text(), box.informativeText()) if box is not None else dialog.windowTitle()
            )
            dialog.reject()

    def _is_calm(self) -> bool:
        session = self._session
        has_model = session.engine is not None or session.engine_error is not None
        reading = any(film.state is FilmState.READING for film in session.films)
        drawn = self._growth.is_drawn or session.engine_error is not None
        return has_model and session.is_idle and not reading and drawn

    def _take(self) -> None:
        try:
            write_content(self._path, png_bytes(self._window.grab()), "picture")
        except BoneAgeError as not_written:
            sys.stderr.write(program_line(error_line(not_written)))
            return
        session = self._session
        errors = [session.engine_error] if session.engine_error is not None else []
        errors += [error for film in session.films if (error := film.case.error or film.problem) is not None]
        lines = [*self._said, *(error_line(error) for error in errors)]
        if self._wants_estimates and not errors:
            lines += self._why_not_estimated()
        for text in dict.fromkeys(lines):
            sys.stderr.write(program_line(text))
        self.code = ExitCode.SOME_REFUSED if lines else ExitCode.DONE

    def _why_not_estimated(self) -> list[str]:
        """Why films have no estimate, or that there are no films."""
        films = self._session.films
        if not films:
            return [tr(NO_FILM_OPENED)]
        missing = [film for film in films if film.case.estimate is None]
        return [not_estimated(self._session.estimates.why_not(film)) for film in missing]
