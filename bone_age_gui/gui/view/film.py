"""The large view: the film at full quality with the tools of a DICOM viewer."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from bone_age_gui.gui.choices import WheelAction
from bone_age_gui.gui.view.canvas import Place
from bone_age_gui.gui.view.greys import Greys, Preset
from bone_age_gui.gui.view.image import ImageView
from bone_age_gui.gui.view.lengths import Length, paint_lengths
from bone_age_gui.gui.view.level_editor import LevelEditor
from bone_age_gui.gui.view.overlay import MARGIN, Overlay, paint_overlay
from bone_age_gui.gui.view.qimage import Windowing
from bone_age_gui.wording.dialogs import VIEW_KEYS
from bone_age_gui.wording.film_marks import inverted_words, orientation_words, size_words
from bone_age_gui.wording.language import mark, tr

EMPTY = mark("Open a hand radiograph, or drop one here")
ZOOM_PER_PIXEL = 1.006
"""Of a right drag, upwards."""


class Tool(StrEnum):
    """What the left mouse button does."""

    WINDOW = "window"
    PAN = "pan"
    LENGTH = "length"


@dataclass(frozen=True)
class ViewState:
    """How a picture is looked at: place, display window, quarter turns and mirroring, and what was measured."""

    place: Place = field(default_factory=Place)
    windowing: Windowing = field(default_factory=Windowing)
    turned: tuple[int, bool] = (0, False)
    lengths: tuple[Length, ...] = ()


class FilmView(ImageView):
    """The film or one stage, large.

    Attributes
    ----------
    film_wanted : Signal(int)
        The wheel asks for the next (1) or previous (-1) film.
    menu_wanted : Signal(object)
        A click of the right button, or the menu key, at this global `QPoint`.
    clicked : Signal(object)
        A click of the left button without a drag, at this `QPointF` of the picture.
    looked : Signal
        The zoom or the display window changed.
    """

    film_wanted = Signal(int)
    menu_wanted = Signal(object)
    clicked = Signal(object)
    looked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Film"), parent)
        self.setAccessibleDescription(tr(VIEW_KEYS))
        self._overlay = Overlay()
        self._greys = Greys()
        self._tool = Tool.WINDOW
        self._wheel = WheelAction.ZOOM
        self._drag_from: QPointF | None = None
        self._drag_start = Windowing()
        self._zoom_from: QPointF | None = None
        self._zoomed_to: QPointF | None = None
        self._lengths: tuple[Length, ...] = ()
        self._measuring: Length | None = None
        self._empty_text = tr(EMPTY)
        self._corner = QRectF()
        self._editor = LevelEditor(self.viewport())
        self._editor.typed.connect(self._take_level)
        self.place_changed.connect(self.looked)

    def show_picture(
        self,
        pixels: np.ndarray | None,
        overlay: Overlay,
        empty_text: str = "",
        state: ViewState | None = None,
        greys: Greys | None = None,
    ) -> None:
        """Show a picture with its marks, in a state or else fitted, upright and with its first window."""
        self._greys = greys or Greys()
        state = state or ViewState(windowing=self._greys.first)
        self._overlay = overlay
        self._empty_text = empty_text
        self._lengths = state.lengths
        self._measuring = None
        self._editor.hide()
        self.set_pixels(pixels)
        self.set_windowing(state.windowing)
        self.set_turned(*state.turned)
        self.set_place(state.place)
        self.looked.emit()

    @property
    def view_state(self) -> ViewState:
        """How the picture is looked at now."""
        return ViewState(self.place, self.windowing, self.turned, self._lengths)

    @property
    def greys(self) -> Greys:
        """The units of the picture, and the display windows that are offered for it."""
        return self._greys

    @property
    def has_spacing(self) -> bool:
        """Whether lengths can be measured in millimetres."""
        return self.has_picture and self._overlay.spacing is not None

    @property
    def tool(self) -> Tool:
        """What the left button does."""
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        """Choose what the left button does."""
        self._tool = tool
        self.setCursor(Qt.CursorShape.CrossCursor if tool is Tool.LENGTH else Qt.CursorShape.ArrowCursor)

    def set_wheel(self, action: WheelAction) -> None:
        """Choose what the plain wheel does."""
        self._wheel = action

    # Greys

    def invert(self) -> None:
        """Swap dark and bright, for viewing only."""
        self._show_greys(replace(self.windowing, inverted=not self.windowing.inverted))

    def reset_windowing(self) -> None:
        """The display window that the picture opened with."""
        self._show_greys(self._greys.first)

    def set_preset(self, preset: Preset) -> None:
        """One of the display windows that are offered."""
        self._show_greys(replace(self._greys.preset(preset), inverted=self.windowing.inverted))

    def edit_level(self) -> None:
        """Let width and level be typed in the film's units."""
        if self.has_picture:
            self._editor.move(round(self._corner.left()), round(self._corner.bottom()) - self._editor.height())
            self._editor.ask(self._greys.scale.words(self.windowing))

    def _take_level(self, width: float, level: float) -> None:
        with contextlib.suppress(ValueError):  # a width of 1 in DICOM is a step from black to white: nothing to see
            self._show_greys(self._greys.scale.windowing(width, level, self.windowing.inverted))

    def _show_greys(self, windowing: Windowing) -> None:
        self.set_windowing(windowing)
        self.looked.emit()

    # Lengths

    def remove_lengths(self) -> None:
        """Take away every length that was measured on this picture."""
        self._lengths = ()
        self.viewport().update()

    # Mouse

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
        """Begin to pan, to change the display window, to measure or to zoom."""
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.RightButton:
            self._zoom_from, self._zoomed_to = event.position(), None
        elif event.button() is Qt.MouseButton.LeftButton and self._pan_from is None and self.has_picture:
            if self._tool is Tool.LENGTH and self.has_spacing:
                at = self.to_picture(event.position())
                self._measuring = Length(at, at)
            else:
                self._drag_from = event.position()
                self._drag_start = self.windowing

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, change the display window (right widens it, down brightens), measure, or zoom (up enlarges)."""
        if self._drag_from is not None:
            moved = event.position() - self._drag_from
            across = moved.x() / max(self.viewport().width(), 1)
            down = moved.y() / max(self.viewport().height(), 1)
            self._show_greys(self._drag_start.dragged(across, down))
        elif self._measuring is not None:
            self._measuring = replace(self._measuring, end=self.to_picture(event.position()))
            self.viewport().update()
        elif self._zoom_from is not None:
            self._drag_zoom(self._zoom_from, event.position())
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End of the drag; a right click without one asks for the menu."""
        if self._measuring is not None and not self._measuring.is_a_click:
            self._lengths = (*self._lengths, self._measuring)
        wants_menu = self._zoom_from is not None and self._zoomed_to is None
        pressed = self._drag_from
        self._drag_from = self._measuring = self._zoom_from = self._zoomed_to = None
        super().mouseReleaseEvent(event)
        self.set_tool(self._tool)
        self.viewport().update()
        if pressed is not None and (event.position() - pressed).manhattanLength() < QApplication.startDragDistance():
            self.clicked.emit(self.to_picture(event.position()))
        if wants_menu and event.button() is Qt.MouseButton.RightButton:
            self.menu_wanted.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the corner with width and level: type them. Elsewhere: open large, or go back."""
        if self.has_picture and self._corner.contains(event.position()):
            self.edit_level()
            event.accept()
        else:
            super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key asks for the menu; the right button does when it is let go."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            middle = QPoint(self.viewport().width() // 2, self.viewport().height() // 2)
            self.menu_wanted.emit(self.viewport().mapToGlobal(middle))
        event.accept()

    def _drag_zoom(self, start: QPointF, now: QPointF) -> None:
        if self._zoomed_to is None:
            if (now - start).manhattanLength() < QApplication.startDragDistance():
                return
            self._zoomed_to = start
        self.zoom_by(ZOOM_PER_PIXEL ** (self._zoomed_to.y() - now.y()), start)
        self._zoomed_to = now

    # Marks

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        """Write the marks in the corners, at a fixed size."""
        super().drawForeground(painter, rect)
        area = QRectF(self.viewport().rect())
        if not self.has_picture:
            painter.setPen(QColor("#a9b3bd"))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_text)
            return
        if self._overlay.spacing is not None:
            lengths = (*self._lengths, self._measuring) if self._measuring is not None else self._lengths
            paint_lengths(painter, lengths, self._overlay.spacing, self.to_view)
        lines = self.corner_lines()
        warning = orientation_words(*self.turned)
        paint_overlay(painter, area, self._overlay, lines, self.scale_on_screen, warning)
        size = painter.fontMetrics().size(0, "\n".join(lines))
        self._corner = QRectF(MARGIN, area.bottom() - MARGIN - size.height(), size.width(), size.height())

    def corner_lines(self) -> list[str]:
        """What is written in the lower left corner: size and grey levels."""
        height, width = self.shape
        size = size_words(width, height, self.scale_on_screen * self.devicePixelRatioF())
        level = self._greys.scale.words(self.windowing)
        return [size, inverted_words(level) if self.windowing.inverted else level]
