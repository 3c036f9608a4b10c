"""Small parts that several panels use."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QTextLayout
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QScrollArea, QSizePolicy, QWidget

Field = TypeVar("Field", bound=QLineEdit)
_CURSOR = 6
"""Pixels that a field keeps beside its text."""
_WRAPS = 1.45
"""Lines that end at words need so much more width than the words."""
_CAPTION_LETTERS = 20
"""A longer caption ends in dots where there is no room."""


class ScaledLabel(QLabel):
    """A label whose size follows the text size of the program by a factor."""

    def __init__(self, text: str = "", factor: float = 1.0, bold: bool = False, role: str = "") -> None:
        super().__init__(text)
        self._factor = factor
        self._bold = bold
        if role:
            self.setProperty("role", role)
        self.follow_text_size()

    def follow_text_size(self) -> None:
        """Take the program's present text size. Qt passes a new one to windows only: the window calls this."""
        font = QFont(QApplication.font())
        font.setPointSizeF(font.pointSizeF() * self._factor)
        font.setBold(self._bold)
        self.setFont(font)


class HintedLine(QLineEdit):
    """A field that is at least as wide as what it is to hold: its hint, or a ``sample`` of its text."""

    def __init__(self, sample: str = "") -> None:
        super().__init__()
        self._sample = sample

    def minimumSizeHint(self) -> QSize:
        """Qt asks for the room of one letter."""
        metrics = self.fontMetrics()
        hint = super().minimumSizeHint()
        words = max(metrics.horizontalAdvance(text) for text in (self.placeholderText(), self._sample))
        return QSize(hint.width() - metrics.maxWidth() + words + _CURSOR, hint.height())


class CaptionLabel(ScaledLabel):
    """Wrapped text that always takes the height of so many lines; more words end in dots."""

    def __init__(self, lines: int, factor: float, role: str) -> None:
        self._lines = lines
        super().__init__("", factor, role=role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def follow_text_size(self) -> None:
        """Take the text size and the height that goes with it."""
        super().follow_text_size()
        self.setFixedHeight(self.fontMetrics().lineSpacing() * self._lines + 2)

    def sizeHint(self) -> QSize:
        """No wider than it must be."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Room for its words in its lines, within reason."""
        metrics = self.fontMetrics()
        wanted = int(metrics.horizontalAdvance(self.text()) / self._lines * _WRAPS)
        return QSize(min(wanted, _CAPTION_LETTERS * metrics.averageCharWidth()), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines that have room."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignTop), "\n".join(self.lines()))

    def lines(self) -> list[str]:
        """The text as it is drawn, line by line."""
        layout, lines, width = QTextLayout(self.text(), self.font()), [], self.width()
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            lines.append(self.text()[line.textStart() : line.textStart() + line.textLength()])
        layout.endLayout()
        shown, rest = lines[: self._lines - 1], "".join(lines[self._lines - 1 :])
        return [*map(str.strip, shown), self.fontMetrics().elidedText(rest.strip(), Qt.TextElideMode.ElideRight, width)]


class ElidedLabel(ScaledLabel):
    """One line that ends in dots where there is no room; the tool tip then has the whole text, if it ``tips``."""

    def __init__(
        self, text: str = "", factor: float = 1.0, bold: bool = False, role: str = "", tips: bool = True
    ) -> None:
        super().__init__(text, factor, bold, role)
        self._tips = tips
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One line of the font: letters of other scripts, which Qt takes from other fonts, move nothing."""
        return QSize(super().sizeHint().width(), self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """The least size: as narrow as the layout wants."""
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much of the text as fits."""
        metrics = QFontMetrics(self.font())
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        if self._tips:
            self.setToolTip(self.text() if text != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        # On the base line of the font: centred, a line of another script's taller letters would be cut below.
        rest = self.width() - metrics.horizontalAdvance(text) if self.isRightToLeft() else 0
        painter.drawText(rest, (self.height() - metrics.height()) // 2 + metrics.ascent(), text)


def from_left(field: QLineEdit) -> QLineEdit:
    """A field for paths, addresses and names of machines, which read from the left in every language."""
    field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return field


def named(field: Field, name: str, tip: str = "") -> Field:
    """A field with the name that a screen reader says; nothing is dropped into it."""
    field.setAccessibleName(name)
    if tip:
        field.setToolTip(tip)
    field.setAcceptDrops(False)
    return field


def card() -> QFrame:
    """A framed surface."""
    frame = QFrame()
    frame.setProperty("card", "true")
    return frame


def set_property(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet looks at, and restyle."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def scrolling(widget: QWidget) -> QScrollArea:
    """A frame that scrolls a widget where there is less room than it asks for."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    return area
