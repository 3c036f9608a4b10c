"""Two buttons beside the words that reports were written: open the first, or show them in their folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton

from bone_age_gui.wording.actions import open_words
from bone_age_gui.wording.language import tr


class WrittenButtons:
    """``open_file`` and ``show_folder``, hidden until there are files; the caller lays them out."""

    def __init__(self) -> None:
        self.open_file = QPushButton(tr("Open"))
        self.show_folder = QPushButton(tr("Show in folder"))
        self._file: Path | None = None
        self._folder: Path | None = None
        self.open_file.setAccessibleName(tr("Open the report"))
        self.show_folder.setAccessibleName(tr("Show the reports in their folder"))
        self.open_file.clicked.connect(lambda: _open(self._file))
        self.show_folder.clicked.connect(lambda: _open(self._folder))
        self.offer((), None)

    def offer(self, files: Sequence[Path], folder: Path | None) -> None:
        """Take other files, in the order in which they were written; none hides the buttons."""
        self._file, self._folder = next(iter(files), None), folder
        self.open_file.setVisible(self._file is not None)
        self.open_file.setToolTip(open_words(self._file.name) if self._file is not None else "")
        self.show_folder.setVisible(self._file is not None)
        self.show_folder.setToolTip(str(folder) if folder is not None else "")


def _open(path: Path | None) -> None:
    if path is not None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
