"""The window of a batch: options, the table that fills, and the course of the run below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.gui.batch.course import RunCourse
from bone_age_gui.gui.batch.form import BatchForm
from bone_age_gui.gui.batch.model import ITEM_ROLE, BatchFilter, BatchModel
from bone_age_gui.gui.batch.shown import ShownButtons
from bone_age_gui.gui.batch.table import BatchTable
from bone_age_gui.gui.first_size import room_on
from bone_age_gui.gui.look.carried import carry, carry_table
from bone_age_gui.gui.look.widgets import ScaledLabel, scrolling
from bone_age_gui.gui.work.batch.values import BatchRow, Outcome, Progress, Shown, Writing
from bone_age_gui.wording.dialogs import NO_BATCH_YET
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.reading import BATCH_READ_FIRST
from bone_age_gui.wording.runs import plan_notice

_SIZE = (1240, 680)
_LEAST_TABLE = 130
"""Pixels; where the screen is lower than this asks for, the window scrolls."""


class BatchPanel(QWidget):
    """A window of its own.

    Attributes
    ----------
    start_wanted : Signal(object)
        A `BatchRequest`.
    pause_wanted : Signal(bool)
        Pause, or go on.
    cancel_wanted : Signal
        Stop the run; it can be continued later.
    reports_wanted : Signal
        Write the reports of what a stopped run has finished.
    film_wanted : Signal(object)
        Path of a film that is to be opened in the main window.
    """

    start_wanted = Signal(object)
    pause_wanted = Signal(bool)
    cancel_wanted = Signal()
    reports_wanted = Signal()
    film_wanted = Signal(object)

    def __init__(self, can_continue: Callable[[Path], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("Estimate a folder"))
        self.setObjectName("batch")
        self._notice: Fact | None = None
        self.form = BatchForm(can_continue)
        self.model = BatchModel()
        self.filter = BatchFilter(self.model)
        self.table = BatchTable(self.filter)
        self.table.doubleClicked.connect(self._open)
        self.table.enter_pressed.connect(self._open)
        self.search = QLineEdit()
        self._shown = ShownButtons()
        self.only = self._shown.buttons
        self.course = RunCourse()
        self.blind = ScaledLabel(tr(BATCH_READ_FIRST), role="muted")
        self.blind.setWordWrap(True)
        self.blind.hide()
        self.empty = ScaledLabel(tr(NO_BATCH_YET), role="muted")
        self._join()
        self._lay_out()
        self.resize(QSize(*_SIZE).boundedTo(room_on(self.screen())))
        self._count()
        self._show_running(False)

    # Putting together

    def _join(self) -> None:
        self._shown.chosen.connect(self.filter.show_only)
        self.search.setPlaceholderText(tr("Search in all columns"))
        self.search.setAccessibleName(tr("Search in the table"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.filter.search)
        self.course.pause_wanted.connect(self.pause_wanted)
        self.course.cancel.clicked.connect(self.cancel_wanted)
        self.course.write_out.clicked.connect(self.reports_wanted)
        self.form.start_wanted.connect(self.start_wanted)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.addWidget(self._shown)
        tools.addStretch(1)
        self.search.setMinimumWidth(240)
        middle = QVBoxLayout(self.table.viewport())
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        middle.addWidget(self.empty)
        tools.addWidget(self.search)
        self.table.setMinimumHeight(_LEAST_TABLE)
        column = QVBoxLayout(inside := QWidget())
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(8)
        column.addWidget(self.form)
        column.addLayout(tools)
        column.addWidget(self.blind)
        column.addWidget(self.table, 1)
        column.addWidget(self.course)
        column.addWidget(ScaledLabel(tr(DISCLAIMER), 0.92, role="muted"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolling(inside))  # a screen may be lower than all this

    # What may be seen

    def set_blind(self, wanted: bool) -> None:
        """Whether readers give their age before they see the model's."""
        self.blind.setVisible(wanted)
        self.model.set_blind(wanted)
        self._count()

    def reveal_estimates(self, paths: Iterable[Path]) -> None:
        """The model's estimates of these films were seen elsewhere."""
        self.model.reveal_estimates(paths)
        self._count()

    # The run

    def begin(self, out: Path) -> None:
        """A run was started: forget the old one."""
        self._notice = None
        self.search.clear()
        self.only[Shown.ALL].click()
        self.model.set_items([])
        self._count()
        self.course.begin(out)
        self._show_running(True)

    def show_films(self, items: Sequence[BatchRow]) -> None:
        """List the films, which wait."""
        self.model.set_items(items)
        self._count()

    def put(self, items: Sequence[BatchRow]) -> None:
        """Show finished films."""
        self.model.put(items)
        self._count()

    def show_progress(self, progress: Progress) -> None:
        """How many films are done."""
        self.course.show_progress(progress)

    def show_writing(self, writing: Writing) -> None:
        """The films are done, or the run was stopped; their reports take a while, too."""
        self.course.show_writing(writing)
        self._show_running(True)

    def notice(self, notice: Fact) -> None:
        """Show a notice about the folder or the table of patients."""
        self._notice = notice
        self.form.reason.setText(plan_notice(notice))
        self.form.reason.show()

    def end(self, outcome: Outcome) -> None:
        """The run came to its end, or was cancelled."""
        self.course.end(outcome)
        self._show_running(False)

    def fail(self, error: BoneAgeError) -> None:
        """Say why the run could not begin or go on."""
        self.course.fail(error)
        self._show_running(False)

    def take_over(self, old: BatchPanel) -> None:
        """Show what the panel in the language before showed."""
        carry(old, self)
        self.model.take_over(old.model)
        self._shown.take_over(old._shown)
        carry_table(old.table, self.table)
        self.course.take_over(old.course)
        self._show_running(self.course.runs)
        if old._notice is not None and self.course.runs:
            self.notice(old._notice)
        self._count()

    # Inside

    def _show_running(self, runs: bool) -> None:
        self.form.set_running(runs)
        self.course.bar.setVisible(runs or self.model.rowCount() > 0)

    def _count(self) -> None:
        model = self.model
        self.empty.setVisible(model.rowCount() == 0 and not self.course.runs)
        self._shown.count({Shown.ALL: model.rowCount(), Shown.FLAGGED: model.flagged, Shown.REFUSED: model.refused})

    def _open(self, index: QModelIndex) -> None:
        item = index.data(ITEM_ROLE)
        if isinstance(item, BatchRow):
            self.film_wanted.emit(item.film.path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing stops a run; it can be continued."""
        if self.course.runs:
            self.cancel_wanted.emit()
        super().closeEvent(event)
