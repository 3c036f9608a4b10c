"""What to run: folders, table of patients, reports and options of a batch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bone_age_gui.gui.look.widgets import HintedLine, ScaledLabel, card, from_left
from bone_age_gui.gui.work.batch.values import BatchRequest
from bone_age_gui.report.formats import RUN_FORMATS
from bone_age_gui.wording.batch import PATIENTS_TIP, choose_words, proposed_words
from bone_age_gui.wording.disabled import CHOOSE_FILMS, CHOOSE_FORMAT
from bone_age_gui.wording.language import number_text, tr
from bone_age_gui.wording.window_messages import RUN_GOES_ON

RESULTS = "bone-age-results"
"""Name of the output folder that is proposed, inside the folder of films."""
_PATH_ROOM = 12
"""Letters of a path that are seen at least beside the options."""
WORKERS = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
"""Offered numbers of processes; 0 is one per core."""


class BatchForm(QWidget):
    """The options above the table.

    Attributes
    ----------
    start_wanted : Signal(object)
        A `BatchRequest`.
    """

    start_wanted = Signal(object)

    def __init__(self, can_continue: Callable[[Path], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._can_continue = can_continue
        self._why_not: str | None = None
        self._runs = False
        self.folder = _line(tr("Folder with the films"), tr("The folder that holds the films"))
        self.out = _line(tr("Folder for the reports"), proposed_words(RESULTS))
        self.patients = _line(tr("Table of patients"), tr("Optional: a table (CSV)"))
        self.recursive = QCheckBox(tr("Folders &below, too"))
        self.anonymise = QCheckBox(tr("&Anonymise"))
        self.anonymise.setToolTip(tr("No names, numbers, dates or file names in the reports"))
        self.insist = QCheckBox(tr("Estimate films that &would be refused too"))
        self.insist.setToolTip(tr("They get a bone age that is marked as doubtful, instead of a reason why not"))
        self.formats = {name: QCheckBox(tr(kind.title)) for name, kind in RUN_FORMATS.items()}
        self.workers = QComboBox()
        self.start = QPushButton(tr("Start"))
        self.reason = ScaledLabel("", 0.92, role="muted")
        self._set_up()
        self._lay_out()
        self._refresh()

    def _set_up(self) -> None:
        for name, box in self.formats.items():
            box.setToolTip(tr(RUN_FORMATS[name].about))
            box.setChecked(name in ("csv", "pdf"))
            box.toggled.connect(self._refresh)
        for number in WORKERS:
            self.workers.addItem(number_text(number) if number else tr("one per core"), number)
        self.workers.setAccessibleName(tr("Processes that read films"))
        self.workers.setToolTip(tr("Processes that read films at the same time"))
        self.start.setProperty("primary", "true")
        self.start.setAccessibleName(tr("Start the batch"))
        self.start.clicked.connect(self._ask_to_start)
        self.reason.setWordWrap(True)
        self.patients.setToolTip(tr(PATIENTS_TIP))
        for line in (self.folder, self.out, self.patients):
            line.textChanged.connect(self._refresh)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        rows = ((tr("&Films"), self.folder, self._choose_folder), (tr("Reports &to"), self.out, self._choose_out),
                (tr("&Patients"), self.patients, self._choose_patients))  # fmt: skip
        for row, (text, line, choose) in enumerate(rows):
            label = QLabel(text)
            label.setBuddy(line)
            button = QPushButton(tr("Choose…"))
            button.setAccessibleName(choose_words(line.accessibleName()))
            button.clicked.connect(choose)
            grid.addWidget(label, row, 0)
            grid.addWidget(line, row, 1)
            grid.addWidget(button, row, 2)
        grid.setColumnStretch(1, 1)
        rest = QVBoxLayout()
        rest.setSpacing(6)
        rest.addLayout(_row(QLabel(tr("Reports")), *self.formats.values()))
        rest.addLayout(_row(self.recursive, self.anonymise))
        rest.addLayout(_row(self.insist))
        rest.addLayout(_row(QLabel(tr("Processes")), self.workers, None, self.start))
        frame = card()
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, frame)
        self._both.setContentsMargins(14, 10, 14, 10)
        self._both.setSpacing(16)
        self._both.addLayout(grid, 1)
        self._both.addLayout(rest)
        self._paths, self._rest = grid, rest
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(frame)
        column.addWidget(self.reason)
        self._frame = frame

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The options go below the paths where both have no room side by side."""
        super().resizeEvent(event)
        margins = self._both.contentsMargins()
        parts = self._paths.minimumSize().width(), self._rest.minimumSize().width()
        room = self.width() - margins.left() - margins.right()
        beside = sum(parts) + self._both.spacing() + _PATH_ROOM * self.fontMetrics().averageCharWidth() <= room
        below = QBoxLayout.Direction.TopToBottom
        self._both.setDirection(QBoxLayout.Direction.LeftToRight if beside else below)

    def minimumSizeHint(self) -> QSize:
        """The wider of its halves: they may lie one below the other."""
        margins = self._both.contentsMargins()
        widest = max(self._paths.minimumSize().width(), self._rest.minimumSize().width())
        return QSize(widest + margins.left() + margins.right(), super().minimumSizeHint().height())

    def set_engine_reason(self, reason: str | None) -> None:
        """Why nothing can be estimated now, or ``None``."""
        self._why_not = reason
        self._refresh()

    def set_running(self, runs: bool) -> None:
        """Closed for changes while a batch runs."""
        self._runs = runs
        self._frame.setEnabled(not runs)
        self._refresh()

    def set_folder(self, folder: Path) -> None:
        """Take a folder of films, and propose one for the reports."""
        old = self._path(self.folder)
        if not self.out.text() or (old is not None and self._path(self.out) == old / RESULTS):
            self.out.setText(str(folder / RESULTS))
        self.folder.setText(str(folder))

    def request(self) -> BatchRequest | None:
        """What is chosen, or ``None`` without a folder of films. Reports go to the proposed folder unless said."""
        folder = self._path(self.folder)
        if folder is None:
            return None
        out = self._path(self.out) or folder / RESULTS
        formats = tuple(name for name, box in self.formats.items() if box.isChecked())
        return BatchRequest(
            folder,
            out,
            self._path(self.patients),
            self.recursive.isChecked(),
            formats,
            self.anonymise.isChecked(),
            self.workers.currentData(),
            self._can_continue(out),
            self.insist.isChecked(),
        )

    def _ask_to_start(self) -> None:
        request = self.request()
        if request is not None:
            self.start_wanted.emit(request)

    def _refresh(self) -> None:
        request = self.request()
        reason = self._reason(request)
        continues = request is not None and request.resume
        self.start.setText(tr("Continue") if continues else tr("Start"))
        self.start.setEnabled(reason is None and not self._runs)
        self.start.setToolTip(reason or tr("Estimate every film of the folder"))
        hint = tr(RUN_GOES_ON) if continues else ""
        self.reason.setText("" if self._runs else reason or hint)
        self.reason.setVisible(bool(self.reason.text()))

    def _reason(self, request: BatchRequest | None) -> str | None:
        if request is None:
            return tr(CHOOSE_FILMS)
        if not any(box.isChecked() for box in self.formats.values()):
            return tr(CHOOSE_FORMAT)
        return self._why_not

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Folder with the films"), self.folder.text())
        if name:
            self.set_folder(Path(name))

    def _choose_out(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Folder for the reports"), self.out.text())
        if name:
            self.out.setText(name)

    def _choose_patients(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, tr("Table of patients"), "", f"{tr('Tables')} (*.csv);;{tr('All files')} (*)"
        )
        if name:
            self.patients.setText(name)

    @staticmethod
    def _path(line: QLineEdit) -> Path | None:
        text = line.text().strip()
        return Path(text) if text else None


def _line(name: str, hint: str) -> QLineEdit:
    line = from_left(HintedLine())
    line.setAccessibleName(name)
    line.setPlaceholderText(hint)
    return line


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; ``None`` is a stretch."""
    row = QHBoxLayout()
    row.setSpacing(10)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    if None not in widgets:
        row.addStretch(1)
    return row
