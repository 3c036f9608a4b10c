"""The buttons above the table of a batch: all films, only flagged or only refused ones, with their numbers."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from bone_age_gui.gui.work.batch.values import Shown
from bone_age_gui.wording.batch import SHOWN_NAMES, shown_words
from bone_age_gui.wording.language import tr


class ShownButtons(QWidget):
    """One of them is down.

    Attributes
    ----------
    chosen : Signal(object)
        A `Shown`.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.buttons = {Shown.ALL: QPushButton(), Shown.FLAGGED: QPushButton(), Shown.REFUSED: QPushButton()}
        group, row = QButtonGroup(self), QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        metrics = QFontMetrics(self.font())
        widest = max(metrics.horizontalAdvance(shown_words(shown.value, 99_999)) for shown in self.buttons)
        for shown, button in self.buttons.items():
            button.setMinimumWidth(widest)
            button.setCheckable(True)
            button.setProperty("segment", "true")
            button.setAccessibleName(tr(SHOWN_NAMES[shown.value]))
            button.clicked.connect(lambda _checked=False, shown=shown: self.chosen.emit(shown))
            group.addButton(button)
            row.addWidget(button)
        self.buttons[Shown.ALL].setChecked(True)

    def count(self, counts: Mapping[Shown, int]) -> None:
        """Show how many films each of them lists."""
        for shown, button in self.buttons.items():
            button.setText(shown_words(shown.value, counts[shown]))

    def take_over(self, old: ShownButtons) -> None:
        """Choose what was chosen in the language before."""
        next(button for shown, button in self.buttons.items() if old.buttons[shown].isChecked()).click()
