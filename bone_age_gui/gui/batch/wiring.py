"""Joins the batch's session with its window, which is made when it is first asked for."""

from __future__ import annotations

from functools import partial
from html import escape
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.actions.films import FilmActions
from bone_age_gui.gui.actions.messages import Messages
from bone_age_gui.gui.batch.panel import BatchPanel
from bone_age_gui.gui.dialogs.text import TextDialog
from bone_age_gui.gui.work import pool_calls
from bone_age_gui.gui.work.batch.session import BatchSession
from bone_age_gui.gui.work.batch.values import BatchFilm, BatchRequest
from bone_age_gui.gui.work.film import Film
from bone_age_gui.gui.work.session import Session
from bone_age_gui.wording.disabled import NO_MODEL_YET
from bone_age_gui.wording.errors import error_line, error_words
from bone_age_gui.wording.language import tr


class Batches(QObject):
    """Batches with the model of ``films``; a film of a batch opens in ``window`` through ``film_actions``."""

    def __init__(self, window: QWidget, films: Session, film_actions: FilmActions, messages: Messages) -> None:
        super().__init__(window)
        self._window = window
        self._films = films
        self._film_actions = film_actions
        self.panel: BatchPanel | None = None
        self._pictures: list[BatchFilm] = []
        self._is_picturing = False
        self.session = BatchSession(self)
        self.session.crashed.connect(messages.show_bug)
        films.engine_changed.connect(self._show_engine)
        films.sight_changed.connect(self._show_sight)
        films.film_changed.connect(self._reveal)

    def open(self) -> None:
        """Show the window of the batch."""
        if self.panel is None:
            self.panel = self._make()
            self._show_engine()
            self._show_sight()
        self.panel.show()
        self.panel.raise_()
        self.panel.activateWindow()

    def change_language(self) -> None:
        """The window of the batch in another language, with all that it shows; nothing of a run is lost."""
        old = self.panel
        if old is None:
            return
        self.panel = self._make()
        self.panel.take_over(old)
        self._show_engine()
        self._show_sight()
        if old.isVisible():
            self.panel.setGeometry(old.geometry())
            self.panel.show()
        old.hide()
        old.deleteLater()

    def shutdown(self) -> None:
        """Cancel the run, wait for it, and close its window."""
        if self.panel is not None:
            self.panel.close()
        self.session.shutdown()

    def _make(self) -> BatchPanel:
        session = self.session
        panel = BatchPanel(session.can_continue, self._window)
        panel.start_wanted.connect(self._start)
        panel.pause_wanted.connect(session.pause)
        panel.cancel_wanted.connect(session.cancel)
        panel.reports_wanted.connect(session.write_reports)
        panel.film_wanted.connect(self._open_film)
        panel.model.picture_wanted.connect(self._want_picture, Qt.ConnectionType.QueuedConnection)  # it is being drawn
        session.planned.connect(panel.show_films)
        session.arrived.connect(panel.put)
        session.progressed.connect(panel.show_progress)
        session.writing.connect(panel.show_writing)
        session.noticed.connect(panel.notice)
        session.ended.connect(panel.end)
        session.failed.connect(self._fail)
        return panel

    def _show_engine(self) -> None:
        if self.panel is not None:
            reason = None if self._films.engine is not None else tr(NO_MODEL_YET)
            if self._films.engine_error is not None:
                reason = error_line(self._films.engine_error)
            self.panel.form.set_engine_reason(reason)

    def _show_sight(self) -> None:
        """What the table may show: a film that was read here need not be read first."""
        if self.panel is not None:
            self.panel.set_blind(self._films.blind_first)
            self.panel.reveal_estimates(
                path for film in self._films.films if (path := _revealed_path(film)) is not None
            )

    def _reveal(self, number: int) -> None:
        path = _revealed_path(self._films.film(number))
        if self.panel is not None and path is not None:
            self.panel.reveal_estimates([path])

    def _start(self, request: BatchRequest) -> None:
        if self.panel is not None and self._films.engine is not None and not self.session.is_running:
            self._pictures.clear()
            self.panel.begin(request.out)
            threshold_sd, kept_in = self._films.assessments.threshold_sd, self._films.keeper.kept_in
            self.session.start(request, self._films.engine, threshold_sd, kept_in)

    def _fail(self, error: BoneAgeError) -> None:
        """Say it beside the progress; what is a list, such as the mistakes of a table, gets a window to scroll."""
        if self.panel is None:
            return
        self.panel.fail(error)
        words = error_words(error)
        if "\n" in words.message:
            lines = "<br>".join(escape(line) for line in words.message.splitlines())
            TextDialog(words.title, f"<p>{lines}</p>", self.panel).exec()

    def _want_picture(self, film: BatchFilm) -> None:
        """Thumbnails of an earlier run are made anew, one at a time, those that were looked at last first."""
        self._pictures.append(film)
        self._next_picture()

    def _next_picture(self) -> None:
        if self._pictures and not self._is_picturing:
            self._is_picturing = True
            film = self._pictures.pop()
            work = partial(pool_calls.read_small_picture, self._films.reader, film.path)
            self._films.run_job(work, partial(self._take_picture, film))

    def _take_picture(self, film: BatchFilm, thumbnail: np.ndarray | None) -> None:
        self._is_picturing = False
        if self.panel is not None:
            self.panel.model.put_picture(film, thumbnail)
        self._next_picture()

    def _open_film(self, path: Path) -> None:
        self._film_actions.open_paths([path], then_estimate=True)
        self._window.raise_()
        self._window.activateWindow()


def _revealed_path(film: Film | None) -> Path | None:
    """The file of a film whose estimate is to be seen."""
    return film.case.path if film is not None and film.case.estimate is not None and not film.is_blind else None
