"""Joins archives with their dialogs and the open films. All that waits for an archive waits in a pool of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from bone_age_gui import paths
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.actions.action import Action
from bone_age_gui.gui.actions.messages import Messages
from bone_age_gui.gui.archive.find_dialog import FindDialog
from bone_age_gui.gui.archive.nodes_dialog import NodesDialog
from bone_age_gui.gui.archive.send_dialog import SendDialog
from bone_age_gui.gui.work import archive_calls
from bone_age_gui.gui.work.archive_calls import FetchedSeries, NodesChange, SentReports
from bone_age_gui.gui.work.film import NO_FILM
from bone_age_gui.gui.work.jobs import Jobs
from bone_age_gui.gui.work.session import Session
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.nodes import Node, read_nodes
from bone_age_gui.pacs.query import MatchPage, Query, SeriesMatch
from bone_age_gui.pacs.refusals import CANCELLED
from bone_age_gui.pacs.secrets import secret_of
from bone_age_gui.wording import archive
from bone_age_gui.wording.archive import answers_words, asking_words, fetched_words, sent_words
from bone_age_gui.wording.errors import error_line
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.reading import why_not_blind

T = TypeVar("T")
_LANE = "archive"


class Archives(QObject):
    """Dialogs open over ``window``; fetched films join those of ``session``."""

    def __init__(self, window: QWidget, session: Session, messages: Messages) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._messages = messages
        self._jobs = Jobs(self, threads=1)
        self._jobs.crashed.connect(messages.show_bug)
        self._control = Control()
        self._waiting: dict[str, int] = {}
        self._last_node = ""
        self._asked: tuple[Node, Query, int] | None = None
        self.dialog: FindDialog | None = None
        self.set_up_dialog: NodesDialog | None = None

    def actions(self) -> tuple[Action, ...]:
        """In the order of the menus."""
        return (
            Action("from_archive", "From the archi&ve…", "Look for films in the archive (PACS) and open them",
                   self.open, ("Ctrl+Shift+F",)),
            Action("archives", "Arc&hives…", "Which archives there are, and whether they answer", self.set_up),
            Action("send", "Sen&d to the archive…", "File the reports of this film with it in the archive",
                   self.send, ("Ctrl+Shift+E",), why_not=self._why_not_send),
            Action("send_waiting", "Send &waiting reports", "Try again what the archive has not taken yet",
                   self.send_waiting, is_offered=lambda: bool(self._waiting)),
        )  # fmt: skip

    def shutdown(self) -> None:
        """End what waits for an archive, and close its window."""
        self._control.cancel()
        if self.dialog is not None:
            self.dialog.close()
        self._jobs.shutdown()

    # Looking for films

    def open(self) -> None:
        """Show the dialog; nothing is asked yet."""
        if self.dialog is None:
            self.dialog = self._make_dialog()
        self.dialog.show_nodes(self._nodes())
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def speak_anew(self) -> None:
        """The dialog in another language, with what was typed and what was answered."""
        old = self.dialog
        if old is None:
            return
        self.dialog = self._make_dialog()
        self.dialog.show_nodes(self._nodes())
        self.dialog.take_over(old)
        if old.isVisible():
            self.dialog.setGeometry(old.geometry())
            self.dialog.show()
        old.hide()
        old.deleteLater()

    def _make_dialog(self) -> FindDialog:
        dialog = FindDialog(self._window)
        dialog.find_wanted.connect(self._find)
        dialog.more_wanted.connect(self._find_more)
        dialog.fetch_wanted.connect(self._fetch)
        dialog.cancel_wanted.connect(self.cancel)
        dialog.set_up_wanted.connect(self.set_up)
        return dialog

    def cancel(self) -> None:
        """Stop what waits for an archive now; what has come stays."""
        self._control.cancel()
        self._control = Control()

    def _find(self, node: Node, query: Query) -> None:
        if self.dialog is not None:
            self.dialog.show_first()
        self._asked = (node, query, 0)
        self._find_more()

    def _find_more(self) -> None:
        if self._asked is not None:
            node, query, offset = self._asked
            self._say(asking_words(node.name))
            self._run(partial(archive_calls.find_series, node, query, offset, self._control), self._show_page)

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
            work = partial(archive_calls.fetch_one_series, node, series, self._control)
            self._run(work, partial(self._fetched, series), partial(self._not_fetched, series))

    def _fetched(self, series: SeriesMatch, fetched: FetchedSeries) -> None:
        words = fetched_words(len(fetched.films), 0, 0, len(fetched.reports))
        self._set_state(series, words if fetched.problem is None else error_line(fetched.problem))
        self._say("" if fetched.problem is None else error_line(fetched.problem))
        self._session.earlier.take(fetched.reports)
        if fetched.films:
            self._session.open(list(fetched.films))

    def _not_fetched(self, series: SeriesMatch, error: BoneAgeError) -> None:
        self._set_state(series, tr(archive.CANCELLED) if error.code == CANCELLED else tr(archive.FAILED))
        self._failed(error)

    def _set_state(self, series: SeriesMatch, words: str) -> None:
        if self.dialog is not None:
            self.dialog.matches.set_state(series, words)

    # The archives themselves

    def set_up(self) -> None:
        """Edit the archives."""
        folder = paths.user_data_dir()
        before = self._nodes()
        parent = self.dialog if self.dialog is not None and self.dialog.isVisible() else self._window
        dialog = self.set_up_dialog = NodesDialog(before, lambda name: secret_of(name, folder) is not None, parent)
        dialog.test_wanted.connect(self._test)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        self.set_up_dialog = None
        dialog.deleteLater()
        if accepted:
            change = NodesChange(before, dialog.accepted_nodes, dialog.renamed, dialog.passwords)
            self._keep(change)

    def _keep(self, change: NodesChange) -> None:
        try:
            archive_calls.keep_nodes(change)
        except BoneAgeError as error:
            self._messages.show_error(error)
        if self.dialog is not None:
            self.dialog.show_nodes(self._nodes())
        self.look_for_waiting()

    def _test(self, node: Node, password: str | None, kept_as: str) -> None:
        work = partial(archive_calls.try_node, node, password, kept_as, self._control)
        answers = answers_words(node.name)
        self._run(work, lambda _: self._show_test(answers), lambda error: self._show_test(error_line(error)))

    def _show_test(self, words: str) -> None:
        if self.set_up_dialog is not None:
            self.set_up_dialog.show_test(words)

    def _nodes(self) -> tuple[Node, ...]:
        try:
            return read_nodes(paths.user_data_dir())
        except BoneAgeError as error:
            self._messages.show_error(error)
            return ()

    # Reports

    def send(self) -> None:
        """Ask where to, then send the reports of the shown film."""
        film, nodes = self._session.current, {node.name: node for node in self._nodes()}
        if film is None or self._why_not_send() is not None:
            return
        if not nodes:
            self.set_up()
            return
        dialog = SendDialog(list(nodes), self._last_node, self._window)
        if not self._messages.ask(dialog):
            return
        self._last_node = dialog.node
        reference = self._session.engine.reference if self._session.engine is not None else None
        self._session.said.emit(tr(archive.SENDING))
        work = partial(
            archive_calls.send_reports, nodes[dialog.node], [film.case], dialog.formats, reference,
            self._session.completing(), self._control,
        )  # fmt: skip
        self._run(work, partial(self._sent, [film.number]), self._not_sent)

    def send_waiting(self) -> None:
        """Try again what waits, archive by archive."""
        for node in self._nodes():
            if node.name in self._waiting:
                work = partial(archive_calls.send_what_waits, node, self._control)
                self._run(work, partial(self._sent, []), self._not_sent)

    def look_for_waiting(self) -> None:
        """Find out what waits in the outbox; connects nowhere."""
        self._run(archive_calls.waiting_reports, self._show_waiting)

    def _show_waiting(self, waiting: dict[str, int]) -> None:
        self._waiting = waiting
        self._session.work_changed.emit()

    def _sent(self, numbers: list[int], sent: SentReports) -> None:
        if not sent.refusals:
            self._session.mark_reported(numbers)
        self._session.said.emit(sent_words(sent.sent, sent.known, len(sent.refusals)))
        if sent.refusals:
            self._messages.show_error(sent.refusals[0])
        self.look_for_waiting()

    def _not_sent(self, error: BoneAgeError) -> None:
        if error.code != CANCELLED:
            self._session.said.emit(tr(archive.NOT_SENT))
            self._messages.show_error(error)
        self.look_for_waiting()

    def _why_not_send(self) -> str | None:
        film = self._session.current
        if film is None:
            return tr(NO_FILM)
        if film.case.estimate is None:
            return tr(archive.NO_ESTIMATE)
        if film.is_blind:
            return why_not_blind()
        if film.case.radiograph is None or film.case.radiograph.reference is None:
            return tr(archive.A_PICTURE)
        if film.case.reading is None or film.case.reading.decided_by is None:
            return tr(archive.UNDECIDED)
        return None

    # Work

    def _run(
        self,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[BoneAgeError], object] | None = None,
    ) -> None:
        """One at a time, in order; the dialog shows that it waits."""

        def free(answer: Callable[[], object]) -> None:
            answer()
            if self.dialog is not None:
                self.dialog.set_busy(self._jobs.active > 0)

        if self.dialog is not None:
            self.dialog.set_busy(True)
        self._jobs.submit(
            work,
            lambda answer: free(partial(done, answer)),
            lambda error: free(partial(failed or self._failed, error)),
            _LANE,
        )

    def _failed(self, error: BoneAgeError) -> None:
        self._say(error_line(error))

    def _say(self, words: str) -> None:
        if self.dialog is not None:
            self.dialog.say(words)
