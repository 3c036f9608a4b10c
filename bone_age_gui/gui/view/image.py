"""A picture that the user moves: wheel, drag and keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from bone_age_gui.gui.view.canvas import PictureCanvas

ZOOM_STEP = 1.25
PAN_STEP = 40
PAN_KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class ImageView(PictureCanvas):
    """A canvas with mouse and keyboard.

    Attributes
    ----------
    activated : Signal
        Double click or Return.
    """

    activated = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._pan_from: QPoint | None = None
        self._space = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        self.zoom_by(ZOOM_STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def pans_with(self, event: QMouseEvent) -> bool:
        """Whether this press starts panning; a subclass may have a tool on the left button."""
        return event.button() in (Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to pan."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._space or self.pans_with(event):
            self._pan_from = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan."""
        if self._pan_from is not None:
            now = event.position().toPoint()
            self.pan(now.x() - self._pan_from.x(), now.y() - self._pan_from.y())
            self._pan_from = now
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stop panning."""
        self._pan_from = None
        self.unsetCursor()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open large, or go back."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.activated.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows pan, + and - zoom, Return opens large; space pans with the mouse."""
        key = Qt.Key(event.key())
        if key in PAN_KEYS:
            dx, dy = PAN_KEYS[key]
            self.pan(-PAN_STEP * dx, -PAN_STEP * dy)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit()
        elif key == Qt.Key.Key_Space:
            self._space = True
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space let go."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
        super().keyReleaseEvent(event)

    def event(self, event: QEvent) -> bool:
        """Forget the space bar when the focus goes elsewhere."""
        if event.type() == QEvent.Type.FocusOut:
            self._space = False
        return super().event(event)
