"""Films out of an archive: what its dialog asks for, and what is fetched joins the open films."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.archive.find_dialog import FindDialog
from bone_age_gui.gui.archive.nodes import ArchiveNodes
from bone_age_gui.gui.archive.queue import ArchiveQueue
from bone_age_gui.gui.work import archive_calls
from bone_age_gui.gui.work.archive_calls import FetchedSeries
from bone_age_gui.gui.work.session import Session
from bone_age_gui.pacs.nodes import Node
from bone_age_gui.pacs.query import MatchPage, Query, SeriesMatch
from bone_age_gui.pacs.refusals import CANCELLED
from bone_age_gui.wording import archive
from bone_age_gui.wording.archive import asking_words, fetched_words
from bone_age_gui.wording.errors import error_line
from bone_age_gui.wording.language import tr


class FilmSearch(QObject):
    """The dialog opens over ``window``; ``set_up`` is asked for where an archive has to be set up first."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        nodes: ArchiveNodes,
        queue: ArchiveQueue,
        set_up: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._nodes, self._queue = window, session, nodes, queue
        self._set_up = set_up
        self._asked: tuple[Node, Query, int] | None = None
        self.dialog: FindDialog | None = None
        queue.busy.connect(self._show_busy)
        nodes.changed.connect(self._show_nodes)

    def open(self) -> None:
        """Show the dialog; nothing is asked yet."""
        if self.dialog is None:
            self.dialog = self._make_dialog()
        self._show_nodes()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def change_language(self) -> None:
        """The dialog in another language, with what was typed and what was answered."""
        old = self.dialog
        if old is None:
            return
        self.dialog = self._make_dialog()
        self._show_nodes()
        self.dialog.take_over(old)
        if old.isVisible():
            self.dialog.setGeometry(old.geometry())
            self.dialog.show()
        old.hide()
        old.deleteLater()

    def close(self) -> None:
        """Close the dialog."""
        if self.dialog is not None:
            self.dialog.close()

    def show_failure(self, error: BoneAgeError) -> None:
        """Say in the dialog why something did not work."""
        self._say(error_line(error))

    def _make_dialog(self) -> FindDialog:
        dialog = FindDialog(self._window)
        dialog.find_wanted.connect(self._find)
        dialog.more_wanted.connect(self._find_more)
        dialog.fetch_wanted.connect(self._fetch)
        dialog.cancel_wanted.connect(self._queue.cancel)
        dialog.set_up_wanted.connect(self._set_up)
        return dialog

    def _find(self, node: Node, query: Query) -> None:
        if self.dialog is not None:
            self.dialog.show_first()
        self._asked = (node, query, 0)
        self._find_more()

    def _find_more(self) -> None:
        if self._asked is not None:
            node, query, offset = self._asked
            self._say(asking_words(node.name))
            work = partial(archive_calls.find_series, node, query, offset)
            self._queue.run(work, self._show_page, self.show_failure)

    def _show_page(self, page: MatchPage) -> None:
        if self._asked is not None and self.dialog is not None:
            node, query, _ = self._asked
            self._asked = (node, query, page.offset + page.studies)
            self.dialog.show_page(page.series, page.has_more)

    def _fetch(self, chosen: list[SeriesMatch]) -> None:
        if self._asked is None:
            return
        node = self._asked[0]
        for series in chosen:
            self._set_state(series, tr(archive.WAITING))
            work = partial(archive_calls.fetch_one_series, node, series)
            self._queue.run(work, partial(self._fetched, series), partial(self._not_fetched, series))

    def _fetched(self, series: SeriesMatch, fetched: FetchedSeries) -> None:
        words = fetched_words(len(fetched.films), 0, 0, len(fetched.reports))
        self._set_state(series, words if fetched.problem is None else error_line(fetched.problem))
        self._say("" if fetched.problem is None else error_line(fetched.problem))
        self._session.earlier.take(fetched.reports)
        if fetched.films:
            self._session.open(list(fetched.films))

    def _not_fetched(self, series: SeriesMatch, error: BoneAgeError) -> None:
        self._set_state(series, tr(archive.CANCELLED) if error.code == CANCELLED else tr(archive.FAILED))
        self.show_failure(error)

    def _set_state(self, series: SeriesMatch, words: str) -> None:
        if self.dialog is not None:
            self.dialog.matches.set_state(series, words)

    def _show_nodes(self) -> None:
        if self.dialog is not None:
            self.dialog.show_nodes(self._nodes.read())

    def _show_busy(self, is_busy: bool) -> None:
        if self.dialog is not None:
            self.dialog.set_busy(is_busy)

    def _say(self, words: str) -> None:
        if self.dialog is not None:
            self.dialog.say(words)
