"""Lengths measured on a film, in millimetres where the size of its pixels is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from bone_age_gui.core.values.types import PixelSpacing
from bone_age_gui.wording.film_marks import length_words

COLOUR = "#ffe27a"
SHADOW = QColor(0, 0, 0, 160)
END = 4.0
SHORTEST = 3.0
"""Picture pixels; a click without a drag is no length."""


@dataclass(frozen=True)
class Length:
    """A straight line between two points of the picture, in picture pixels."""

    start: QPointF
    end: QPointF

    @property
    def is_a_click(self) -> bool:
        """True if it is too short to mean anything."""
        return (self.end - self.start).manhattanLength() < SHORTEST

    def millimetres(self, spacing: PixelSpacing) -> float:
        """Length of the line in mm; rows and columns may be spaced differently."""
        across = (self.end.x() - self.start.x()) * spacing.column_mm
        down = (self.end.y() - self.start.y()) * spacing.row_mm
        return float((across**2 + down**2) ** 0.5)

    def words(self, spacing: PixelSpacing) -> str:
        """``"48.3 mm"``, and the plane if that is the detector's."""
        return length_words(self.millimetres(spacing), spacing.plane)


def paint_lengths(
    painter: QPainter, lengths: Iterable[Length], spacing: PixelSpacing, to_view: Callable[[QPointF], QPointF]
) -> None:
    """Draw lines with their lengths beside them; ``to_view`` maps picture pixels to the viewport."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for length in lengths:
        start, end = to_view(length.start), to_view(length.end)
        for pen in (QPen(SHADOW, 4.0), QPen(QColor(COLOUR), 1.6)):
            painter.setPen(pen)
            painter.drawLine(start, end)
            for point in (start, end):
                painter.drawEllipse(point, END, END)
        _label(painter, end, length.words(spacing))


def _label(painter: QPainter, at: QPointF, text: str) -> None:
    size = painter.fontMetrics().size(0, text)
    place = QRectF(at.x() + 10, at.y() - size.height() - 4, size.width(), size.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(SHADOW)
    painter.drawRoundedRect(place.adjusted(-5, -2, 5, 2), 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(COLOUR))
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft, text)
