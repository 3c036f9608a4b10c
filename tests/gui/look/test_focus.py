"""Where the keyboard is, is seen on every kind of control, in both themes, and looks like nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListView,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bone_age_gui.gui.look.stylesheet import apply_theme
from bone_age_gui.gui.look.theme import DARK, LIGHT, Theme

LEAST_PIXELS = 40
LEAST_CONTRAST = 3.0
"""WCAG 2.2, 2.4.13 and 1.4.11: a changed pixel against what it was before."""


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def dressed(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    apply_theme(qapp, request.param)
    yield request.param
    apply_theme(qapp, LIGHT)


def controls(checked: bool) -> dict[str, QWidget]:
    tabs = QTabBar()
    tabs.addTab("One"), tabs.addTab("Other")
    box = QComboBox()
    box.addItem("One")
    made: dict[str, QWidget] = {
        "button": QPushButton("Do"), "primary": QPushButton("Do"), "segment": QPushButton("One"), "tabs": tabs,
        "check": QCheckBox("One"), "radio": QRadioButton("One"), "tool": QToolButton(), "combo": box,
        "spin": QSpinBox(), "line": QLineEdit("one"), "list": QListView(),
    }  # fmt: skip
    for name in ("primary", "segment"):
        made[name].setProperty(name, "true")
    tool = made["tool"]
    assert isinstance(tool, QToolButton)
    tool.setText("Tool")
    tool.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for name in ("segment", "tool", "check", "radio"):
        made[name].setCheckable(True)  # type: ignore[attr-defined]
        made[name].setChecked(checked)  # type: ignore[attr-defined]
    return made


def light(widget: QWidget) -> np.ndarray:
    """Relative luminance of every pixel, as WCAG has it."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    parts = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def changed(one: np.ndarray, other: np.ndarray) -> int:
    """How many pixels stand out of what they were."""
    brighter, darker = np.maximum(one, other), np.minimum(one, other)
    return int(((brighter + 0.05) / (darker + 0.05) >= LEAST_CONTRAST).sum())


def pictures(qtbot: QtBot, checked: bool) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Every control without and with the focus."""
    window = QWidget()
    window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    layout = QVBoxLayout(window)
    elsewhere = QLineEdit()
    layout.addWidget(elsewhere)
    made = controls(checked)
    for widget in made.values():
        layout.addWidget(widget)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    taken = {}
    for name, widget in made.items():
        seen = []
        for focused in (elsewhere, widget):
            focused.setFocus(Qt.FocusReason.TabFocusReason)
            assert focused.hasFocus(), name
            QApplication.processEvents()
            seen.append(light(widget))
        taken[name] = seen[0], seen[1]
    return taken


def test_the_focus_is_seen_and_is_no_check_mark(qtbot: QtBot, dressed: Theme) -> None:
    unchecked, checked = pictures(qtbot, False), pictures(qtbot, True)
    for name, (without, focused) in unchecked.items():
        assert changed(without, focused) >= LEAST_PIXELS, name
        assert changed(*checked[name]) >= LEAST_PIXELS, name
    for name in ("segment", "tool", "check", "radio"):  # one that has the focus and one that is checked
        assert changed(unchecked[name][1], checked[name][0]) >= LEAST_PIXELS, name
