"""Dialogs that show an error, a fault of the program or a page of text."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QMessageBox, QWidget

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.dialogs.error import ErrorDialog
from bone_age_gui.gui.dialogs.text import TextDialog
from bone_age_gui.wording.errors import error_words
from bone_age_gui.wording.language import tr


class Messages(QObject):
    """Dialogs over one window, which is ``parent``."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._shows_bug = False

    def show_error(self, error: BoneAgeError) -> None:
        """Show what went wrong and what to do."""
        words = error_words(error)
        box = QMessageBox(QMessageBox.Icon.Warning, tr("Bone Age"), words.title, parent=self._window)
        box.setInformativeText(words.message)
        self.ask(box)

    def show_bug(self, error: BaseException) -> None:
        """Show a report of a fault of the program; one at a time, because one fault often brings many."""
        if not self._shows_bug:
            self._shows_bug = True
            self.ask(ErrorDialog(error, self._window))
            self._shows_bug = False

    def show_text(self, title: str, html: str) -> None:
        """Show a page of text."""
        self.ask(TextDialog(title, html, self._window))

    @staticmethod
    def ask(dialog: QDialog) -> bool:
        """Show a dialog until it is closed; True if it was accepted."""
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return accepted
