"""What can be clicked must be large enough to be hit (WCAG 2.2, 2.5.8: 24 by 24 px)."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QWidget

LEAST = 24
KINDS = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit)
PARTS_OF_QT = ("qt_", "ScrollLeftButton", "ScrollRightButton")


def small_targets(parent: QWidget) -> list[str]:
    """Names and sizes of visible controls below 24 px; parts of a larger control are reached through it."""
    small = []
    for kind in KINDS:
        for widget in parent.findChildren(kind):
            above = widget.parentWidget()
            if not widget.isVisible() or widget.objectName().startswith(PARTS_OF_QT) or isinstance(above, KINDS):
                continue
            if widget.width() < LEAST or widget.height() < LEAST:
                name = widget.accessibleName() or widget.objectName() or getattr(widget, "text", str)()
                small.append(f"{type(widget).__name__} {name}: {widget.width()} x {widget.height()}")
    return small
