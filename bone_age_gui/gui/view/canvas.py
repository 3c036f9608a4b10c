"""A picture at a place: zoom, centre, rotation and flip, always rendered from the fitting size."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPixmap, QResizeEvent, QTransform
from PySide6.QtWidgets import QFrame, QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QWidget

from bone_age_gui.gui.look.theme import SURROUND
from bone_age_gui.gui.view.heat import HeatMap
from bone_age_gui.gui.view.joint_marks import JointMarks, paint_joints
from bone_age_gui.gui.view.qimage import Windowing, as_uint16, heat_image, smaller_copies, windowed_image

MIN_ZOOM = 0.25
MAX_ZOOM = 32.0


@dataclass(frozen=True)
class Place:
    """Where a view looks: zoom relative to fitting the window (1 fits), and the centre in fractions of the picture."""

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5


class PictureCanvas(QGraphicsView):
    """Shows uint8 or uint16 pixels (h, w).

    Attributes
    ----------
    place_changed : Signal(object)
        A `Place`, when the user zoomed or panned.
    """

    place_changed = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # never mirrored, whatever the language
        self.setScene(QGraphicsScene(self))
        self._item = QGraphicsPixmapItem()
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._heat = QGraphicsPixmapItem()
        self._heat.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._heat_place = QTransform()
        self._joints: tuple[JointMarks, ...] = ()
        self.scene().addItem(self._item)
        self.scene().addItem(self._heat)
        self._copies: list[np.ndarray] = []
        self._level = 0
        self._painted: tuple[int, Windowing] | None = None
        self._place = Place()
        self._whole = QTransform()
        self._windowing = Windowing()
        self._turns = 0
        self._flipped = False
        self.setAccessibleName(name)
        self._set_up()

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundBrush(QColor(SURROUND))
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Dropped files are the window's business.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)

    def sizeHint(self) -> QSize:
        """A small size, so that the layout decides."""
        return QSize(120, 120)

    def minimumSizeHint(self) -> QSize:
        """Next to nothing, so that five fit side by side on any screen."""
        return QSize(24, 24)

    # The picture

    @property
    def has_picture(self) -> bool:
        """True if there is something to see."""
        return bool(self._copies)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the picture in pixels; (0, 0) if there is none."""
        return self._copies[0].shape if self._copies else (0, 0)  # type: ignore[return-value]

    def set_pixels(self, pixels: np.ndarray | None, keep_place: bool = False) -> None:
        """Show a picture (or none), fitted unless the place is to be kept."""
        self._copies = smaller_copies(as_uint16(pixels)) if pixels is not None else []
        self._heat.setPixmap(QPixmap())
        if not keep_place:
            self._place = Place()
        self._painted = None
        if pixels is None:
            self._item.setPixmap(QPixmap())
        self._arrange()

    def set_heat(self, heat: HeatMap | None) -> None:
        """Lay a heat map over the picture, or take it away."""
        shown = heat is not None and self.has_picture
        self._heat.setPixmap(QPixmap.fromImage(heat_image(heat.values, heat.shape)) if shown else QPixmap())  # type: ignore[union-attr]
        if heat is not None:
            self._heat_place = heat.place_in(self.shape)
        self._arrange()

    def set_joints(self, joints: tuple[JointMarks, ...]) -> None:
        """Draw these hands over the picture; none takes them away."""
        self._joints = joints
        self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        """Draw the joints at a fixed size, whatever the zoom."""
        painter.resetTransform()
        if self.has_picture:
            paint_joints(painter, self._joints, self.to_view)

    @property
    def windowing(self) -> Windowing:
        """The display window that the picture is seen through."""
        return self._windowing

    def set_windowing(self, windowing: Windowing) -> None:
        """Show the picture through another display window."""
        self._windowing = windowing
        self._paint_level()
        self.viewport().update()

    # Looking

    @property
    def place(self) -> Place:
        """Which part of the picture is seen, and how large."""
        return self._place

    def set_place(self, place: Place) -> None:
        """Look elsewhere, without telling others."""
        self._place = replace(place, zoom=min(max(place.zoom, MIN_ZOOM), MAX_ZOOM))
        self._arrange()

    def fit(self) -> None:
        """Zoom so that the whole picture is seen."""
        self._go(Place())

    def show_actual_size(self) -> None:
        """One pixel of the picture on one pixel of the screen."""
        self._go(replace(self._place, zoom=1 / (self._fitting() * self.devicePixelRatioF())))

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Zoom about a point of the viewport, or its middle."""
        if not self.has_picture:
            return
        fixed = around if around is not None else QRectF(self.viewport().rect()).center()
        before = self.to_picture(fixed)
        self._place = replace(self._place, zoom=min(max(self._place.zoom * factor, MIN_ZOOM), MAX_ZOOM))
        self._arrange()
        after = self.to_picture(fixed)
        height, width = self.shape
        x = self._place.x + (before.x() - after.x()) / width
        y = self._place.y + (before.y() - after.y()) / height
        self._go(replace(self._place, x=x, y=y))

    def turn(self, quarters: int) -> None:
        """Rotate for viewing by quarter turns, clockwise if positive."""
        self._turns = (self._turns + (-quarters if self._flipped else quarters)) % 4
        self._arrange()

    def flip(self) -> None:
        """Mirror left and right for viewing."""
        self._flipped = not self._flipped
        self._arrange()

    def reset_orientation(self) -> None:
        """Show the film as it was read: neither turned nor mirrored."""
        self.set_turned(0, False)

    def set_turned(self, turns: int, flipped: bool) -> None:
        """Quarter turns clockwise, and whether it is mirrored afterwards."""
        self._turns, self._flipped = turns % 4, flipped
        self._arrange()

    @property
    def turned(self) -> tuple[int, bool]:
        """Quarter turns clockwise, and whether it is mirrored afterwards."""
        return self._turns, self._flipped

    @property
    def scale_on_screen(self) -> float:
        """Logical screen pixels per picture pixel."""
        return self._fitting() * self._place.zoom

    def _fitting(self) -> float:
        height, width = self.shape
        if self._turns % 2:
            height, width = width, height
        room = self.viewport().size()
        if not height or not width:
            return 1.0
        return max(min(room.width() / width, room.height() / height), 1e-4)

    def _go(self, place: Place) -> None:
        self._place = replace(
            place, zoom=min(max(place.zoom, MIN_ZOOM), MAX_ZOOM), x=min(max(place.x, 0), 1), y=min(max(place.y, 0), 1)
        )
        self._arrange()
        self.place_changed.emit(self._place)

    def _arrange(self) -> None:
        """Put the picture where `place` says."""
        if self._copies:
            height, width = self.shape
            self._paint_level()
            scale = self.scale_on_screen
            mirror = -1 if self._flipped else 1
            turn = QTransform().rotate(90 * self._turns) * QTransform().scale(mirror * scale, scale)
            room = QRectF(0, 0, self.viewport().width(), self.viewport().height())
            middle = turn.map(QPointF(self._place.x * width, self._place.y * height))
            offset = room.center() - middle
            self._whole = turn * QTransform().translate(offset.x(), offset.y())
            self.setSceneRect(room)
            self._item.setTransform(QTransform().scale(*self._stretch()) * self._whole)
            self._heat.setTransform(self._heat_place * self._whole)
        self.viewport().update()

    def _stretch(self) -> tuple[float, float]:
        height, width = self.shape
        small_height, small_width = self._copies[self._level].shape
        return width / small_width, height / small_height

    def _paint_level(self) -> None:
        """Render the smallest copy that is not coarser than the screen."""
        if not self._copies:
            return
        scale = self.scale_on_screen * self.devicePixelRatioF()
        level = 0
        while level + 1 < len(self._copies) and scale * 2 ** (level + 1) <= 1.0:
            level += 1
        if self._painted != (level, self._windowing):
            self._level = level
            self._painted = (level, self._windowing)
            self._item.setPixmap(QPixmap.fromImage(windowed_image(self._copies[level], self._windowing)))

    def to_picture(self, point: QPointF) -> QPointF:
        """A point of the viewport in picture pixels."""
        inverse, _ = self._whole.inverted()
        mapped: QPointF = inverse.map(point)
        return mapped

    def to_view(self, point: QPointF) -> QPointF:
        """A point of the picture in the viewport."""
        mapped: QPointF = self._whole.map(point)
        return mapped

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by logical screen pixels."""
        before = self.to_picture(QPointF(0, 0))
        after = self.to_picture(QPointF(dx, dy))
        height, width = self.shape
        if height and width:
            x = self._place.x - (after.x() - before.x()) / width
            y = self._place.y - (after.y() - before.y()) / height
            self._go(replace(self._place, x=x, y=y))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the same place in view."""
        super().resizeEvent(event)
        self._arrange()
