"""Opening films, and what is done with those that are open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from bone_age_gui import paths
from bone_age_gui.core.values.film_suffixes import FILM_SUFFIXES
from bone_age_gui.gui.actions.definition import Action, call_plainly
from bone_age_gui.gui.actions.disabled_reasons import Reasons
from bone_age_gui.gui.actions.messages import Messages
from bone_age_gui.gui.dialogs.text import film_html
from bone_age_gui.gui.settings import Settings
from bone_age_gui.gui.work.film import Film
from bone_age_gui.gui.work.session import Session
from bone_age_gui.wording.disabled import NO_SAMPLE
from bone_age_gui.wording.language import tr

PATTERNS = " ".join(f"*{each}" for each in (*FILM_SUFFIXES, *(suffix.upper() for suffix in FILM_SUFFIXES)))
"""Some file dialogs tell small letters from capitals."""


class FilmActions(QObject):
    """Files, folders and the list of open films; dialogs open over ``window``, ``step`` goes along the list, and
    ``may_close`` asks where a reading would be lost."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        settings: Settings,
        messages: Messages,
        step: Callable[[int], None],
        may_close: Callable[[Iterable[Film]], bool],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._settings = settings
        self._messages = messages
        self._step = step
        self._may_close = may_close

    def actions(self, why_not: Reasons) -> tuple[Action, ...]:
        """The actions, in the order of the menus."""
        film = why_not.film
        return (
            Action("open", "&Open…", "Open one or more radiographs", self.open_files, ("Ctrl+O",), "open"),
            Action("open_folder", "Open &folder…", "Open the films of a folder", self.open_folder,
                   ("Ctrl+Shift+O",), "folder"),
            Action("open_sample", "Open the &sample", "Open the drawn phantom that comes with the program",
                   self.open_sample),
            Action("clear_recent", "&Clear this list", "Forget the opened files", self._settings.clear_recent),
            Action("close", "&Close film", "Take this film out of the list", self.close, ("Ctrl+W", "Del"), "close",
                   film),
            Action("close_all", "Close &all films", "Take all films out of the list", self.close_all,
                   ("Ctrl+Shift+W",), "", film),
            Action("film_info", "Film &information", "How this film was read, its tags and notes", self.show_info,
                   ("Ctrl+I",), "info", film),
            Action("previous_film", "Previo&us film", "Show the film above", partial(self._step, -1), ("PgUp",),
                   "previous", film),
            Action("next_film", "&Next film", "Show the film below", partial(self._step, 1), ("PgDown",), "next",
                   film),
        )  # fmt: skip

    def open_paths(self, chosen: list[Path], then_estimate: bool = False) -> None:
        """Open files and folders, and remember the files if the user wants that."""
        for path in reversed(chosen):
            if path.is_file():
                self._settings.remember(path)
        self._session.open(chosen, then_estimate)

    def open_files(self) -> None:
        """Ask for files, and open them."""
        names, _ = QFileDialog.getOpenFileNames(self._window, tr("Open radiographs"), "", _filter())
        if names:
            self.open_paths([Path(name) for name in names])

    def open_folder(self) -> None:
        """Ask for a folder, and open its films."""
        name = QFileDialog.getExistingDirectory(self._window, tr("Open the films of a folder"))
        if name:
            self._session.open([Path(name)])

    def open_sample(self) -> None:
        """Open the drawn phantom."""
        samples = paths.sample_files()
        if samples:
            self._session.open(samples[:1])
        else:
            self._session.said.emit(tr(NO_SAMPLE))

    def close(self) -> None:
        """Take the shown film out of the list."""
        film = self._session.current
        if film is not None and self._may_close([film]):
            self._session.close(film.number)

    def close_all(self) -> None:
        """Take every film out of the list."""
        if self._may_close(self._session.films):
            self._session.close_all()

    def show_info(self) -> None:
        """Show how the film was read."""
        if self._session.seen is not None:
            self._messages.show_text(tr("Film information"), film_html(self._session.seen))

    def fill_recent(self, menu: QMenu, clear: QAction) -> None:
        """List the files that were opened last, with the way to forget them."""
        menu.clear()
        for path in self._settings.recent:
            action = menu.addAction(path.name)
            action.setToolTip(str(path))
            action.triggered.connect(partial(call_plainly, partial(self.open_paths, [path])))
        if not self._settings.recent:
            words = tr("No recent files") if self._settings.keep_recent else tr("Not remembered (see Settings)")
            menu.addAction(words).setEnabled(False)
        menu.addSeparator()
        menu.addAction(clear)


def _filter() -> str:
    return f"{tr('Radiographs')} ({PATTERNS});;{tr('All files')} (*)"
