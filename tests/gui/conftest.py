"""Parts of the window, each test with settings of its own."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bone_age_gui.core.growth import DEFAULT_THRESHOLD_SD
from bone_age_gui.gui.launch import make_window
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.options import parse
from bone_age_gui.gui.work.gc_on_gui_thread import GuiThreadCollector
from bone_age_gui.gui.work.session import Session
from windows import FakeLine, close_at_once, wait_for_model


def leave_nothing_to_workers(app: QApplication) -> None:
    """Python's collector may run in a worker, where it must not meet objects of Qt."""
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture(autouse=True)
def _apart(qapp: QApplication, own_settings: Path, nothing_left_running: None) -> Iterator[None]:
    """No test sees another one's settings, font or theme."""
    font = qapp.font()
    yield
    qapp.setFont(font)
    qapp.setStyleSheet("")


@pytest.fixture(autouse=True)
def _collected_on_the_gui_thread(qapp: QApplication) -> Iterator[None]:
    """As in the program: run in a worker that writes a PDF, the collector would destroy objects of Qt there."""
    collector = GuiThreadCollector(qapp)
    yield
    collector.stop()
    collector.deleteLater()


@pytest.fixture
def line() -> Iterator[FakeLine]:
    """A line whose estimates wait for ``line.gate``."""
    made = FakeLine()
    yield made
    made.gate.set()


@pytest.fixture
def session(line: FakeLine, qapp: QApplication) -> Iterator[Session]:
    """A session on the waiting line, its model loaded."""
    made = Session(line.backend(), DEFAULT_THRESHOLD_SD)
    yield made
    line.gate.set()
    made.shutdown()
    made.deleteLater()
    leave_nothing_to_workers(qapp)


@pytest.fixture
def make(qtbot: QtBot, qapp: QApplication, line: FakeLine) -> Iterator[Callable[..., MainWindow]]:
    """Makes a window on the waiting line with films of these names open."""
    windows = []

    def make_one(*names: str, size: str = "1280x720", theme: str = "light") -> MainWindow:
        window = make_window(parse(["--size", size, "--theme", theme]), line.backend())
        windows.append(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        window.session.load_engine(None, "auto")
        window.session.open([Path("/films") / name for name in names])
        wait_for_model(qtbot, window)
        return window

    yield make_one
    line.gate.set()
    for window in windows:
        close_at_once(window)
        window.deleteLater()
    leave_nothing_to_workers(qapp)
