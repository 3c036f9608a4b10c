"""Joins the batch's session with its window, which is made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.dialogs.text import TextDialog
from bone_age_gui.gui.work.batch.session import BatchSession
from bone_age_gui.gui.work.batch.values import BatchRequest

if TYPE_CHECKING:
    from bone_age_gui.gui.main_window import MainWindow


class Batches(QObject):
    """Batches of one main window; ``make_panel`` makes the window of a batch."""

    def __init__(self, window: MainWindow, make_panel: Callable[..., Any]) -> None:
        super().__init__(window)
        self._window = window
        self._make_panel = make_panel
        self.panel: Any = None
        self.session = BatchSession(self)
        self.session.crashed.connect(window.commands.show_bug)
        window.session.engine_changed.connect(self._show_engine)

    def open(self) -> None:
        """Show the window of the batch."""
        if self.panel is None:
            self._make()
        self.panel.show()
        self.panel.raise_()
        self.panel.activateWindow()

    def shutdown(self) -> None:
        """Cancel the run, wait for it, and close its window."""
        if self.panel is not None:
            self.panel.close()
        self.session.shutdown()

    def _make(self) -> None:
        panel = self.panel = self._make_panel(self.session.can_continue, self._window)
        session = self.session
        panel.start_wanted.connect(self._start)
        panel.pause_wanted.connect(session.pause)
        panel.cancel_wanted.connect(session.cancel)
        panel.film_wanted.connect(self._open_film)
        session.planned.connect(panel.show_films)
        session.arrived.connect(panel.put)
        session.progressed.connect(panel.show_progress)
        session.writing.connect(panel.show_writing)
        session.noticed.connect(panel.notice)
        session.ended.connect(panel.end)
        session.failed.connect(self._fail)
        self._show_engine()

    def _show_engine(self) -> None:
        if self.panel is None:
            return
        films = self._window.session
        reason = None if films.engine is not None else "The model is loading."
        if films.engine_error is not None:
            reason = f"{films.engine_error.title}. {films.engine_error.message}"
        self.panel.form.set_engine_reason(reason)

    def _start(self, request: BatchRequest) -> None:
        films = self._window.session
        if films.engine is not None and not self.session.is_running:
            self.panel.begin(request.out)
            self.session.start(request, films.engine, films.threshold_sd)

    def _fail(self, error: BoneAgeError) -> None:
        """Say it beside the progress; what is a list, such as the mistakes of a table, gets a window to scroll."""
        self.panel.fail(error)
        if "\n" in error.message:
            lines = "<br>".join(escape(line) for line in error.message.splitlines())
            TextDialog(error.title, f"<p>{lines}</p>", self.panel).exec()

    def _open_film(self, path: Path) -> None:
        self._window.commands.open_paths([path], then_estimate=True)
        self._window.raise_()
        self._window.activateWindow()
