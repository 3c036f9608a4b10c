"""The large view: the film at full quality with the tools of a DICOM viewer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QWidget

from bone_age_gui.gui.settings import WheelAction
from bone_age_gui.gui.view.canvas import Place
from bone_age_gui.gui.view.image_view import ImageView
from bone_age_gui.gui.view.overlay import Overlay, orientation_words, paint_overlay
from bone_age_gui.gui.view.qimage import GREYS, Windowing

EMPTY = "Open a hand radiograph, or drop one here"


class Tool(StrEnum):
    """What the left mouse button does."""

    WINDOW = "window"
    PAN = "pan"


@dataclass(frozen=True)
class Look:
    """How a picture is looked at: place, display window, quarter turns and mirroring."""

    place: Place = field(default_factory=Place)
    windowing: Windowing = field(default_factory=Windowing)
    turned: tuple[int, bool] = (0, False)


class FilmView(ImageView):
    """The film or one stage, large.

    Attributes
    ----------
    film_wanted : Signal(int)
        The wheel asks for the next (1) or previous (-1) film.
    looked : Signal
        The zoom or the display window changed.
    """

    film_wanted = Signal(int)
    looked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Film", parent)
        self.setAccessibleDescription("Arrow keys pan, plus and minus zoom, digits choose a stage, 0 the original.")
        self._overlay = Overlay()
        self._tool = Tool.WINDOW
        self._wheel = WheelAction.ZOOM
        self._drag_from: QPointF | None = None
        self._drag_start = Windowing()
        self._empty_text = EMPTY
        self.place_changed.connect(self.looked)

    def show_picture(
        self, pixels: np.ndarray | None, overlay: Overlay, empty_text: str = EMPTY, look: Look | None = None
    ) -> None:
        """Show a picture with its marks, in a look or else fitted, upright and with the full grey range."""
        look = look or Look()
        self._overlay = overlay
        self._empty_text = empty_text
        self.set_pixels(pixels)
        self.set_windowing(look.windowing)
        self.set_turned(*look.turned)
        self.set_place(look.place)
        self.looked.emit()

    @property
    def look(self) -> Look:
        """How the picture is looked at now."""
        return Look(self.place, self.windowing, self.turned)

    @property
    def tool(self) -> Tool:
        """What the left button does."""
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        """Choose what the left button does."""
        self._tool = tool

    def set_wheel(self, action: WheelAction) -> None:
        """Choose what the plain wheel does."""
        self._wheel = action

    def invert(self) -> None:
        """Swap dark and bright, for viewing only."""
        self.set_windowing(replace(self.windowing, inverted=not self.windowing.inverted))
        self.looked.emit()

    def reset_windowing(self) -> None:
        """The full grey range again."""
        self.set_windowing(Windowing())
        self.looked.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom or change the film, as set; Ctrl does the other."""
        wants_zoom = self._wheel is WheelAction.ZOOM
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            wants_zoom = not wants_zoom
        if wants_zoom:
            super().wheelEvent(event)
        elif event.angleDelta().y():
            self.film_wanted.emit(-1 if event.angleDelta().y() > 0 else 1)
            event.accept()

    def pans_with(self, event: QMouseEvent) -> bool:
        """Middle always pans, left only with that tool."""
        left = event.button() is Qt.MouseButton.LeftButton and self._tool is Tool.PAN
        return left or event.button() is Qt.MouseButton.MiddleButton

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to pan or to change the display window."""
        super().mousePressEvent(event)
        is_left = event.button() is Qt.MouseButton.LeftButton
        if is_left and self._pan_from is None and self.has_picture:
            self._drag_from = event.position()
            self._drag_start = self.windowing

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, or change the display window: right widens it, down brightens."""
        if self._drag_from is not None:
            moved = event.position() - self._drag_from
            across = moved.x() / max(self.viewport().width(), 1)
            down = moved.y() / max(self.viewport().height(), 1)
            self.set_windowing(self._drag_start.dragged(across, down))
            self.looked.emit()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End of the drag."""
        self._drag_from = None
        super().mouseReleaseEvent(event)

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        """Write the marks in the corners, at a fixed size."""
        painter.resetTransform()
        area = QRectF(self.viewport().rect())
        if not self.has_picture:
            painter.setPen(QColor("#a9b3bd"))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_text)
            return
        warning = orientation_words(*self.turned)
        paint_overlay(painter, area, self._overlay, self._lines(), self.scale_on_screen, warning)

    def _lines(self) -> list[str]:
        height, width = self.shape
        shown = self.windowing
        level = f"W {100 * shown.width / (GREYS - 1):.0f} %  L {100 * shown.centre / (GREYS - 1):.0f} %"
        zoom = f"{100 * self.scale_on_screen * self.devicePixelRatioF():.0f} %"
        inverted = "  inverted view" if shown.inverted else ""
        return [f"{width} \N{MULTIPLICATION SIGN} {height}  {zoom}", level + inverted]
