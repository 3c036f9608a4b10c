"""A polite end of long work: the first request lets it end, the second one ends it, and nothing stays behind."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from bone_age_gui.cli.signals import stopped_by_signals

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
NUMBERS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture
def came() -> Iterator[list[int]]:
    """Signals that nobody took."""
    seen: list[int] = []
    before = {number: signal.signal(number, lambda got, _: seen.append(got)) for number in NUMBERS}
    yield seen
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_first_one_is_polite_and_the_second_one_is_not(came: list[int], number: signal.Signals) -> None:
    cancelled: list[str] = []
    with stopped_by_signals(lambda: cancelled.append("cancelled")):
        os.kill(os.getpid(), number)
        assert (cancelled, came) == (["cancelled"], [])
        os.kill(os.getpid(), number)
        assert (cancelled, came) == (["cancelled"], [number])
    for each in NUMBERS:
        os.kill(os.getpid(), each)
    assert came == [number, *NUMBERS], "given back"
    assert cancelled == ["cancelled"]


def test_in_another_thread_the_work_is_done_without_signals(came: list[int]) -> None:
    done: list[bool] = []

    def work() -> None:
        with stopped_by_signals(lambda: None):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
