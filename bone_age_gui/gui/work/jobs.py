"""One generic background job whose body is a pure call, and the pool that runs it.

Answers come back on the thread that owns `Jobs`. An answer of a job that was cancelled, or whose number is no
longer known, is dropped. Work of one lane runs one at a time, in order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from bone_age_gui.core.values.errors import BoneAgeError

T = TypeVar("T")
Failed = Callable[[BoneAgeError], None]
WAIT_MS = 60_000
"""Longest wait for running work when the window closes."""


@dataclass
class _Job:
    work: Callable[[], object]
    done: Callable[[Any], object] | None
    failed: Failed | None
    lane: str
    runner: _Runner | None = None


class _Runner(QRunnable):
    """Carries one call to a pool thread and its answer back as a signal."""

    def __init__(self, number: int, work: Callable[[], object], answer: Callable[[int, object, object], None]) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self._number = number
        self._work = work
        self._answer = answer

    def run(self) -> None:
        """Call, and send result or exception; nothing may escape into the pool thread."""
        try:
            result, error = self._work(), None
        except Exception as caught:
            result, error = None, caught
        self._answer(self._number, result, error)


class Jobs(QObject):
    """A worker pool with numbered jobs.

    Attributes
    ----------
    crashed : Signal(object)
        An exception that is not a `BoneAgeError`: a bug.
    """

    crashed = Signal(object)
    _answered = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None, threads: int = 2) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._numbers = count(1)
        self._jobs: dict[int, _Job] = {}
        self._waiting: dict[str, deque[int]] = {}
        self._busy_lanes: set[str] = set()
        self._runners: deque[_Runner] = deque(maxlen=2 * threads)
        self._closed = False
        self._answered.connect(self._receive)

    @property
    def active(self) -> int:
        """How many jobs wait or run."""
        return len(self._jobs)

    def submit(
        self,
        work: Callable[[], T],
        done: Callable[[T], object] | None = None,
        failed: Failed | None = None,
        lane: str = "",
    ) -> int:
        """Run ``work`` in the background; ``done`` or ``failed`` is called later on this thread."""
        number = next(self._numbers)
        if self._closed:
            return number
        self._jobs[number] = _Job(work, done, failed, lane)
        if lane and lane in self._busy_lanes:
            self._waiting.setdefault(lane, deque()).append(number)
        else:
            self._start(number)
        return number

    def cancel(self, number: int) -> None:
        """Forget a job: one that waits never runs, one that runs has its answer dropped."""
        job = self._jobs.get(number)
        if job is None:
            return
        job.done = job.failed = None
        if job.runner is None:
            self._waiting[job.lane].remove(number)
            del self._jobs[number]

    def shutdown(self) -> None:
        """Cancel everything, then wait for what already runs. No callback comes afterwards."""
        self._closed = True
        self._waiting.clear()
        self._jobs = {number: job for number, job in self._jobs.items() if job.runner is not None}
        for job in self._jobs.values():
            job.done = job.failed = None
        self._pool.clear()
        self._pool.waitForDone(WAIT_MS)
        self._jobs.clear()
        self._runners.clear()

    def _start(self, number: int) -> None:
        job = self._jobs[number]
        if job.lane:
            self._busy_lanes.add(job.lane)
        job.runner = _Runner(number, job.work, self._answered.emit)
        self._pool.start(job.runner, 1 if job.lane else 0)

    def _keep(self, runner: _Runner | None) -> None:
        """A runner emits its reply from within ``run``: it is kept until its thread has left that."""
        if runner is not None:
            self._runners.append(runner)

    def _receive(self, number: int, result: object, error: Exception | None) -> None:
        job = self._jobs.pop(number, None)
        if job is None:
            return
        self._keep(job.runner)
        self._free(job.lane)
        if error is None:
            if job.done is not None:
                job.done(result)
        elif isinstance(error, BoneAgeError):
            if job.failed is not None:
                job.failed(error)
        else:
            self._report_bug(job, error)

    def _report_bug(self, job: _Job, error: Exception) -> None:
        if job.failed is not None:
            job.failed(BoneAgeError("bug"))
        self.crashed.emit(error)

    def _free(self, lane: str) -> None:
        if not lane:
            return
        self._busy_lanes.discard(lane)
        if self._waiting.get(lane):
            self._start(self._waiting[lane].popleft())
