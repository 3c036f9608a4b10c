"""The films that are worked on and those that wait: both bounded, in the order in which they came."""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bone_age_gui.core.values.errors import BoneAgeError

_TICK = 0.2
"""So often does a film that waits look whether somebody still waits for it."""
_WEIGHT = 0.2
"""Of the newest film in the mean time of a film."""


@dataclass(frozen=True)
class Load:
    """How busy the service is: films in work, films that wait, and those done since it started."""

    running: int
    waiting: int
    done: int


class Queue:
    """Lets ``places`` films be worked on at once, ``most_waiting`` wait, and refuses more. Safe for threads."""

    def __init__(self, places: int, most_waiting: int) -> None:
        self._places = places
        self._most_waiting = most_waiting
        self._waiting: deque[object] = deque()
        self._running = 0
        self._done = 0
        self._seconds = 1.0
        self._closed = False
        self._change = threading.Condition()

    @property
    def load(self) -> Load:
        """What is going on now."""
        with self._change:
            return Load(self._running, len(self._waiting), self._done)

    @property
    def retry_seconds(self) -> int:
        """When a place may be free, in whole seconds."""
        with self._change:
            return max(1, math.ceil(self._seconds * (len(self._waiting) + 1) / self._places))

    @contextlib.contextmanager
    def place(self, is_gone: Callable[[], bool]) -> Iterator[None]:
        """Wait for a place and hold it; ``is_gone`` says whether whoever asked has left.

        Raises ``BoneAgeError``: ``busy`` if too many wait, ``stopping``, ``gone``.
        """
        self._wait(is_gone)
        started = time.monotonic()
        try:
            yield
        finally:
            with self._change:
                self._running -= 1
                self._done += 1
                self._seconds += _WEIGHT * (time.monotonic() - started - self._seconds)
                self._change.notify_all()

    def close(self) -> None:
        """Turn away those who wait and whoever comes; films in work go on."""
        self._closed = True  # without the lock: a signal may come while this very thread holds it
        if self._change.acquire(timeout=1.0):
            self._change.notify_all()
            self._change.release()

    def _wait(self, is_gone: Callable[[], bool]) -> None:
        ticket = object()
        with self._change:
            if len(self._waiting) >= self._most_waiting and (self._running >= self._places or self._waiting):
                raise BoneAgeError("busy")
            self._waiting.append(ticket)
            try:
                while self._running >= self._places or self._waiting[0] is not ticket:
                    self._change.wait(_TICK)
                    self._look(is_gone)
                self._look(is_gone)
                self._running += 1
            finally:
                self._waiting.remove(ticket)
                self._change.notify_all()

    def _look(self, is_gone: Callable[[], bool]) -> None:
        if self._closed:
            raise BoneAgeError("stopping")
        if is_gone():
            raise BoneAgeError("gone")
