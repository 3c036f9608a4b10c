"""Cells of the table of a batch whose words are whole: reasons, and names of films."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QTextLayout, QTextOption
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from bone_age_gui.gui.batch.pictures import PICTURE

_BESIDE = 24
"""Pixels of a cell that its words do not get, rather too many than too few."""
_ABOVE_AND_BELOW = 6
_BREAK = "\N{ZERO WIDTH SPACE}"
_AFTER = ".-_/ "


class WholeText(QStyledItemDelegate):
    """Asks for the height that the words need at the width of their column, beside a picture or not.

    Qt's own measure knows nothing of what the style sheet leaves free, and ends the words in dots where that matters.
    """

    def __init__(self, table: QTableView, beside: int = _BESIDE) -> None:
        super().__init__(table)
        self._table = table
        self._beside = beside

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The size of the wrapped text, and never less than Qt's own hint."""
        table, hint, styled = self._table, super().sizeHint(option, index), QStyleOptionViewItem(option)
        self.initStyleOption(styled, index)
        layout = QTextLayout(styled.text.replace("\n", "\N{LINE SEPARATOR}"), table.font())  # type: ignore[attr-defined]
        wrap = QTextOption()
        wrap.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(wrap)
        height, leading = 0.0, table.fontMetrics().leading()
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(table.columnWidth(index.column()) - self._beside, 40))
            height += line.height() + leading
        layout.endLayout()
        return QSize(hint.width(), max(hint.height(), ceil(height) + _ABOVE_AND_BELOW))


class WholeName(WholeText):
    """A name goes on in the next line where its column is narrow; Qt breaks lines between words alone."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table, _BESIDE + PICTURE)

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """What the view draws, with places to break: anywhere, where no letters are joined."""
        super().initStyleOption(option, index)
        name: str = option.text  # type: ignore[attr-defined]
        broken = _BREAK.join(name) if name.isascii() else "".join(f"{c}{_BREAK}" if c in _AFTER else c for c in name)
        option.text = broken  # type: ignore[attr-defined]
