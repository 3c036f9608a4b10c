"""The window's layout, sizes of text, themes and letters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPalette, QStyleHints
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTabBar
from pytestqt.qtbot import QtBot

from bone_age_gui.gui.choices import TEXT_SIZES, ThemeChoice
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.settings import Settings
from windows import FakeLine, wait_for_flag

Make = Callable[..., MainWindow]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_themes_change_and_are_remembered(make: Make, theme: str) -> None:
    window = make("a.png", theme="dark" if theme == "light" else "light")
    window.actions_by_name[f"theme_{theme}"].trigger()
    lightness = QApplication.palette().color(QPalette.ColorRole.Window).lightness()
    assert (lightness < 128) == (theme == "dark")
    assert window.actions_by_name[f"theme_{theme}"].isChecked()
    assert Settings().theme is ThemeChoice(theme)
    surround = window.viewer.view.backgroundBrush().color().lightness()
    assert surround < 40


def test_the_layout_is_remembered_and_can_be_reset(qtbot: QtBot, make: Make) -> None:
    window = make("a.png", size="780x740")
    window.docks.films.hide()
    window.close()
    again = make("a.png", size="780x740")
    again.lay_out()
    assert again.docks.films.isHidden()
    again.actions_by_name["reset_layout"].trigger()
    assert not again.docks.films.isHidden()


def test_a_closed_window_asks_its_rules_no_more(make: Make) -> None:
    """With many films that is put off for a while; then the worklist is closed, and a dialog would say so."""
    window = make("a.png")
    timers = window.display.findChildren(QTimer)
    assert timers
    for timer in timers:
        timer.start(10_000)
    window.close()
    assert not any(timer.isActive() for timer in timers)


def test_a_layout_that_the_screen_has_no_room_for_is_dropped(qtbot: QtBot, make: Make) -> None:
    """As on a screen whose scale went from 100 to 300 %: so many letters and lines do not fit any more."""
    window = make("a.png", size="780x740")
    window.docks.films.hide()
    window.close()
    window.settings.save_layout(*window.settings.layout(), window.docks.room * 3)
    again = make("a.png", size="780x740")
    again.lay_out()
    assert not again.docks.films.isHidden()
    again.docks.films.hide()
    again.close()
    last = make("a.png", size="780x740")
    last.lay_out()
    assert last.docks.films.isHidden()


def test_the_first_layout_has_tabs_only_where_the_window_is_low(qtbot: QtBot, make: Make) -> None:
    window = make("a.png", size="1280x720")

    def tab_bars() -> int:
        return len([bar for bar in window.findChildren(QTabBar) if bar.isVisible()])

    assert tab_bars() == 1
    window.resize(1280, 1000)
    window.actions_by_name["reset_layout"].trigger()
    qtbot.wait(50)
    assert tab_bars() == 0
    window.resize(1280, 720)
    window.actions_by_name["reset_layout"].trigger()
    qtbot.wait(50)
    assert tab_bars() == 1


@pytest.mark.parametrize("size", ["1360x840", "1360x1000"])
def test_the_whole_result_is_seen_without_scrolling(qtbot: QtBot, make: Make, line: FakeLine, size: str) -> None:
    line.gate.set()
    window = make("a.png", size=size)
    window.actions_by_name["estimate"].trigger()
    wait_for_flag(qtbot, window)
    bar = window.result.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0, timeout=2000)
    assert window.result.isVisible()


@pytest.mark.parametrize("size", TEXT_SIZES)
def test_every_text_size_fits_the_window(qtbot: QtBot, make: Make, line: FakeLine, size: int) -> None:
    line.gate.set()
    settings = Settings()
    settings.text_size = size
    settings.save()
    window = make("a.png", size="1280x720" if size == 100 else "2560x1440")
    window.actions_by_name["estimate"].trigger()
    wait_for_flag(qtbot, window)
    wanted = 1280 if size == 100 else 2560
    assert window.width() == wanted
    assert window.minimumSizeHint().width() <= wanted
    qtbot.waitUntil(lambda: window.result.widget().width() <= window.result.viewport().width())
    for label in window.form.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap() and label is not window.form.name:
            assert label.sizeHint().width() <= label.width(), label.text()


def test_the_system_may_change_its_scheme(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The offscreen platform has no scheme: what it would be is set, and told as Qt tells it."""

    def is_dark_when(scheme: Qt.ColorScheme) -> bool:
        monkeypatch.setattr(QStyleHints, "colorScheme", lambda _hints: scheme)
        QApplication.styleHints().colorSchemeChanged.emit(scheme)
        return QApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128

    window = make("a.png", theme="system")
    assert window.actions_by_name["theme_system"].isChecked()
    assert not is_dark_when(Qt.ColorScheme.Light)
    assert is_dark_when(Qt.ColorScheme.Dark)
    assert not is_dark_when(Qt.ColorScheme.Light)
    window.actions_by_name["theme_light"].trigger()
    assert not is_dark_when(Qt.ColorScheme.Dark)


def test_menus_and_form_share_no_letter(make: Make) -> None:
    window = make("a.png")
    texts = [action.text() for action in window.menuBar().actions()]
    texts += [label.text() for label in window.form.findChildren(QLabel)]
    texts += [button.text() for button in window.form.findChildren(QPushButton)]
    letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
    assert len(letters) == len(set(letters))
