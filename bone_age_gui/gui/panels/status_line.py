"""The status bar: device, model, progress, time, and what the program is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QStatusBar, QWidget

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.look.icons import pixmap
from bone_age_gui.gui.look.theme import current_theme
from bone_age_gui.gui.look.widgets import ElidedLabel
from bone_age_gui.gui.look.written import WrittenButtons
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.wording.devices import device_sentence
from bone_age_gui.wording.errors import error_line
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.status import (
    LOADING,
    MODEL_LOADING,
    NO_DEVICE,
    NO_MODEL,
    device_line,
    model_line,
    progress_line,
    seconds_words,
    step_lines,
)
from bone_age_gui.wording.window_messages import reports_written

SAID_MS = 8000
_SPACING = 6


class StatusLine(QStatusBar):
    """One row; the disclaimer never leaves it.

    Attributes
    ----------
    cancel_wanted : Signal
        The user gives up the running estimates.
    """

    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._signs = {"device": QLabel(), "model": QLabel()}
        self.device = ElidedLabel(tips=False)
        self.model = ElidedLabel(tips=False)
        self._said = ElidedLabel("", role="muted")
        self.time = QLabel()
        self.disclaimer = QLabel(tr(DISCLAIMER))
        self._progress = QProgressBar()
        self._cancel = QPushButton(tr("Cancel"))
        self.written = WrittenButtons()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self._show_said(""))
        self._set_up()

    def _set_up(self) -> None:
        self._progress.setMaximumWidth(130)
        self._progress.setAccessibleName(tr("Estimates done"))
        self._cancel.setToolTip(tr("Give up the estimates that still wait"))
        self._cancel.setAccessibleName(tr("Cancel the estimates"))
        self._cancel.setProperty("segment", "true")
        self._cancel.clicked.connect(self.cancel_wanted)
        self.disclaimer.setProperty("role", "muted")
        row = QHBoxLayout(inside := QWidget())
        row.setContentsMargins(8, 2, 10, 2)
        row.setSpacing(_SPACING)
        for name, label in (("device", self.device), ("model", self.model)):
            row.addWidget(self._signs[name])
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            row.addWidget(label)
            row.addSpacing(10)
        row.addWidget(self._said, 1)
        for button in (self.written.open_file, self.written.show_folder):
            button.setProperty("segment", "true")
            row.addWidget(button)
        for widget in (self._progress, self._cancel, self.time):
            row.addWidget(widget)
        row.addSpacing(10)
        row.addWidget(self.disclaimer)
        self.addWidget(inside, 1)
        self.show_progress(0, 0)
        self.show_engine(None, None)

    def sizeHint(self) -> QSize:
        """Never wider than the window."""
        return QSize(300, super().sizeHint().height())

    def show_engine(self, engine: Engine | None, error: BoneAgeError | None) -> None:
        """Name the device and the model in use, and why it is not the hoped-for device."""
        if engine is None:
            self.device.setText(tr(NO_DEVICE) if error is not None else tr(LOADING))
            self.model.setText(tr(NO_MODEL) if error is not None else "")
            self._tip(error_line(error) if error is not None else tr(MODEL_LOADING))
            return
        predictor = engine.predictor
        reason = predictor.fallback_reason
        self.device.setText(device_line(predictor.device, bool(reason)))
        self.model.setText(model_line(predictor.bundle.name, predictor.bundle.version))
        self._tip(device_sentence(predictor.device, reason))

    def show_timings(self, timings: Mapping[str, float]) -> None:
        """How long the shown estimate took, all steps after reading; the tool tip lists them."""
        steps = [step for step in ("prepare", "infer", "assess") if step in timings]
        seconds = sum(timings[step] for step in steps)
        self.time.setText(seconds_words(seconds) if "infer" in timings else "")
        self._show_said(self._said.text(), stays=not self._timer.isActive())
        self.time.setToolTip(step_lines(timings))

    def show_progress(self, done: int, total: int) -> None:
        """Progress of a series of estimates; hidden for a single one."""
        self._progress.setVisible(total > 1)
        self._cancel.setVisible(total > 0)
        self._progress.setMaximum(max(total, 1))
        self._progress.setValue(done)
        self._progress.setFormat(progress_line(done, total))

    def say(self, text: str) -> None:
        """Say something for a while."""
        self.written.offer((), None)
        self._timer.start(SAID_MS)
        self._show_said(text)

    def say_written(self, files: Sequence[Path], folder: Path) -> None:
        """Say how many reports were written and where, until something else is said."""
        self._timer.stop()
        self.written.offer(files, folder)
        self._show_said(reports_written(len(files), str(folder)), stays=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room for what is said."""
        super().resizeEvent(event)
        self._show_said(self._said.text(), stays=not self._timer.isActive())

    def _show_said(self, text: str, *, stays: bool = False) -> None:
        """Say it; device, model and time step aside where there is no room for all, unless it ``stays``."""
        self._said.setText(text)
        aside = (*self._signs.values(), self.device, self.model, self.time)
        others = [self.disclaimer, self.written.open_file, self.written.show_folder, self._progress, self._cancel]
        shown = [widget for widget in others if not widget.isHidden()]
        room = self.width() - sum(widget.sizeHint().width() + _SPACING for widget in (*aside, *shown)) - 6 * _SPACING
        needed = self._said.fontMetrics().horizontalAdvance(text) if text and not stays else 0
        for widget in aside:
            widget.setVisible(needed == 0 or needed <= room)
        if needed == 0:
            self.time.setVisible(room >= 0)  # the first to go where not even the rest has room

    def refresh_icons(self) -> None:
        """Draw the signs in the colours of the theme."""
        for name, label in self._signs.items():
            label.setPixmap(pixmap(name, current_theme().muted, 16, self.devicePixelRatioF()))

    def _tip(self, text: str) -> None:
        self.device.setToolTip(text)
        self.device.setAccessibleDescription(text)
        self.model.setToolTip(text)
