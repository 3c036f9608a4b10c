"""Work that waits for an archive: one at a time, given up at once, and nothing comes after the end."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.archive.queue import ArchiveQueue
from bone_age_gui.pacs.control import Control

WAIT_MS = 10_000


@pytest.fixture
def queue(qtbot: QtBot) -> Iterator[ArchiveQueue]:
    parent = QObject()
    made = ArchiveQueue(parent)
    yield made
    made.shutdown()
    parent.deleteLater()


def test_calls_run_in_order_and_the_queue_says_when_none_is_left(qtbot: QtBot, queue: ArchiveQueue) -> None:
    gate, order, busy = Event(), list[str](), list[bool]()
    queue.busy.connect(busy.append)

    def first(_: Control) -> str:
        assert gate.wait(10)
        order.append("first ran")
        return "first"

    queue.run(first, order.append, lambda error: order.append(error.code))
    queue.run(lambda _: order.append("second ran"), lambda _: order.append("second"), lambda error: None)
    assert busy == [True, True]
    gate.set()
    qtbot.waitUntil(lambda: order[-1:] == ["second"], timeout=WAIT_MS)
    assert order.index("first ran") < order.index("second ran")
    assert busy[2:] == [True, False]


def test_what_waits_is_given_up_and_what_comes_later_is_not(qtbot: QtBot, queue: ArchiveQueue) -> None:
    running, ends = Event(), list[str]()

    def asks(control: Control) -> str:
        running.set()
        stopped = Event()
        with control.closing(stopped.set):
            assert stopped.wait(10)
            control.look()
        return "never"

    def looks(control: Control) -> str:
        control.look()
        return "answer"

    queue.run(asks, ends.append, lambda error: ends.append(error.code))
    queue.run(looks, ends.append, lambda error: ends.append(error.code))
    assert running.wait(10)
    queue.cancel()
    queue.run(looks, ends.append, lambda error: ends.append(error.code))
    qtbot.waitUntil(lambda: len(ends) == 3, timeout=WAIT_MS)
    assert ends == ["archive_cancelled", "archive_cancelled", "answer"]


def test_a_bug_is_reported_and_the_next_call_runs(qtbot: QtBot, queue: ArchiveQueue) -> None:
    crashes, ends = list[Exception](), list[str]()
    queue.crashed.connect(crashes.append)

    def fail(_: Control) -> str:
        raise KeyError("bug")

    def refuse(_: Control) -> str:
        raise BoneAgeError("archive_lost")

    for work in (fail, refuse):
        queue.run(work, ends.append, lambda error: ends.append(error.code))
    qtbot.waitUntil(lambda: len(ends) == 2, timeout=WAIT_MS)
    assert ends == ["bug", "archive_lost"]
    assert [type(crash) for crash in crashes] == [KeyError]
