"""Window and level, typed over the film."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from bone_age_gui.gui.look.widgets import set_property
from bone_age_gui.wording.language import tr

TWO_NUMBERS = re.compile(r"\s*W?\s*(-?[\d.]+)\s*%?[\s,;/]+L?\s*(-?[\d.]+)\s*%?\s*", re.IGNORECASE)


class LevelEditor(QLineEdit):
    """Two numbers: width and level in the film's units. Return takes them, Escape does not.

    Attributes
    ----------
    typed : Signal(float, float)
        Width and level.
    """

    typed = Signal(float, float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Window and level"))
        self.setToolTip(tr("Width and level in the film's units, for example 4096 2048. Return takes them."))
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("W 000000.00 %  L 000000.00 %") + 20)
        self.returnPressed.connect(self._take)
        self.hide()

    def ask(self, text: str) -> None:
        """Show what holds now, ready to be typed over."""
        set_property(self, "problem", "")
        self.setText(text)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self) -> None:
        match = TWO_NUMBERS.fullmatch(self.text())
        try:
            width, level = (float(match[1]), float(match[2])) if match is not None else (0.0, 0.0)
        except ValueError:
            width = level = 0.0
        if width <= 0:
            set_property(self, "problem", "error")
            return
        self._leave()
        self.typed.emit(width, level)

    def _leave(self) -> None:
        parent = self.parentWidget()
        self.hide()
        if parent is not None:
            parent.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves everything as it is."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Typing elsewhere ends it."""
        super().focusOutEvent(event)
        self.hide()
