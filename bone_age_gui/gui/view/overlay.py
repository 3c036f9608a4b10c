"""What is written over the film: side, scale bar, display window, and that a turned film is turned for viewing only."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from bone_age_gui.core.values.types import PixelSpacing
from bone_age_gui.gui.look.theme import ON_FILM
from bone_age_gui.wording.film_marks import bar_words

MARGIN = 14
PADDING = 3
TICK = 6
PLATE = QColor(16, 18, 20, 150)
BAR_LENGTHS_MM = (1, 2, 5, 10, 20, 50, 100)
BAR_SHARE = 0.22
"""The scale bar takes at most this share of the view's width."""


@dataclass(frozen=True)
class Overlay:
    """Texts for the corners of the view.

    ``side`` is the film's marker (``"L"`` or ``"R"``), ``mm_per_pixel``, of the scale bar, is ``None`` where
    the spacing is unknown or differs between rows and columns; lengths are measured by ``spacing``.
    """

    side: str = ""
    mm_per_pixel: float | None = None
    plane: str = ""
    spacing: PixelSpacing | None = None


def spacing_of(spacing: PixelSpacing | None) -> tuple[float | None, str]:
    """Millimetres per pixel and the plane they hold in; nothing for pixels that are not square (1 %)."""
    if spacing is None or abs(spacing.row_mm - spacing.column_mm) > 0.01 * spacing.row_mm:
        return None, ""
    return spacing.column_mm, spacing.plane


def paint_overlay(
    painter: QPainter, area: QRectF, overlay: Overlay, lines: list[str], scale: float, warning: str
) -> None:
    """Draw the overlay; ``scale`` is logical screen pixels per picture pixel, ``lines`` go bottom left."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = QFont(painter.font())
    inner = area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    _text(painter, inner, "\n".join(lines), font, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
    if warning:
        _text(painter, inner, warning, font, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, "#ffd27a")
    if overlay.side:
        large = QFont(font)
        large.setPointSizeF(font.pointSizeF() * 2)
        large.setBold(True)
        _text(painter, inner, overlay.side, large, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    if overlay.mm_per_pixel is not None:
        _scale_bar(painter, inner, overlay.mm_per_pixel, overlay.plane, scale, font)


def _scale_bar(painter: QPainter, inner: QRectF, mm: float, plane: str, scale: float, font: QFont) -> None:
    fitting = [length for length in BAR_LENGTHS_MM if length / mm * scale <= inner.width() * BAR_SHARE]
    if not fitting:
        return
    length = fitting[-1]
    width = length / mm * scale
    right, bottom = inner.right(), inner.bottom()
    _plate(painter, QRectF(right - width, bottom - TICK, width, TICK))
    painter.setPen(QPen(QColor(ON_FILM), 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(QPointF(right - width, bottom), QPointF(right, bottom))
    for x in (right - width + 1, right - 1):
        painter.drawLine(QPointF(x, bottom - TICK), QPointF(x, bottom))
    above = inner.adjusted(0, 0, 0, -TICK - 2 * PADDING - 2)
    _text(painter, above, bar_words(length, plane), font, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)


def _plate(painter: QPainter, area: QRectF) -> None:
    """A dark ground, seen only where the film is bright."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(PLATE)
    painter.drawRoundedRect(area.adjusted(-2 * PADDING, -PADDING, 2 * PADDING, PADDING), 4, 4)


def _text(
    painter: QPainter, area: QRectF, text: str, font: QFont, where: Qt.AlignmentFlag, colour: str = ON_FILM
) -> None:
    """Text on a dark ground, readable on bone and on air."""
    painter.setFont(font)
    size = painter.fontMetrics().size(0, text)
    place = QRectF(area.left(), area.top(), size.width(), size.height())
    if where & Qt.AlignmentFlag.AlignBottom:
        place.moveBottom(area.bottom())
    if where & Qt.AlignmentFlag.AlignRight:
        place.moveRight(area.right())
    elif where & Qt.AlignmentFlag.AlignHCenter:
        place.moveLeft(area.center().x() - place.width() / 2)
    _plate(painter, place)
    painter.setPen(QColor(colour))
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft, text)
