"""The course of a run below its table: how far it is, what came out, and the buttons that pause, end or report it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QWidget

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.look.widgets import ScaledLabel, set_property
from bone_age_gui.gui.look.written import WrittenButtons
from bone_age_gui.gui.work.batch.values import Outcome, Progress, Writing
from bone_age_gui.wording.errors import error_line
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.runs import paused_words, progress_words
from bone_age_gui.wording.window_messages import LOOKING, batch_ended_words, stopped_words, writing_words


class RunCourse(QWidget):
    """One line: a bar, words, and the buttons that make sense now.

    Attributes
    ----------
    pause_wanted : Signal(bool)
        Pause, or go on.
    runs : bool
        Whether a run is under way.
    """

    pause_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.runs = False
        self._out: Path | None = None
        self._shows: Callable[[RunCourse], None] | None = None
        self.bar = QProgressBar()
        self.words = ScaledLabel("")
        self.pause = QPushButton(tr("Pause"))
        self.cancel = QPushButton(tr("Cancel"))
        self.written = WrittenButtons()
        self.write_out = QPushButton(tr("Write reports of the finished films"))
        self.bar.setAccessibleName(tr("Films done"))
        self.bar.setTextVisible(False)
        self.pause.setCheckable(True)
        self.pause.setToolTip(tr("Start no more films until you go on"))
        self.pause.toggled.connect(self._pause)
        self.cancel.setToolTip(tr("Stop; what is finished is kept, and the run can be continued"))
        self.write_out.setToolTip(tr("The run can be continued all the same; its reports then replace these"))
        self.write_out.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        self.bar.setFixedWidth(220)
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a path is one long word
        line.addWidget(self.bar)
        line.addWidget(self.words, 1)
        for button in (self.write_out, self.written.open_file, self.written.show_folder, self.pause, self.cancel):
            line.addWidget(button)

    def begin(self, out: Path) -> None:
        """A run was started, whose reports go into ``out``: its films are looked for."""
        self._out = out
        self.set_running(True)
        self._show_looking()

    def show_progress(self, progress: Progress) -> None:
        """How many films are done, and in words how far, how fast, how long."""
        self._shows = lambda course: course.show_progress(progress)
        self.bar.setRange(0, max(progress.total, 1))
        self.bar.setValue(progress.done)
        words = progress_words(progress, " \N{MIDDLE DOT} ")
        self._say(paused_words(words) if self.pause.isChecked() else words)

    def show_writing(self, writing: Writing) -> None:
        """The films are done, or the run was stopped; their reports take a while, too."""
        self._shows = lambda course: course.show_writing(writing)
        self.set_running(True)
        self.pause.setVisible(False)
        self.bar.setRange(0, max(writing.total, 1))
        self.bar.setValue(writing.done)
        self._say(writing_words(writing.done, writing.total))

    def end(self, outcome: Outcome) -> None:
        """The run came to its end, or was cancelled."""
        self._shows = lambda course: course.end(outcome)
        self.set_running(False)
        self.bar.setRange(0, max(outcome.films, 1))
        self.bar.setValue(outcome.done)
        self._say(_outcome_words(outcome))
        self.written.offer(outcome.reports if outcome.wrote_all else (), self._out)
        self.write_out.setVisible(outcome.is_unfinished and not outcome.wrote_all)

    def fail(self, error: BoneAgeError) -> None:
        """Say why the run could not begin or go on."""
        self._shows = lambda course: course.fail(error)
        self.set_running(False)
        self.bar.setRange(0, 1)
        self._say(" ".join(error_line(error).split()), "error")

    def take_over(self, old: RunCourse) -> None:
        """Show what the course in the language before showed."""
        self._out = old._out
        self.set_running(old.runs)
        with QSignalBlocker(self.pause):  # the run is paused already
            self.pause.setChecked(old.pause.isChecked())
        self._name_pause()
        if old._shows is not None:
            old._shows(self)

    def set_running(self, runs: bool) -> None:
        """Offer what a run that is under way, or that is not, can do."""
        self.runs = runs
        self.pause.setChecked(False)
        for button in (self.pause, self.cancel):
            button.setVisible(runs)
        if runs:
            self.write_out.hide()
            self.written.offer((), None)

    def _show_looking(self) -> None:
        self._shows = RunCourse._show_looking
        self.bar.setRange(0, 0)
        self._say(tr(LOOKING))

    def _say(self, text: str, role: str = "") -> None:
        set_property(self.words, "role", role)
        self.words.setText(text)
        self.words.setToolTip(text)

    def _pause(self, wanted: bool) -> None:
        self._name_pause()
        if self.runs:
            self.pause_wanted.emit(wanted)

    def _name_pause(self) -> None:
        self.pause.setText(tr("Go on") if self.pause.isChecked() else tr("Pause"))


def _outcome_words(outcome: Outcome) -> str:
    """What came out, and what to do next."""
    if not outcome.is_complete:
        return stopped_words(outcome.done, outcome.films)
    return batch_ended_words(
        estimated=outcome.done - outcome.refused,
        refused=outcome.refused,
        doubtful=outcome.doubtful,
        duration=outcome.duration,
        reports=len(outcome.reports),
        folder=str(outcome.out),
    )
