"""The estimate: bone age, how sure, the comparison and the flag."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bone_age_gui.core.values.final import final_assessment, final_end, final_months, is_readers
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.types import Assessment, Case, Estimate
from bone_age_gui.gui.look.icons import flag_name, glyph_colour, pixmap
from bone_age_gui.gui.look.theme import current_theme
from bone_age_gui.gui.look.widgets import ScaledLabel, card, set_property
from bone_age_gui.gui.work.film import Film, FilmState
from bone_age_gui.wording.errors import error_words
from bone_age_gui.wording.final import before_words, by_words, other_words
from bone_age_gui.wording.flag_reasons import reason_text
from bone_age_gui.wording.height import predicted_words
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.reading import estimate_hidden_words
from bone_age_gui.wording.values import end_line, months_words, stated_age_words, years_words
from bone_age_gui.wording.window import (
    clipboard_text,
    difference_in_sd,
    doubt_lines,
    flag_name_words,
    flag_title,
    height_lines,
    interval_line,
    quiet_lines,
)
from bone_age_gui.wording.window_messages import (
    ESTIMATING,
    NOT_ESTIMATED,
    OPEN_FIRST,
    SEX_CHANGED,
    source_words,
    two_lines,
)


class FlagChip(QFrame):
    """The flag as word, colour and shape."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("flagChip")
        self._sign = QLabel()
        self.word = ScaledLabel("", 1.15, bold=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.setSpacing(9)
        layout.addWidget(self._sign)
        layout.addWidget(self.word, 1)

    def show_flag(self, assessment: Assessment) -> None:
        """Show a flag in the colours of the theme."""
        theme = current_theme()
        colour = theme.flag_colour(assessment.flag)
        back = QColor(colour)
        rgb = f"{back.red()}, {back.green()}, {back.blue()}"
        self.setStyleSheet(
            f"QFrame#flagChip {{ background: rgba({rgb}, 0.13); border: 1px solid {colour}; border-radius: 6px; }}"
            f"QFrame#flagChip QLabel {{ color: {colour}; }}"
        )
        name = flag_name(assessment.flag)
        self._sign.setPixmap(pixmap(name, colour, 22, self.devicePixelRatioF(), glyph_colour(theme)))
        self.word.setText(flag_title(assessment).upper())
        self.setAccessibleName(flag_name_words(assessment))


class ResultPanel(QScrollArea):
    """Shows the estimate and assessment of a film; scrolls where there is no room.

    Attributes
    ----------
    copy_wanted : Signal
        Ctrl+C was pressed here.
    """

    copy_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Result"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._film: Film | None = None
        self._doubts = self._wrapped(1.0, "warning")
        self._end = ScaledLabel("", 1.25, bold=True)
        self._bone_age = ScaledLabel("", 2.3, bold=True)
        self._months = ScaledLabel("", 1.1, role="muted")
        self._by = ScaledLabel("", 1.0, role="muted")
        self._interval = ScaledLabel("", 1.0, role="muted")
        self._chronological = ScaledLabel("", bold=True)
        self._difference = ScaledLabel("", bold=True)
        self._adult_name = ScaledLabel(tr("Adult height"), role="muted")
        self._adult = ScaledLabel("", bold=True)
        self._chip = FlagChip()
        self._reason = self._wrapped(1.0)
        self._other = self._wrapped(1.0, "muted")
        self._earlier = self._wrapped(1.0)
        self._heights = self._wrapped(1.0)
        self._notes = self._wrapped(0.92, "muted")
        self._source = self._wrapped(0.88, "muted")
        self._message = self._wrapped(1.0, "muted")
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setMaximumHeight(8)
        self._busy.setAccessibleName(tr("Estimating"))
        self._estimate_part = QWidget()
        self._lay_out()
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.activated.connect(self.copy_wanted)
        self.show_film(None)

    @staticmethod
    def _wrapped(factor: float, role: str = "") -> ScaledLabel:
        label = ScaledLabel("", factor, role=role)
        label.setWordWrap(True)
        return label

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._bone_age)
        top.addWidget(self._months, 1, Qt.AlignmentFlag.AlignBottom)
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        grid.setHorizontalSpacing(10)
        rows = ((tr("Chronological age"), self._chronological), (tr("Difference"), self._difference))
        for row, (text, value) in enumerate(rows):
            grid.addWidget(ScaledLabel(text, role="muted"), row, 0)
            grid.addWidget(value, row, 1)
        grid.addWidget(self._adult_name, len(rows), 0)
        grid.addWidget(self._adult, len(rows), 1)
        grid.setColumnStretch(1, 1)
        inner = QVBoxLayout(self._estimate_part)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        inner.addWidget(self._doubts)  # before the age, so that nobody reads it without them
        inner.addWidget(self._end)
        inner.addLayout(top)
        inner.addWidget(self._by)
        inner.addWidget(self._interval)
        inner.addLayout(grid)
        for widget in (self._chip, self._reason, self._other, self._earlier, self._heights, self._notes, self._source):
            inner.addWidget(widget)
        frame = card()
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.addWidget(self._message)
        layout.addWidget(self._busy)
        layout.addWidget(self._estimate_part)
        layout.addStretch(1)
        self.setWidget(frame)

    def show_film(self, film: Film | None) -> None:
        """Show what is known about a film."""
        self._film = film
        busy = film is not None and film.state is FilmState.ESTIMATING
        case = film.case if film is not None else None
        estimate = case.estimate if case is not None else None
        self._busy.setVisible(busy)
        message, role = (tr(ESTIMATING), "muted") if busy else _message(film)
        set_property(self._message, "role", role)
        self._message.setText(message)
        self._message.setVisible(bool(message))
        self._estimate_part.setVisible(estimate is not None and not busy)
        self.setAccessibleDescription(clipboard_text(case) if case is not None and estimate is not None else message)
        if case is not None and estimate is not None:
            self._show_estimate(case, estimate)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for its rows; downwards it scrolls."""
        content, bar = self.widget(), self.verticalScrollBar()
        width = content.minimumSizeHint().width() + bar.sizeHint().width() if content is not None else 0
        return QSize(width, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for another width when the content does."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def refresh(self) -> None:
        """Draw again in the colours of a new theme."""
        self.show_film(self._film)

    def _show_estimate(self, case: Case, estimate: Estimate) -> None:
        self._doubts.setText(doubt_lines(case))
        self._doubts.setVisible(bool(case.doubts))
        months, end = final_months(case), final_end(case)
        assert months is not None  # there is an estimate
        self._end.setText(end_line(end))
        self._end.setVisible(end is not None)
        self._bone_age.setText(years_words(months))
        self._months.setText(months_words(months))
        self._by.setText(by_words(case))
        interval = interval_line(estimate) if not is_readers(case) else None
        self._interval.setText(interval or "")
        self._interval.setVisible(interval is not None)
        self._other.setText(other_words(case))
        self._other.setVisible(bool(self._other.text()))
        self._earlier.setText(before_words(case))
        self._earlier.setVisible(bool(self._earlier.text()))
        heights = case.adult_height
        self._heights.setText(height_lines(heights))
        self._heights.setVisible(bool(self._heights.text()))
        predicted = heights.predicted_cm if heights is not None else None
        self._adult.setText(predicted_words(predicted) if predicted is not None else "")
        for label in (self._adult_name, self._adult):
            label.setVisible(predicted is not None)
        self._notes.setText(quiet_lines(case))
        self._notes.setVisible(bool(self._notes.text()))
        self._source.setText(source_words(estimate))
        assessment = final_assessment(case)
        if assessment is not None:
            self._show_assessment(assessment, end)

    def _show_assessment(self, assessment: Assessment, end: GrowthEnd | None) -> None:
        self._chronological.setText(
            stated_age_words(assessment.chronological_age_months, assessment.chronological_age_interval_months, 0)
        )
        self._difference.setText(difference_in_sd(assessment, end))
        self._chip.show_flag(assessment)
        self._reason.setText(reason_text(assessment.reason))


def _message(film: Film | None) -> tuple[str, str]:
    """What is shown in place of an estimate, and its role."""
    if film is None:
        return tr(OPEN_FIRST), "muted"
    error = film.case.error or film.problem
    if error is not None:
        words = error_words(error)
        return two_lines(words.title, words.message), "error"
    if film.is_blind and film.state is FilmState.ESTIMATED:
        return estimate_hidden_words(), "muted"
    if film.sex_changed:
        return tr(SEX_CHANGED), "warning"
    return ("", "muted") if film.case.estimate is not None else (tr(NOT_ESTIMATED), "muted")
