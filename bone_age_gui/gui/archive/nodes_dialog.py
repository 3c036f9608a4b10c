"""The settings of archives: which there are, how they are reached, and whether they answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bone_age_gui.gui.archive.node_form import NodeForm
from bone_age_gui.gui.look.on_screen import lay_out_scrolled, resize_on_screen
from bone_age_gui.gui.look.widgets import ScaledLabel
from bone_age_gui.pacs.nodes import Node
from bone_age_gui.wording.archive import TESTING, new_node_name, same_name_words
from bone_age_gui.wording.dialogs import ABOUT_ARCHIVES
from bone_age_gui.wording.errors import error_words
from bone_age_gui.wording.language import tr


class NodesDialog(QDialog):
    """Edits a copy: ``accepted_nodes``, ``passwords`` and ``renamed`` hold the answer.

    Attributes
    ----------
    test_wanted : Signal(object, object, str)
        A node, a password that was typed for it, or ``None``, and the name under which one is kept; ``show_test`` takes
        the answer.
    """

    test_wanted = Signal(object, object, str)

    def __init__(
        self, nodes: Sequence[Node], has_password: Callable[[str], bool], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings: archives"))
        self._nodes = list(nodes)
        self._kept_as = [node.name for node in nodes]
        self._typed: list[str | None] = [None for _ in nodes]
        self._has_password = has_password
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Archives"))
        self.form = NodeForm()
        self.add = QPushButton(tr("A&dd"))
        self.add.clicked.connect(self._add)
        self.remove = QPushButton(tr("&Remove"))
        self.remove.clicked.connect(self._remove)
        self.test = QPushButton(tr("T&est"))
        self.test.setToolTip(tr("C-ECHO, or a query by DICOMweb"))
        self.test.clicked.connect(self._test)
        self.outcome = ScaledLabel("", 1.0)
        self.outcome.setWordWrap(True)
        self.outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._row = -1
        self._lay_out()
        self.form.changed.connect(self._rename)
        self.list.currentRowChanged.connect(self._show_row)
        for node in self._nodes:
            self.list.addItem(node.name)
        self.list.setCurrentRow(0 if self._nodes else -1)
        self._refresh()
        resize_on_screen(self, 860, 540)

    @property
    def accepted_nodes(self) -> tuple[Node, ...]:
        """The nodes as they were when the dialog was accepted."""
        return tuple(self._nodes)

    @property
    def passwords(self) -> dict[str, str]:
        """Passwords that were typed, by the name of their node."""
        pairs = zip(self._nodes, self._typed, strict=True)
        return {node.name: typed for node, typed in pairs if typed is not None}

    @property
    def renamed(self) -> dict[str, str]:
        """From the old to the new names of nodes that have another one now."""
        pairs = zip(self._nodes, self._kept_as, strict=True)
        return {old: node.name for node, old in pairs if old and old != node.name}

    def show_test(self, words: str) -> None:
        """Show what the test of an archive has brought."""
        self.outcome.setText(words)
        self.test.setEnabled(True)

    def accept(self) -> None:
        """Keep what is typed, if it can work."""
        self._take()
        for row, node in enumerate(self._nodes):
            if problem := node.problem():
                self.list.setCurrentRow(row)
                self.outcome.setText(error_words(problem).message)
                return
        names = [node.name for node in self._nodes]
        for row, name in enumerate(names):
            if name in names[:row]:
                self.list.setCurrentRow(row)
                self.outcome.setText(same_name_words(name))
                return
        super().accept()

    def _take(self) -> None:
        """Put what is typed into the list."""
        if 0 <= self._row < len(self._nodes):
            node = self.form.node()
            self._nodes[self._row] = node
            self._typed[self._row] = self.form.typed_password() or self._typed[self._row]

    def _show_row(self, row: int) -> None:
        self._take()
        self._row = row
        if 0 <= row < len(self._nodes):
            node = self._nodes[row]
            has_kept = bool(self._kept_as[row]) and self._has_password(self._kept_as[row])
            self.form.show_node(node, self._typed[row] is not None or has_kept)
        self.outcome.clear()
        self._refresh()

    def _rename(self) -> None:
        if (item := self.list.item(self._row)) is not None:
            item.setText(self.form.name.text())

    def _add(self) -> None:
        names = {node.name for node in self._nodes}
        name = next(name for name in map(new_node_name, range(1, len(names) + 2)) if name not in names)
        self._nodes.append(Node(name))
        self._kept_as.append("")
        self._typed.append(None)
        self.list.addItem(name)
        self.list.setCurrentRow(len(self._nodes) - 1)
        self.form.name.setFocus()
        self.form.name.selectAll()

    def _remove(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self._row = -1  # what is typed goes with it
            del self._nodes[row], self._kept_as[row], self._typed[row]
            self.list.takeItem(row)
            self._show_row(self.list.currentRow())

    def _test(self) -> None:
        self._take()
        node = self._nodes[self._row]
        if problem := node.problem():
            self.outcome.setText(error_words(problem).message)
            return
        self.outcome.setText(tr(TESTING))
        self.test.setEnabled(False)
        self.test_wanted.emit(replace(node), self._typed[self._row], self._kept_as[self._row] or node.name)

    def _refresh(self) -> None:
        chosen = self.list.currentRow() >= 0
        self.form.setVisible(chosen)
        self.remove.setEnabled(chosen)
        self.test.setEnabled(chosen)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addWidget(self.remove)
        left.addLayout(row)
        right = QVBoxLayout()
        right.addWidget(self.form)
        right.addStretch(1)
        test = QHBoxLayout()
        test.addWidget(self.test)
        test.addWidget(self.outcome, 1)
        right.addLayout(test)
        both = QHBoxLayout()
        both.setSpacing(18)
        both.addLayout(left, 1)
        both.addLayout(right, 3)
        about = QLabel(tr(ABOUT_ARCHIVES))
        about.setWordWrap(True)
        layout = QVBoxLayout()
        layout.setSpacing(12)
        layout.addWidget(about)
        layout.addLayout(both, 1)
        lay_out_scrolled(self, layout, self.buttons)
