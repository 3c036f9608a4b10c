"""Python's collector runs on the GUI thread alone, and is given back as it was."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from bone_age_gui.gui.work.gc_on_gui_thread import GuiThreadCollector


class Circle:
    """Something that only the collector frees; says in which thread."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(params=[True, False], ids=["on before", "off before"])
def was_on(request: pytest.FixtureRequest) -> Iterator[bool]:
    before = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if before else gc.disable)()


def test_it_collects_here_and_is_given_back(qtbot: QtBot, was_on: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bone_age_gui.gui.work.gc_on_gui_thread.PERIOD_MS", 5)
    collector = GuiThreadCollector()
    assert not gc.isenabled()
    freed_in: list[threading.Thread] = []
    circles = [Circle() for _ in range(2000)]
    weakref.finalize(circles[0], lambda: freed_in.append(threading.current_thread()))
    del circles
    assert not freed_in, "nothing is collected where it happens to be needed"
    qtbot.waitUntil(lambda: bool(freed_in))
    assert freed_in == [threading.main_thread()]
    collector.stop()
    assert gc.isenabled() is was_on
