"""Help > Diagnostics and Help > Licences."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from bone_age_gui.about.diagnostics import Sections, as_text
from bone_age_gui.about.licences import Licence
from bone_age_gui.gui.look.on_screen import resize_on_screen
from bone_age_gui.wording.dialogs import ABOUT_DIAGNOSTICS, ABOUT_LICENCES
from bone_age_gui.wording.language import tr


def _plain_text(name: str, text: str = "") -> QPlainTextEdit:
    page = QPlainTextEdit(text)
    page.setReadOnly(True)
    page.setAccessibleName(name)
    page.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    return page


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    return label


class DiagnosticsDialog(QDialog):
    """Facts that can be copied."""

    def __init__(self, sections: Sections, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Diagnostics"))
        self.text = _plain_text(tr("Diagnostics"), as_text(sections))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(tr("Copy all"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self.copy)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(_words(tr(ABOUT_DIAGNOSTICS)))
        layout.addWidget(self.text, 1)
        layout.addWidget(buttons)
        resize_on_screen(self, 820, 560)

    def copy(self) -> None:
        """Put everything on the clipboard."""
        QApplication.clipboard().setText(self.text.toPlainText())


class LicencesDialog(QDialog):
    """Parts at the left, the terms of the chosen one at the right."""

    def __init__(self, parts: Sequence[Licence], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Licences"))
        self._parts = parts
        self.names = QListWidget()
        self.names.setAccessibleName(tr("Parts of the program"))
        self.text = _plain_text(tr("Licence text"))
        self.names.addItems([f"{part.name} {part.version}" for part in parts])
        self.names.currentRowChanged.connect(self._show)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        halves.addWidget(self.names)
        halves.addWidget(self.text)
        halves.setStretchFactor(1, 1)
        halves.setSizes([260, 560])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(_words(tr(ABOUT_LICENCES)))
        layout.addWidget(halves, 1)
        layout.addWidget(buttons)
        resize_on_screen(self, 860, 560)
        self.names.setCurrentRow(0)

    def _show(self, row: int) -> None:
        if 0 <= row < len(self._parts):
            part = self._parts[row]
            self.text.setPlainText(f"{part.name} {part.version}\n{part.terms}\n\n{part.text}")
