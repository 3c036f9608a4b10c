"""What a person typed and chose in a part of the window, carried to the same part made anew in another language."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QLineEdit, QWidget

Field = TypeVar("Field", bound=QWidget)


def carry(old: QWidget, new: QWidget) -> None:
    """Both hold the same fields in the same order. What cannot be edited stays as ``new`` shows it."""
    for chosen, choice in _pairs(old, new, QComboBox):
        choice.setCurrentIndex(chosen.currentIndex())
    for checked, box in _pairs(old, new, QCheckBox):
        box.setChecked(checked.isChecked())
    for typed, field in _pairs(old, new, QLineEdit):
        is_own = not isinstance(typed.parent(), QAbstractSpinBox | QComboBox)
        if is_own and not typed.isReadOnly() and typed.text() != field.text():
            field.setText(typed.text())


def _pairs(old: QWidget, new: QWidget, kind: type[Field]) -> list[tuple[Field, Field]]:
    return list(zip(old.findChildren(kind), new.findChildren(kind), strict=True))
