"""Which reports to write, of which films, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from bone_age_gui.gui.look.on_screen import lay_out_scrolled
from bone_age_gui.gui.look.widgets import ScaledLabel, from_left
from bone_age_gui.report.formats import CASE_FORMATS
from bone_age_gui.wording.dialogs import ANONYMISE_TIP
from bone_age_gui.wording.disabled import CHOOSE_FOLDER
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.report import BURNT_IN
from bone_age_gui.wording.window_messages import all_films_words

DEFAULT = ("pdf",)


@dataclass(frozen=True)
class ReportChoice:
    """What was chosen; ``all_films`` for every open film, ``formats`` are keys of ``report.formats.CASE_FORMATS``."""

    folder: Path
    formats: tuple[str, ...]
    all_films: bool
    anonymous: bool


class ReportDialog(QDialog):
    """Asks; ``choice`` holds the answer while there is one. ``films`` is how many films can be in a table."""

    def __init__(self, films: int, last: ReportChoice | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Write reports"))
        self.this_film = QRadioButton(tr("&This film"))
        self.all_films = QRadioButton(all_films_words(films))
        self.all_films.setEnabled(films > 1)
        (self.all_films if last is not None and last.all_films and films > 1 else self.this_film).setChecked(True)
        self.formats = {name: QCheckBox(tr(kind.title)) for name, kind in CASE_FORMATS.items()}
        for name, box in self.formats.items():
            box.setChecked(name in (last.formats if last is not None else DEFAULT))
            box.toggled.connect(self._check)
        self.anonymise = QCheckBox(tr("A&nonymise"))
        self.anonymise.setToolTip(tr(ANONYMISE_TIP))
        self.anonymise.setChecked(last.anonymous if last is not None else False)
        self.anonymise.toggled.connect(self._check)
        self.warning = ScaledLabel(tr(BURNT_IN), 0.95, role="warning")
        self.warning.setWordWrap(True)
        self.folder = from_left(QLineEdit(str(last.folder) if last is not None else ""))
        self.folder.setAccessibleName(tr("Folder"))
        self.folder.setPlaceholderText(tr("Folder for the reports"))
        self.folder.textChanged.connect(self._check)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("&Write"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._lay_out()
        self._check()

    @property
    def choice(self) -> ReportChoice | None:
        """What was chosen; ``None`` while a folder or a format is missing."""
        formats = tuple(name for name, box in self.formats.items() if box.isChecked())
        folder = self.folder.text().strip()
        if not formats or not folder:
            return None
        return ReportChoice(Path(folder), formats, self.all_films.isChecked(), self.anonymise.isChecked())

    def _lay_out(self) -> None:
        films = _group(tr("Films"), [self.this_film, self.all_films])
        kinds = _group(tr("Reports"), list(self.formats.values()))
        label = QLabel(tr("&Folder"))
        label.setBuddy(self.folder)
        browse = QPushButton(tr("&Browse…"))
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        for widget in (label, self.folder, browse):
            row.addWidget(widget)
        layout = QVBoxLayout()
        layout.setSpacing(12)
        layout.addWidget(films)
        layout.addWidget(kinds)
        layout.addWidget(self.anonymise)
        layout.addWidget(self.warning)
        layout.addLayout(row)
        self.setMinimumWidth(460)
        lay_out_scrolled(self, layout, self.buttons)

    def _browse(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Folder for the reports"), self.folder.text())
        if name:
            self.folder.setText(name)

    def _check(self) -> None:
        self.warning.setVisible(self.anonymise.isChecked())
        button = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        button.setEnabled(self.choice is not None)
        button.setToolTip("" if self.choice is not None else tr(CHOOSE_FOLDER))


def _group(title: str, widgets: Sequence[QWidget]) -> QGroupBox:
    box = QGroupBox(title)
    column = QVBoxLayout(box)
    for widget in widgets:
        column.addWidget(widget)
    return box
