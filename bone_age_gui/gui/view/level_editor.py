"""Window and level, typed over the film."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from bone_age_gui.gui.look.widgets import set_property
from bone_age_gui.wording.dialogs import LEVEL_TIP
from bone_age_gui.wording.language import tr

TWO_NUMBERS = re.compile(r"\s*W?\s*(-?[\d.]+)\s*%?[\s,;/]+L?\s*(-?[\d.]+)\s*%?\s*", re.IGNORECASE)
WITH_COMMAS = re.compile(r"\s*W?\s*(-?\d+,\d+|-?\d+)\s*%?[\s;/]+L?\s*(-?\d+,\d+|-?\d+)\s*%?\s*", re.IGNORECASE)
_AS_TYPED = {0x2212: "-", 0x066B: ".", **dict.fromkeys((0x200E, 0x200F, 0x2066, 0x2067, 0x2068, 0x2069))}
"""Minus and decimal sign as languages write them, and marks of direction, which are left out."""


def two_numbers(text: str) -> tuple[float, float] | None:
    """Width and level as any language writes them, with commas or digits of its own; ``None`` if it is not two."""
    plain = text.translate(_AS_TYPED)
    match = TWO_NUMBERS.fullmatch(plain) or WITH_COMMAS.fullmatch(plain)
    try:
        return (float(match[1].replace(",", ".")), float(match[2].replace(",", "."))) if match is not None else None
    except ValueError:
        return None


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
        self.setToolTip(tr(LEVEL_TIP))
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
        width, level = two_numbers(self.text()) or (0.0, 0.0)
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
        """Close the editor when the keyboard goes elsewhere."""
        super().focusOutEvent(event)
        self.hide()
