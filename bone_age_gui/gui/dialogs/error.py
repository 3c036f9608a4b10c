"""What the user sees when the program itself is at fault."""

from __future__ import annotations

import platform
import traceback
from pathlib import PurePath

from PySide6 import __version__ as qt_version
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from bone_age_gui import __version__
from bone_age_gui.gui.look.on_screen import resize_on_screen
from bone_age_gui.wording.dialogs import PROGRAM_FAULT
from bone_age_gui.wording.language import tr


def report_text(error: BaseException) -> str:
    """Versions, kinds of the errors and where they arose. No messages, values or paths: they may name a patient."""
    system = f"{platform.system()} {platform.machine()}"
    lines = [f"bone-age-gui {__version__}, Python {platform.python_version()}, Qt {qt_version}, {system}"]
    link: BaseException | None = error
    while link is not None:
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}")
        for frame in traceback.extract_tb(link.__traceback__):
            place = "/".join(PurePath(frame.filename.replace("\\", "/")).parts[-2:])
            lines.append(f"  {place}:{frame.lineno} in {frame.name}")
        link = link.__cause__ or link.__context__
    return "\n".join(lines)


class ErrorDialog(QDialog):
    """A report that can be copied."""

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something went wrong"))
        self.report = QPlainTextEdit(report_text(error))
        self.report.setReadOnly(True)
        self.report.setAccessibleName(tr("Error report"))
        words = QLabel(tr(PROGRAM_FAULT))
        words.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(tr("Copy report"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QApplication.clipboard().setText(self.report.toPlainText()))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(words)
        layout.addWidget(self.report, 1)
        layout.addWidget(buttons)
        resize_on_screen(self, 620, 360)
