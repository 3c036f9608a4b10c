"""Every action of the window does what its text says, by its key where it has one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from bone_age_gui import __version__, paths
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.gui.dialogs.settings import SettingsDialog
from bone_age_gui.gui.launch import make_window
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.options import parse
from bone_age_gui.gui.settings import Settings
from bone_age_gui.gui.view.canvas import Place
from bone_age_gui.gui.view.film import FilmView
from bone_age_gui.gui.work.line import core_backend
from bone_age_gui.store.worklist import worklist_file
from windows import FakeLine, wait_for_model

Make = Callable[..., MainWindow]
CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    qtbot.keyClick(window.viewer.view, key, keys)


def names(window: MainWindow) -> list[str]:
    return [film.name for film in window.session.films]


def drag(qtbot: QtBot, view: FilmView, by: QPoint) -> None:
    start = view.viewport().rect().center()
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view.viewport(), start + by)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=start + by)


def text_of(dialog: Any) -> str:
    return str(dialog.text.toPlainText())


def test_files_are_asked_for_and_opened(qtbot: QtBot, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    window = make()
    answers = [(["/films/a.png", "/films/b.png"], ""), ([], "")]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: answers.pop(0))
    press(qtbot, window, Qt.Key.Key_O, CTRL)
    wait_for_model(qtbot, window)
    assert names(window) == ["a.png", "b.png"]
    press(qtbot, window, Qt.Key.Key_O, CTRL)
    assert answers == []
    assert names(window) == ["a.png", "b.png"]


def test_a_folder_is_asked_for_and_opened(
    qtbot: QtBot, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("b.png", "a.jpg", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    window = make()
    answers = [str(tmp_path), ""]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: answers.pop(0))
    press(qtbot, window, Qt.Key.Key_O, CTRL | SHIFT)
    qtbot.waitUntil(lambda: len(window.session.films) == 2 and window.session.is_idle)
    assert names(window) == ["a.jpg", "b.png"]
    press(qtbot, window, Qt.Key.Key_O, CTRL | SHIFT)
    wait_for_model(qtbot, window)
    assert answers == []
    assert len(names(window)) == 2


def test_keys_close_one_film_and_all(qtbot: QtBot, make: Make) -> None:
    window = make("a.png", "b.png", "c.png")
    press(qtbot, window, Qt.Key.Key_W, CTRL)
    assert names(window) == ["b.png", "c.png"]
    press(qtbot, window, Qt.Key.Key_W, CTRL | SHIFT)
    assert names(window) == []


def test_keys_go_to_the_next_film_and_back(qtbot: QtBot, make: Make) -> None:
    window = make("a.png", "b.png")

    def shown() -> str:
        assert window.session.current is not None
        return window.session.current.name

    press(qtbot, window, Qt.Key.Key_PageDown)
    assert shown() == "b.png"
    press(qtbot, window, Qt.Key.Key_PageUp)
    assert shown() == "a.png"


def test_quit_closes_the_window(qtbot: QtBot, make: Make, own_settings: Path) -> None:
    window = make("a.png")
    window.settings.reader_name = "Dr. Example"
    with qtbot.waitSignal(window.closed):
        press(qtbot, window, Qt.Key.Key_Q, CTRL)
    assert not window.isVisible()
    (file,) = own_settings.rglob("*.ini")
    assert "Dr. Example" in file.read_text(encoding="utf-8"), "on the disk, whatever ends the program now"


def test_keys_zoom_about_the_middle(qtbot: QtBot, make: Make) -> None:
    window = make("a.png")
    view = window.viewer.view
    press(qtbot, window, Qt.Key.Key_Plus)
    assert (view.place.zoom, view.place.x, view.place.y) == (1.25, pytest.approx(0.5), pytest.approx(0.5))
    press(qtbot, window, Qt.Key.Key_Minus)
    assert view.place.zoom == 1.0
    press(qtbot, window, Qt.Key.Key_A)
    assert view.scale_on_screen * view.devicePixelRatioF() == pytest.approx(1.0)
    assert view.place.zoom != 1.0
    press(qtbot, window, Qt.Key.Key_F)
    assert view.place == Place(1.0)


def test_keys_turn_mirror_and_invert_for_the_eye(qtbot: QtBot, make: Make) -> None:
    window = make("a.png")
    view = window.viewer.view
    press(qtbot, window, Qt.Key.Key_R, CTRL)
    assert view.turned == (1, False)
    press(qtbot, window, Qt.Key.Key_L, CTRL)
    press(qtbot, window, Qt.Key.Key_L, CTRL)
    assert view.turned == (3, False)
    press(qtbot, window, Qt.Key.Key_M, CTRL)
    assert view.turned == (3, True)
    press(qtbot, window, Qt.Key.Key_V)
    assert view.windowing.inverted
    press(qtbot, window, Qt.Key.Key_Home)
    assert (view.turned, view.windowing.inverted) == ((0, False), False)


def test_the_tool_of_the_left_button_is_chosen_by_key(qtbot: QtBot, make: Make) -> None:
    window = make("a.png")
    view, actions = window.viewer.view, window.actions_by_name
    press(qtbot, window, Qt.Key.Key_P)
    assert (actions["tool_pan"].isChecked(), actions["tool_window"].isChecked()) == (True, False)
    before = view.windowing
    drag(qtbot, view, QPoint(40, 0))
    assert view.place.x < 0.5
    assert view.windowing == before
    place = view.place
    press(qtbot, window, Qt.Key.Key_W)
    assert actions["tool_window"].isChecked()
    drag(qtbot, view, QPoint(-40, 0))
    assert view.place == place
    assert view.windowing != before


def test_zero_brings_the_original_back(qtbot: QtBot, make: Make) -> None:
    window = make("a.png")
    press(qtbot, window, Qt.Key.Key_1)
    assert window.viewer.stage == 1
    press(qtbot, window, Qt.Key.Key_0)
    assert window.viewer.stage == 0


def test_the_whole_screen_can_be_used_and_given_back(qtbot: QtBot, make: Make) -> None:
    window = make("a.png")
    press(qtbot, window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    press(qtbot, window, Qt.Key.Key_F11)
    assert not window.isFullScreen()


def test_settings_that_are_accepted_hold_at_once(make: Make, line: FakeLine, monkeypatch: pytest.MonkeyPatch) -> None:
    line.reference = GrowthReference.load_all(paths.growth_dir())
    window = make("a.png")
    window.session.keeper.open(worklist_file())
    session = window.session

    def holds() -> tuple[str, bool, bool, bool]:
        assert session.engine is not None
        return session.reader_name, session.blind_first, session.engine.demands_sex, session.keeper.keeps

    answers = [QDialog.DialogCode.Rejected, QDialog.DialogCode.Accepted]

    def choose(dialog: SettingsDialog) -> int:
        dialog.text_size.setCurrentText("150 %")
        dialog.comparison.threshold.setValue(2.5)
        dialog.comparison.demand_sex.setChecked(True)
        dialog.reader.setText("Dr. Example")
        dialog.blind_first.setChecked(True)
        dialog.keep_worklist.setChecked(False)
        answer = answers.pop(0)
        if answer is QDialog.DialogCode.Accepted:
            dialog.accept()
        return int(answer)

    monkeypatch.setattr(SettingsDialog, "exec", choose)
    before = window.form.birth.font().pointSizeF()
    window.actions_by_name["settings"].trigger()
    assert (window.form.birth.font().pointSizeF(), session.assessments.threshold_sd) == (before, 2.0)
    assert holds() == ("", False, False, True)
    window.actions_by_name["settings"].trigger()
    assert window.form.birth.font().pointSizeF() == pytest.approx(1.5 * before)
    assert session.assessments.threshold_sd == 2.5
    assert holds() == ("Dr. Example", True, True, False)
    assert Settings().text_size == 150


def test_help_opens_what_its_entries_say(qtbot: QtBot, make: Make, dialogs: Any) -> None:
    window = make("a.png")
    press(qtbot, window, Qt.Key.Key_F1)
    press(qtbot, window, Qt.Key.Key_I, CTRL)
    window.actions_by_name["about"].trigger()
    assert dialogs.texts == ["Keys and mouse", "Film information", "About"]
    keys, film, about = (text_of(dialog) for dialog in dialogs.shown)
    assert "Estimate the bone age of this film" in keys or "Ctrl+Return" in keys
    assert "100 × 120 pixels" in film
    assert __version__ in about


def test_the_model_in_use_is_described(qtbot: QtBot, dialogs: Any, tiny_bundle: Path) -> None:
    window = make_window(parse(["--size", "1280x720"]), core_backend())
    qtbot.addWidget(window)
    window.show()
    assert not window.actions_by_name["model_info"].isEnabled()
    window.session.load_engine(str(tiny_bundle), "cpu")
    wait_for_model(qtbot, window)
    window.actions_by_name["model_info"].trigger()
    engine = window.session.engine
    assert engine is not None
    assert dialogs.texts == ["About the model"]
    assert engine.predictor.bundle.card.intended_use in text_of(dialogs.shown[0])
    window.close()


def test_a_swarm_of_bugs_shows_one_report(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    window = make("a.png")
    shown: list[str] = []

    def meet_the_next(dialog: QDialog) -> int:
        shown.append(dialog.windowTitle())
        if len(shown) < 3:
            window.session.crashed.emit(ValueError("the next one"))
        return 0

    monkeypatch.setattr(QDialog, "exec", meet_the_next)
    window.session.crashed.emit(RuntimeError("the first one"))
    assert len(shown) == 1
    window.session.crashed.emit(RuntimeError("later"))
    assert len(shown) == 2
