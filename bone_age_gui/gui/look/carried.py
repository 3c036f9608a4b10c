"""What a person typed and chose in a part of the window, carried to the same part made anew in another language."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QSortFilterProxyModel, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QTableView,
    QWidget,
)

Field = TypeVar("Field", bound=QWidget)


def carry(old: QWidget, new: QWidget) -> None:
    """Carry what was typed to the same fields of a new part; what cannot be edited stays as ``new`` shows it."""
    for chosen, choice in _pairs(old, new, QComboBox):
        choice.setCurrentIndex(chosen.currentIndex())
    for checked, box in _pairs(old, new, QCheckBox):
        box.setChecked(checked.isChecked())
    for typed, field in _pairs(old, new, QLineEdit):
        is_own = not isinstance(typed.parent(), QAbstractSpinBox | QComboBox)
        if is_own and not typed.isReadOnly() and typed.text() != field.text():
            field.setText(typed.text())


def carry_table(old: QTableView, new: QTableView) -> None:
    """Carry order, chosen rows and rows in sight to a new table; both sort the same rows by a proxy."""
    header, source = old.horizontalHeader(), new.model()
    new.sortByColumn(header.sortIndicatorSection(), header.sortIndicatorOrder())
    before = old.model()
    assert isinstance(before, QSortFilterProxyModel)
    assert isinstance(source, QSortFilterProxyModel)

    def same(index: QModelIndex) -> QModelIndex:
        at = before.mapToSource(index)
        return source.mapFromSource(source.sourceModel().index(at.row(), at.column()))

    chosen = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    if old.currentIndex().isValid():
        new.selectionModel().setCurrentIndex(same(old.currentIndex()), QItemSelectionModel.SelectionFlag.NoUpdate)
    for index in old.selectionModel().selectedRows():
        new.selectionModel().select(same(index), chosen)
    top = old.indexAt(QPoint(0, 0))
    if top.isValid():
        QTimer.singleShot(0, new, lambda: new.scrollTo(same(top), QAbstractItemView.ScrollHint.PositionAtTop))


def _pairs(old: QWidget, new: QWidget, kind: type[Field]) -> list[tuple[Field, Field]]:
    return list(zip(old.findChildren(kind), new.findChildren(kind), strict=True))
