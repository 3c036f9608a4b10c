"""Reports into an archive: those of the shown film, and those that it has not taken yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.actions.messages import Messages
from bone_age_gui.gui.archive.nodes import ArchiveNodes
from bone_age_gui.gui.archive.queue import ArchiveQueue
from bone_age_gui.gui.archive.send_dialog import SendDialog
from bone_age_gui.gui.work import archive_calls
from bone_age_gui.gui.work.archive_calls import SentReports
from bone_age_gui.gui.work.session import Session
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.refusals import CANCELLED
from bone_age_gui.wording import archive
from bone_age_gui.wording.archive import sent_words
from bone_age_gui.wording.disabled import NO_ESTIMATE, NO_FILM
from bone_age_gui.wording.errors import error_line
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.reading import why_not_blind


class Sending(QObject):
    """Asks over ``window`` where to; ``set_up`` is called where there is no archive yet."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        messages: Messages,
        nodes: ArchiveNodes,
        queue: ArchiveQueue,
        set_up: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._messages = window, session, messages
        self._nodes, self._queue, self._set_up = nodes, queue, set_up
        self._waiting: dict[str, int] = {}
        self._last_node = ""

    @property
    def has_waiting(self) -> bool:
        """True where reports wait for an archive."""
        return bool(self._waiting)

    def why_not(self) -> str | None:
        """Why the shown film has nothing to send, in words for the user; ``None`` where it has."""
        film = self._session.current
        if film is None:
            return tr(NO_FILM)
        if film.case.estimate is None:
            return tr(NO_ESTIMATE)
        if film.is_blind:
            return why_not_blind()
        if film.case.radiograph is None or film.case.radiograph.reference is None:
            return tr(archive.A_PICTURE)
        if film.case.reading is None or film.case.reading.decided_by is None:
            return tr(archive.UNDECIDED)
        return None

    def send(self) -> None:
        """Ask where to, then send the reports of the shown film."""
        film, nodes = self._session.current, {node.name: node for node in self._nodes.read()}
        if film is None or self.why_not() is not None:
            return
        if not nodes:
            self._set_up()
            return
        dialog = SendDialog(list(nodes), self._last_node, self._window)
        if not self._messages.ask(dialog):
            return
        self._last_node = dialog.node
        reference = self._session.engine.reference if self._session.engine is not None else None
        self._session.said.emit(tr(archive.SENDING))
        work = partial(
            archive_calls.send_reports, nodes[dialog.node], [film.case], dialog.formats, reference,
            self._session.completing(),
        )  # fmt: skip
        self._queue.run(work, partial(self._sent, [film.number]), self._not_sent)

    def send_waiting(self) -> None:
        """Try again what waits, archive by archive."""
        for node in self._nodes.read():
            if node.name in self._waiting:
                work = partial(archive_calls.send_what_waits, node)
                self._queue.run(work, partial(self._sent, []), self._not_sent)

    def look_for_waiting(self) -> None:
        """Find out what waits in the outbox; connects nowhere."""

        def look(_: Control) -> dict[str, int]:
            return archive_calls.waiting_reports()

        self._queue.run(look, self._show_waiting, lambda error: self._session.said.emit(error_line(error)))

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
