"""Which texts of a window have less room than they need."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QTabBar,
    QWidget,
)

from bone_age_gui.gui.look.widgets import CaptionLabel, ElidedLabel

DOTS = "\N{HORIZONTAL ELLIPSIS}"
FIELD_MARGIN = 4
"""Qt's own, inside a field's frame, on both sides together."""


def cut_texts(window: QWidget) -> list[str]:
    """What is cut, with the pixels that it needs and has; places to which one can scroll count as seen."""
    return [
        f"{type(widget).__name__} {text!r} needs {needed}, has {has}"
        for widget in [window, *window.findChildren(QWidget)]
        if widget.isVisible() and widget.window() is window
        for text, needed, has in _measured(widget)
        if needed > has
    ]


def _measured(widget: QWidget) -> Iterator[tuple[str, int, int]]:
    """Text, and how wide or high it is to be and is."""
    metrics = widget.fontMetrics()
    if isinstance(widget, CaptionLabel):
        yield widget.text(), int(widget.lines()[-1].endswith(DOTS)), 0
    elif isinstance(widget, ElidedLabel):
        yield widget.text(), metrics.horizontalAdvance(widget.text()), widget.width()
    elif isinstance(widget, QLabel) and widget.text():
        wraps = widget.wordWrap()
        words = widget.text().split() if wraps else [widget.text()]
        width = max(metrics.horizontalAdvance(word) for word in words) if wraps else widget.sizeHint().width()
        yield widget.text(), width, widget.width()
        yield widget.text(), widget.heightForWidth(widget.width()) if wraps else metrics.height(), widget.height() + 1
    elif isinstance(widget, QAbstractButton) and widget.text():
        yield widget.text(), widget.sizeHint().width(), widget.width()
        yield widget.text(), metrics.height(), widget.height()
    elif isinstance(widget, QLineEdit):
        text = widget.placeholderText() if not widget.text() else widget.text()
        yield text, metrics.horizontalAdvance(text), _field_room(widget)
    elif isinstance(widget, QComboBox):
        yield widget.currentText(), metrics.horizontalAdvance(widget.currentText()), _combo_room(widget)
    else:
        yield from _parts(widget)


def _parts(widget: QWidget) -> Iterator[tuple[str, int, int]]:
    """The headings of a table, and tabs."""
    if isinstance(widget, QHeaderView) and widget.orientation() is Qt.Orientation.Horizontal:
        for place in range(widget.count()):
            text = str(widget.model().headerData(place, Qt.Orientation.Horizontal))
            yield text, widget.sectionSizeHint(place), widget.sectionSize(place)
    elif isinstance(widget, QTabBar):
        for place in range(widget.count()):
            text = widget.tabText(place)
            yield text, widget.fontMetrics().horizontalAdvance(text), widget.tabRect(place).width()


def _field_room(field: QLineEdit) -> int:
    option = QStyleOptionFrame()
    field.initStyleOption(option)
    inside = field.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, field)
    return inside.width() - FIELD_MARGIN + 1


def _combo_room(box: QComboBox) -> int:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    return box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width()
