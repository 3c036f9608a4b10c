"""Dialogs that fit every screen: no larger than it, and scrolled where it is smaller than what they hold."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QDialog, QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget

from bone_age_gui.gui.first_size import room_on


def resize_on_screen(window: QWidget, width: int, height: int) -> None:
    """So large, or as large as the screen has room for."""
    window.resize(QSize(width, height).boundedTo(room_on(window.screen())))


def lay_out_scrolled(dialog: QDialog, content: QLayout, *below: QWidget) -> None:
    """``content``, which scrolls where the screen is too small for it, and what is always in sight ``below`` it.

    The dialog opens with the size that it needs, once the style sheet is applied.
    """
    inside = QWidget()
    inside.setLayout(content)
    content.setContentsMargins(0, 0, 6, 0)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(18, 16, 12, 14)
    layout.setSpacing(16)
    layout.addWidget(_Whole(inside))
    for widget in below:
        layout.addWidget(widget)
    dialog.installEventFilter(_Fitting(dialog))


class _Whole(QScrollArea):
    """Wants the room that what is inside needs; Qt's own asks for little."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        self._inside = inside

    def sizeHint(self) -> QSize:
        """Of what is inside, and of the bar beside it."""
        return self._inside.sizeHint() + QSize(self.verticalScrollBar().sizeHint().width(), 0)


class _Fitting(QObject):
    """Gives a dialog its size when it is shown first: before that, the style sheet is not applied to its parts."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Size the dialog when it is shown for the first time, and look no further."""
        if event.type() is QEvent.Type.Show and isinstance(watched, QDialog):
            watched.removeEventFilter(self)
            layout = watched.layout()
            assert layout is not None
            needed = layout.totalSizeHint().expandedTo(watched.minimumSize())
            if watched.testAttribute(Qt.WidgetAttribute.WA_Resized):
                needed = needed.expandedTo(watched.size())
            watched.resize(needed.boundedTo(room_on(watched.screen())))
        return False
