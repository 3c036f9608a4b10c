"""A field for a day. In Persian it is typed by either calendar, and both are to be seen."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle, QStyleOptionFrame

from bone_age_gui.gui.look.theme import current_theme
from bone_age_gui.gui.look.widgets import HintedLine
from bone_age_gui.wording.days import day_words
from bone_age_gui.wording.language import is_right_to_left
from bone_age_gui.wording.typed_days import other_day, parse_date
from bone_age_gui.wording.window_messages import two_lines

_GAP = 12
"""Pixels between the day that is typed and the one beside it."""


class DayLine(HintedLine):
    """Shows the day by the other calendar at its end where there is room for it, and in its tool tip."""

    def __init__(self, tip: str) -> None:
        super().__init__()
        self._tip = tip
        if is_right_to_left():  # a day has no letter that says so
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        self.textChanged.connect(self._say_both)
        self._say_both()

    @property
    def other(self) -> str:
        """The day by the other calendar; empty where there is none, or no day is typed."""
        try:
            return other_day(parse_date(self.text()))
        except ValueError:
            return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, and the other day behind its text."""
        super().paintEvent(event)
        other, room = self.other, self._room()
        if other and self.fontMetrics().horizontalAdvance(f"{self.text()}{other}") + _GAP <= room.width():
            painter = QPainter(self)
            painter.setPen(QColor(current_theme().muted))
            end = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room, QStyle.visualAlignment(self.layoutDirection(), end), other)

    def _room(self) -> QRect:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        inner = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        return inner.adjusted(4, 0, -4, 0)

    def _say_both(self) -> None:
        other = self.other
        both = day_words(other) if other else ""
        self.setToolTip(two_lines(self._tip, both) if both else self._tip)
        self.setAccessibleDescription(both)
