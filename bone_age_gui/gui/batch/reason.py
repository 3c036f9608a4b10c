"""The reasons in the table of a batch, whole."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QTextLayout, QTextOption
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

_BESIDE = 24
"""Pixels of a cell that its words do not get, rather too many than too few."""
_ABOVE_AND_BELOW = 6


class ReasonDelegate(QStyledItemDelegate):
    """Asks for the height that the words need at the width of their column.

    Qt's own measure knows nothing of what the style sheet leaves free, and ends a reason in dots where that matters.
    """

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """At least Qt's own."""
        hint = super().sizeHint(option, index)
        view = self.parent()
        assert isinstance(view, QTableView)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        layout = QTextLayout(text.replace("\n", "\N{LINE SEPARATOR}"), view.font())
        wrap = QTextOption()
        wrap.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(wrap)
        height, leading = 0.0, view.fontMetrics().leading()
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(view.columnWidth(index.column()) - _BESIDE, 40))
            height += line.height() + leading
        layout.endLayout()
        return QSize(hint.width(), max(hint.height(), ceil(height) + _ABOVE_AND_BELOW))
