"""Archives in the window: what can be done with them, and the parts that do it joined to each other."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from bone_age_gui.gui.actions.definition import Action
from bone_age_gui.gui.actions.messages import Messages
from bone_age_gui.gui.archive.find_dialog import FindDialog
from bone_age_gui.gui.archive.nodes import ArchiveNodes
from bone_age_gui.gui.archive.queue import ArchiveQueue
from bone_age_gui.gui.archive.search import FilmSearch
from bone_age_gui.gui.archive.send import Sending
from bone_age_gui.gui.work.session import Session


class Archives(QObject):
    """Dialogs open over ``window``; fetched films join those of ``session``."""

    def __init__(self, window: QWidget, session: Session, messages: Messages) -> None:
        super().__init__(window)
        self._window = window
        self._queue = ArchiveQueue(self)
        self._queue.crashed.connect(messages.show_bug)
        self._nodes = ArchiveNodes(self, messages, self._queue)
        self._search = FilmSearch(window, session, self._nodes, self._queue, self.set_up)
        self._sending = Sending(window, session, messages, self._nodes, self._queue, self.set_up)
        self._nodes.changed.connect(self.look_for_waiting)

    def actions(self) -> tuple[Action, ...]:
        """The actions, in the order of the menus."""
        sending = self._sending
        return (
            Action("from_archive", "From the archi&ve…", "Look for films in the archive (PACS) and open them",
                   self.open, ("Ctrl+Shift+F",)),
            Action("archives", "Arc&hives…", "Which archives there are, and whether they answer", self.set_up),
            Action("send", "Sen&d to the archive…", "File the reports of this film with it in the archive",
                   sending.send, ("Ctrl+Shift+E",), why_not=sending.why_not),
            Action("send_waiting", "Send &waiting reports", "Try again what the archive has not taken yet",
                   sending.send_waiting, is_offered=lambda: sending.has_waiting),
        )  # fmt: skip

    @property
    def dialog(self) -> FindDialog | None:
        """That in which films are looked for, once it was opened."""
        return self._search.dialog

    def open(self) -> None:
        """Show the dialog in which films are looked for."""
        self._search.open()

    def set_up(self) -> None:
        """Edit the archives, over the dialog that is in sight."""
        dialog = self.dialog
        self._nodes.edit(dialog if dialog is not None and dialog.isVisible() else self._window)

    def look_for_waiting(self) -> None:
        """Find out what waits in the outbox; connects nowhere."""
        self._sending.look_for_waiting()

    def change_language(self) -> None:
        """What is in sight, in another language."""
        self._search.change_language()

    def shutdown(self) -> None:
        """End what waits for an archive, and close its window."""
        self._queue.cancel()
        self._search.close()
        self._queue.shutdown()
