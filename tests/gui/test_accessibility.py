"""Everything can be reached by keyboard and has a name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QGraphicsView,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bone_age_gui.gui.dialogs.error import ErrorDialog
from bone_age_gui.gui.dialogs.settings import SettingsDialog
from bone_age_gui.gui.dialogs.shortcuts import shortcuts_html
from bone_age_gui.gui.dialogs.text import TextDialog, about_html, film_html
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.settings import Settings
from targets import small_targets
from windows import FakeLine, wait_for_flag

CONTROLS = (
    QAbstractButton, QLineEdit, QComboBox, QDoubleSpinBox, QAbstractItemView, QGraphicsView, QPlainTextEdit,
    QTextBrowser, QProgressBar,
)  # fmt: skip
QT_OWN = ("qt_", "ScrollLeftButton", "ScrollRightButton")
"""Parts that Qt puts into its own widgets."""


def controls(parent: QWidget) -> list[QWidget]:
    widgets = [widget for kind in CONTROLS for widget in parent.findChildren(kind)]
    return [widget for widget in widgets if not widget.objectName().startswith(QT_OWN)]


def is_inside(widget: QWidget, kinds: tuple[type, ...]) -> bool:
    above = widget.parentWidget()
    return above is not None and (isinstance(above, kinds) or is_inside(above, kinds))


def nameless(parent: QWidget) -> list[str]:
    bad = []
    for widget in controls(parent):
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        if not widget.accessibleName() and not text and not is_inside(widget, (QComboBox, QDoubleSpinBox)):
            bad.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")
    return bad


def menu_actions(menu: QMenu) -> list[QAction]:
    actions: list[QAction] = []
    for action in menu.actions():
        inner = action.menu()
        actions += menu_actions(inner) if isinstance(inner, QMenu) else [] if action.isSeparator() else [action]
    return actions


@pytest.fixture
def window(qtbot: QtBot, make: Callable[..., MainWindow], line: FakeLine) -> MainWindow:
    line.gate.set()
    made = make("a.png", "b.png")
    made.actions_by_name["estimate"].trigger()
    wait_for_flag(qtbot, made)
    return made


def test_every_control_of_the_window_has_a_name(window: MainWindow) -> None:
    assert nameless(window) == []


def test_the_dialogs_name_their_controls(qtbot: QtBot, window: MainWindow) -> None:
    film = window.session.current
    assert film is not None
    dialogs: list[QDialog] = [
        SettingsDialog(Settings(), ["densenet121", "other"]),
        ErrorDialog(RuntimeError("x")),
        TextDialog("About", about_html()),
        TextDialog("Film", film_html(film)),
        TextDialog("Keys", shortcuts_html(window.actions())),
    ]
    for dialog in dialogs:
        qtbot.addWidget(dialog)
        dialog.show()
        assert nameless(dialog) == []
        assert small_targets(dialog) == []
        assert dialog.windowTitle()


def test_every_control_is_reached_by_tab(qtbot: QtBot, window: MainWindow) -> None:
    reached: set[int] = set()
    widget: QWidget | None = window.viewer.view
    assert widget is not None
    for _ in range(300):
        reached.add(id(widget))
        widget = widget.nextInFocusChain()
        if widget is window.viewer.view:
            break
    wanted = [
        each
        for each in controls(window)
        if each.isVisible() and each.isEnabled() and not isinstance(each, QProgressBar)
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]  # fmt: skip
    assert [each.accessibleName() for each in wanted if id(each) not in reached] == []
    unreachable = [
        each.accessibleName() or each.objectName()
        for each in controls(window)
        if each.isVisible() and each.isEnabled() and not each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(each, QProgressBar)
    ]  # fmt: skip
    assert unreachable == []


def test_every_action_is_in_a_menu_with_a_tip(window: MainWindow) -> None:
    in_menus = {
        action.objectName()
        for top in window.menuBar().actions()
        if isinstance(top.menu(), QMenu)
        for action in menu_actions(top.menu())  # type: ignore[arg-type]
    }
    window.recent_menu.aboutToShow.emit()
    in_menus |= {action.objectName() for action in window.recent_menu.actions()}
    missing = set(window.actions_by_name) - in_menus
    assert missing == set()
    assert all(action.toolTip() for action in window.actions_by_name.values())


def test_no_two_actions_share_a_key(window: MainWindow) -> None:
    seen: dict[str, str] = {}
    for name, action in window.actions_by_name.items():
        for keys in action.shortcuts():
            assert keys.toString(), name
            assert keys.toString() not in seen, (name, seen.get(keys.toString()))
            seen[keys.toString()] = name


def test_menu_letters_are_not_used_twice(window: MainWindow) -> None:
    for top in window.menuBar().actions():
        letters = [
            action.text()[action.text().index("&") + 1].lower()
            for action in top.menu().actions()  # type: ignore[union-attr]
            if "&" in action.text() and action.isVisible()
        ]
        assert len(letters) == len(set(letters)), (top.text(), letters)


def test_typing_in_a_field_does_not_trigger_single_key_commands(qtbot: QtBot, window: MainWindow) -> None:
    window.form.birth.setFocus()
    window.form.birth.clear()
    qtbot.keyClicks(window.form.birth, "2014-01-02")
    assert window.form.birth.text() == "2014-01-02"
    assert window.viewer.stage == 0


def test_delete_in_a_field_does_not_close_the_film(qtbot: QtBot, window: MainWindow) -> None:
    window.form.birth.setText("2014-01-02")
    window.form.birth.setFocus()
    window.form.birth.setCursorPosition(0)
    qtbot.keyClick(window.form.birth, Qt.Key.Key_Delete)
    assert len(window.session.films) == 2
    assert window.form.birth.text() == "014-01-02"


def test_the_estimate_is_one_key_away_from_a_field(qtbot: QtBot, window: MainWindow) -> None:
    window.session.step(1)
    window.form.birth.setFocus()
    qtbot.keyClick(window.form.birth, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    film = wait_for_flag(qtbot, window)
    assert film.name == "b.png"
    assert QApplication.focusWidget() is window.form.birth
