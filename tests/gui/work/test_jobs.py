"""The worker pool: answers, errors, order, late answers and the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.work.jobs import Jobs


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.shutdown()


def test_work_runs_elsewhere_and_answers_here(qtbot: QtBot, jobs: Jobs) -> None:
    answers: list[tuple[int, int]] = []
    jobs.submit(threading.get_ident, lambda there: answers.append((there, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(answers))
    there, here = answers[0]
    assert here == threading.get_ident() != there
    assert jobs.active == 0


def test_an_error_for_the_user_goes_to_the_caller(qtbot: QtBot, jobs: Jobs) -> None:
    errors: list[BoneAgeError] = []

    def fail() -> None:
        raise BoneAgeError("truncated")

    jobs.submit(fail, failed=errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert errors[0].code == "truncated"


def test_a_bug_is_reported_and_the_caller_goes_on(qtbot: QtBot, jobs: Jobs) -> None:
    errors: list[BoneAgeError] = []
    bugs: list[Exception] = []
    jobs.crashed.connect(bugs.append)
    jobs.submit(lambda: 1 // 0, failed=errors.append)
    qtbot.waitUntil(lambda: bool(bugs))
    assert isinstance(bugs[0], ZeroDivisionError)
    assert errors[0].code == "bug"


def test_one_lane_runs_in_order_and_one_at_a_time(qtbot: QtBot, jobs: Jobs) -> None:
    running: list[int] = []
    most: list[int] = []
    order: list[int] = []

    def work(number: int) -> int:
        running.append(number)
        most.append(len(running))
        threading.Event().wait(0.01)
        running.remove(number)
        return number

    for number in range(5):
        jobs.submit(lambda number=number: work(number), order.append, lane="one")
    qtbot.waitUntil(lambda: len(order) == 5)
    assert order == [0, 1, 2, 3, 4]
    assert max(most) == 1


def test_cancelled_work_never_answers(qtbot: QtBot, jobs: Jobs) -> None:
    gate = threading.Event()
    answers: list[str] = []
    ran: list[str] = []

    def work(name: str) -> str:
        ran.append(name)
        gate.wait(10)
        return name

    first = jobs.submit(lambda: work("first"), answers.append, lane="one")
    second = jobs.submit(lambda: work("second"), answers.append, lane="one")
    jobs.submit(lambda: work("third"), answers.append, lane="one")
    qtbot.waitUntil(lambda: ran == ["first"])
    jobs.cancel(first)
    jobs.cancel(second)
    jobs.cancel(second)
    gate.set()
    qtbot.waitUntil(lambda: answers == ["third"])
    assert ran == ["first", "third"]


def test_shutdown_waits_for_what_runs_and_drops_the_rest(qtbot: QtBot, jobs: Jobs) -> None:
    ended: list[str] = []
    answers: list[str] = []
    started = threading.Event()

    def work() -> str:
        started.set()
        threading.Event().wait(0.1)
        ended.append("ended")
        return "late"

    jobs.submit(work, answers.append, lane="one")
    jobs.submit(work, answers.append, lane="one")
    assert started.wait(10)
    jobs.shutdown()
    qtbot.wait(20)
    assert ended == ["ended"]
    assert answers == []
    jobs.submit(work, answers.append)
    assert jobs.active == 0
