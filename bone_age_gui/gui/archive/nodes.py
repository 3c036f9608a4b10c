"""Which archives there are: read, edited in their dialog, and tried out."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from bone_age_gui import paths
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.actions.messages import Messages
from bone_age_gui.gui.archive.nodes_dialog import NodesDialog
from bone_age_gui.gui.archive.queue import ArchiveQueue
from bone_age_gui.gui.work import archive_calls
from bone_age_gui.gui.work.archive_calls import NodesChange
from bone_age_gui.pacs.nodes import Node, read_nodes
from bone_age_gui.pacs.secrets import secret_of
from bone_age_gui.wording.archive import answers_words
from bone_age_gui.wording.errors import error_line


class ArchiveNodes(QObject):
    """The archives of this user.

    Attributes
    ----------
    changed : Signal
        They were edited.
    """

    changed = Signal()

    def __init__(self, parent: QObject, messages: Messages, queue: ArchiveQueue) -> None:
        super().__init__(parent)
        self._messages = messages
        self._queue = queue
        self._dialog: NodesDialog | None = None

    def read(self) -> tuple[Node, ...]:
        """In the order of their list; none, and a message, where it cannot be read."""
        try:
            return read_nodes(paths.user_data_dir())
        except BoneAgeError as error:
            self._messages.show_error(error)
            return ()

    def edit(self, over: QWidget) -> None:
        """Let a person edit them in a dialog over that window."""
        folder = paths.user_data_dir()
        before = self.read()
        dialog = self._dialog = NodesDialog(before, lambda name: secret_of(name, folder) is not None, over)
        dialog.test_wanted.connect(self._test)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        self._dialog = None
        dialog.deleteLater()
        if accepted:
            self._keep(NodesChange(before, dialog.accepted_nodes, dialog.renamed, dialog.passwords))

    def _keep(self, change: NodesChange) -> None:
        try:
            archive_calls.keep_nodes(change)
        except BoneAgeError as error:
            self._messages.show_error(error)
        self.changed.emit()

    def _test(self, node: Node, password: str | None, kept_as: str) -> None:
        work = partial(archive_calls.try_node, node, password, kept_as)
        answers = answers_words(node.name)
        self._queue.run(work, lambda _: self._show_test(answers), lambda error: self._show_test(error_line(error)))

    def _show_test(self, words: str) -> None:
        if self._dialog is not None:
            self._dialog.show_test(words)
