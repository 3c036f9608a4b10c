"""Small parts that several panels use."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QScrollArea, QSizePolicy, QWidget


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


class CaptionLabel(ScaledLabel):
    """Wrapped text that always takes the height of so many lines."""

    def __init__(self, lines: int, factor: float, role: str) -> None:
        self._lines = lines
        super().__init__("", factor, role=role)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def follow_text_size(self) -> None:
        """Take the text size and the height that goes with it."""
        super().follow_text_size()
        self.setFixedHeight(self.fontMetrics().lineSpacing() * self._lines + 2)


class ElidedLabel(ScaledLabel):
    """One line that ends in dots where there is no room; the tool tip then has the whole text, if it ``tips``."""

    def __init__(
        self, text: str = "", factor: float = 1.0, bold: bool = False, role: str = "", tips: bool = True
    ) -> None:
        super().__init__(text, factor, bold, role)
        self._tips = tips
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the layout wants."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much of the text as fits."""
        metrics = QFontMetrics(self.font())
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        if self._tips:
            self.setToolTip(self.text() if text != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment()), text)


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
