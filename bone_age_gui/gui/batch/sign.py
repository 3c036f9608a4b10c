"""The sign of a flag in the table of a batch."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from bone_age_gui.gui.batch.pictures import SIGN


class SignDelegate(QStyledItemDelegate):
    """Draws the sign of a flag as small as a letter, beside the large pictures of the films."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """What the view draws, but for the size of the sign."""
        super().initStyleOption(option, index)
        option.decorationSize = QSize(SIGN, SIGN)  # type: ignore[attr-defined]
