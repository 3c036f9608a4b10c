"""The window of a batch: options, the table that fills, progress, and how to stop it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.gui.batch.form import BatchForm
from bone_age_gui.gui.batch.model import ITEM_ROLE, BatchFilter, BatchModel
from bone_age_gui.gui.batch.outcome import outcome_words
from bone_age_gui.gui.batch.shown import ShownButtons
from bone_age_gui.gui.batch.table import BatchTable
from bone_age_gui.gui.first_size import room_on
from bone_age_gui.gui.look.carried import carry, carry_table
from bone_age_gui.gui.look.widgets import ScaledLabel, scrolling, set_property
from bone_age_gui.gui.look.written import WrittenButtons
from bone_age_gui.gui.work.batch.values import BatchRow, Outcome, Progress, Shown, Writing
from bone_age_gui.wording.errors import error_line
from bone_age_gui.wording.language import mark, tr
from bone_age_gui.wording.reading import BATCH_READ_FIRST
from bone_age_gui.wording.runs import plan_notice, progress_words
from bone_age_gui.wording.window_messages import writing_words

_SIZE = (1240, 680)
_LEAST_TABLE = 130
"""Pixels; where the screen is lower than this asks for, the window scrolls."""
_EMPTY = mark(
    "Choose the folder with the films, then press Start.\nThe films are listed at once, and filled in one by one."
)


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
        self._out: Path | None = None
        self._runs = False
        self._shows: Callable[[BatchPanel], None] | None = None
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
        self.bar = QProgressBar()
        self.words = ScaledLabel("")
        self.blind = ScaledLabel(tr(BATCH_READ_FIRST), role="muted")
        self.blind.setWordWrap(True)
        self.blind.hide()
        self.empty = ScaledLabel(tr(_EMPTY), role="muted")
        self.pause = QPushButton(tr("Pause"))
        self.cancel = QPushButton(tr("Cancel"))
        self.written = WrittenButtons()
        self.write_out = QPushButton(tr("Write reports of the finished films"))
        self._set_up_buttons()
        self._lay_out()
        self.resize(QSize(*_SIZE).boundedTo(room_on(self.screen())))
        self._count()
        self._show_running(False)

    # Putting together

    def _set_up_buttons(self) -> None:
        self._shown.chosen.connect(self.filter.show_only)
        self.search.setPlaceholderText(tr("Search in all columns"))
        self.search.setAccessibleName(tr("Search in the table"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.filter.search)
        self.bar.setAccessibleName(tr("Films done"))
        self.bar.setTextVisible(False)
        self.pause.setCheckable(True)
        self.pause.setToolTip(tr("Start no more films until you go on"))
        self.pause.toggled.connect(self._pause)
        self.cancel.setToolTip(tr("Stop; what is finished is kept, and the run can be continued"))
        self.cancel.clicked.connect(self.cancel_wanted)
        self.write_out.setToolTip(tr("The run can be continued all the same; its reports then replace these"))
        self.write_out.clicked.connect(self.reports_wanted)
        self.write_out.hide()
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
        below = QHBoxLayout()
        below.setSpacing(10)
        self.bar.setFixedWidth(220)
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a path is one long word
        below.addWidget(self.bar)
        below.addWidget(self.words, 1)
        for button in (self.write_out, self.written.open_file, self.written.show_folder, self.pause, self.cancel):
            below.addWidget(button)
        self.table.setMinimumHeight(_LEAST_TABLE)
        column = QVBoxLayout(inside := QWidget())
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(8)
        column.addWidget(self.form)
        column.addLayout(tools)
        column.addWidget(self.blind)
        column.addWidget(self.table, 1)
        column.addLayout(below)
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

    def show_answers(self, paths: Iterable[Path]) -> None:
        """The model's answers on these films were seen elsewhere."""
        self.model.show_answers(paths)
        self._count()

    # The run

    def begin(self, out: Path) -> None:
        """A run was started: forget the old one."""
        self._out = out
        self._notice = None
        self.search.clear()
        self.only[Shown.ALL].click()
        self.model.set_items([])
        self._count()
        self._show_running(True)
        self._show_looking()

    def _show_looking(self) -> None:
        self._shows = BatchPanel._show_looking
        self.bar.setRange(0, 0)
        self._say(tr("Looking for films…"))

    def show_films(self, items: Sequence[BatchRow]) -> None:
        """List the films, which wait."""
        self.model.set_items(items)
        self._count()

    def put(self, items: Sequence[BatchRow]) -> None:
        """Show finished films."""
        self.model.put(items)
        self._count()

    def show_progress(self, progress: Progress) -> None:
        """How many films are done, and in words how far, how fast, how long."""
        self._shows = lambda panel: panel.show_progress(progress)
        self.bar.setRange(0, max(progress.total, 1))
        self.bar.setValue(progress.done)
        words = progress_words(progress, " \N{MIDDLE DOT} ")
        self._say(tr("{progress} \N{MIDDLE DOT} paused", progress=words) if self.pause.isChecked() else words)

    def show_writing(self, writing: Writing) -> None:
        """The films are done, or the run was stopped; their reports take a while, too."""
        self._shows = lambda panel: panel.show_writing(writing)
        self._show_running(True)
        self.pause.setVisible(False)
        self.bar.setRange(0, max(writing.total, 1))
        self.bar.setValue(writing.done)
        self._say(writing_words(writing.done, writing.total))

    def notice(self, notice: Fact) -> None:
        """Something about folder or table."""
        self._notice = notice
        self.form.reason.setText(plan_notice(notice))
        self.form.reason.show()

    def end(self, outcome: Outcome) -> None:
        """The run came to its end, or was cancelled."""
        self._shows = lambda panel: panel.end(outcome)
        self._show_running(False)
        self.bar.setRange(0, max(outcome.films, 1))
        self.bar.setValue(outcome.done)
        self._say(outcome_words(outcome))
        self.written.offer(outcome.reports if outcome.wrote_all else (), self._out)
        self.write_out.setVisible(outcome.is_unfinished and not outcome.wrote_all)

    def fail(self, error: BoneAgeError) -> None:
        """The run could not begin or go on."""
        self._shows = lambda panel: panel.fail(error)
        self._show_running(False)
        self.bar.setRange(0, 1)
        self._say(" ".join(error_line(error).split()), "error")

    def take_over(self, old: BatchPanel) -> None:
        """Show what the panel in the language before showed."""
        carry(old, self)
        self._out = old._out
        self.model.take_over(old.model)
        self._shown.take_over(old._shown)
        carry_table(old.table, self.table)
        self._show_running(old._runs)
        with QSignalBlocker(self.pause):  # the run is paused already
            self.pause.setChecked(old.pause.isChecked())
        self._name_pause()
        if old._notice is not None and old._runs:
            self.notice(old._notice)
        if old._shows is not None:
            old._shows(self)
        self._count()

    # Inside

    def _show_running(self, runs: bool) -> None:
        self._runs = runs
        self.form.set_running(runs)
        self.pause.setChecked(False)
        for button in (self.pause, self.cancel):
            button.setVisible(runs)
        if runs:
            self.write_out.hide()
            self.written.offer((), None)
        self.bar.setVisible(runs or self.model.rowCount() > 0)

    def _say(self, text: str, role: str = "") -> None:
        set_property(self.words, "role", role)
        self.words.setText(text)
        self.words.setToolTip(text)

    def _count(self) -> None:
        model = self.model
        self.empty.setVisible(model.rowCount() == 0 and not self._runs)
        self._shown.count({Shown.ALL: model.rowCount(), Shown.FLAGGED: model.flagged, Shown.REFUSED: model.refused})

    def _pause(self, wanted: bool) -> None:
        self._name_pause()
        if self._runs:
            self.pause_wanted.emit(wanted)

    def _name_pause(self) -> None:
        self.pause.setText(tr("Go on") if self.pause.isChecked() else tr("Pause"))

    def _open(self, index: QModelIndex) -> None:
        item = index.data(ITEM_ROLE)
        if isinstance(item, BatchRow):
            self.film_wanted.emit(item.film.path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing stops a run; it can be continued."""
        if self._runs:
            self.cancel_wanted.emit()
        super().closeEvent(event)
