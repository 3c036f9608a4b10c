"""The whole main job by keys alone: open, enter, estimate, read, decide, report."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from bone_age_gui.gui.dialogs.report import ReportDialog
from bone_age_gui.gui.main_window import MainWindow
from windows import WAIT_MS, drive, wait_for_flag, wait_for_model

pytestmark = pytest.mark.usefixtures("own_settings", "nothing_left_running")

CONTROL = Qt.KeyboardModifier.ControlModifier
MOST_STEPS = 80


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key goes to where the focus is."""
    widget = QApplication.focusWidget() or QApplication.activeWindow()
    assert isinstance(widget, QWidget)
    QTest.keyClick(widget, key, modifier)


def named() -> str:
    widget = QApplication.focusWidget()
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return (widget.accessibleName() or text) if widget is not None else ""


def go_to(name: str) -> None:
    """Tab, and the arrows within a group of choices, until the focus is on a control of this name."""
    seen = []
    for _ in range(MOST_STEPS):
        if named() == name:
            return
        is_beside = ": " in name and named().startswith(name.split(": ")[0] + ": ")
        press(Qt.Key.Key_Right if is_beside else Qt.Key.Key_Tab)
        assert named(), f"no name after {seen}"
        seen.append(named())
    raise AssertionError(f"{name} is not reached: {seen}")


def type_in(name: str, text: str) -> None:
    go_to(name)
    widget = QApplication.focusWidget()
    assert isinstance(widget, QWidget)
    QTest.keyClicks(widget, text)


def test_from_the_film_to_the_report_without_a_mouse(
    qtbot: QtBot, tiny_bundle: Path, plain_picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(plain_picture)], ""))  # the system's own

    problems: list[str] = []

    def in_the_dialog() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, ReportDialog) and not dialog.isActiveWindow():
            dialog.activateWindow()  # as a window manager does with a new window
        widget = QApplication.focusWidget()
        if not isinstance(dialog, ReportDialog) or widget is None or not dialog.isAncestorOf(widget):
            QTimer.singleShot(20, in_the_dialog)
            return
        try:
            type_in("Folder", str(tmp_path / "reports"))
        except AssertionError as error:
            problems.append(str(error))
            dialog.reject()
            return
        press(Qt.Key.Key_Return)

    def script(window: MainWindow) -> None:
        window.activateWindow()
        wait_for_model(qtbot, window)
        press(Qt.Key.Key_O, CONTROL)
        qtbot.waitUntil(lambda: window.session.current is not None and window.session.is_idle, timeout=WAIT_MS)
        go_to("Sex: female")
        press(Qt.Key.Key_Space)
        type_in("Date of birth", "2014-03-02")
        type_in("Study date", "2026-11-20")
        press(Qt.Key.Key_Return, CONTROL)
        film = wait_for_flag(qtbot, window)
        assert film.case.patient.sex is not None
        assert film.case.assessment is not None
        type_in("Bone age by the reader", "11;6")
        go_to("Final bone age: reader")
        press(Qt.Key.Key_Space)
        film = wait_for_flag(qtbot, window)
        assert film.case.reading is not None
        assert (film.case.reading.age_months, film.case.reading.decided_by) == (138.0, "reader")
        QTimer.singleShot(0, in_the_dialog)
        press(Qt.Key.Key_E, CONTROL)
        assert not problems
        qtbot.waitUntil(lambda: any((tmp_path / "reports").glob("*.pdf")), timeout=WAIT_MS)
        qtbot.waitUntil(lambda: window.session.is_idle, timeout=WAIT_MS)

    assert drive(qtbot, ["--model", str(tiny_bundle), "--device", "cpu"], script) == 0
