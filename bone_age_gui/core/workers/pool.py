"""Worker processes that may die: each has a pipe of its own, so that a dead one costs its task only.

What the workers do is handed in as a function, so that nothing here knows of films.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from typing import Any, Generic, TypeVar

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.workers.process import serve

TRIES = 2
"""So often is a task given to a worker that dies of it."""
MAX_FAILED_STARTS = 3
"""So many workers in a row may die before they are ready."""
SECONDS_PER_TASK = 300.0
"""A worker that takes longer hangs, and is ended."""
_END_SECONDS = 5.0
_ALGEBRA_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Read by numpy's linear algebra when it is loaded, and never again."""

Request = TypeVar("Request")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Task(Generic[Request]):
    """What a worker is asked; ``tries`` counts the workers that it has cost."""

    request: Request
    tries: int = 0


class _Worker(Generic[Request, Answer]):
    """One process with its pipe."""

    def __init__(self, work: Callable[[Request], Answer]) -> None:
        # Spawned on every system: a fork would copy the locks of Qt's and ONNX Runtime's threads.
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self.process = context.Process(target=serve, args=(other, work), name="bone-age worker", daemon=True)
        with _interrupts_blocked(), _one_thread_each():
            self.process.start()
        other.close()
        self.task: _Task[Request] | None = None
        self.is_ready = False
        self.since = time.monotonic()

    @property
    def is_free(self) -> bool:
        return self.is_ready and self.task is None

    def give(self, task: _Task[Request]) -> None:
        self.task = task
        self.since = time.monotonic()
        with contextlib.suppress(OSError):  # it died just now: seen at the next look
            self.connection.send(task.request)

    def hangs(self) -> bool:
        return self.task is not None and time.monotonic() - self.since > SECONDS_PER_TASK

    def end(self) -> None:
        self.connection.close()
        with contextlib.suppress(ValueError):  # ended before, or not to be ended
            self.process.kill()
            self.process.join(_END_SECONDS)
            self.process.close()


class WorkerPool(Generic[Request, Answer]):
    """A fixed number of processes that carry out one function.

    Parameters
    ----------
    work : callable
        From a request to its answer; importable, as it and they go through a pipe.
    workers : int
        How many processes.

    Raises
    ------
    BoneAgeError
        ``no_workers`` if the system lets the program start none.
    """

    def __init__(self, work: Callable[[Request], Answer], workers: int) -> None:
        self._work = work
        self._again: list[_Task[Request]] = []
        self._failed_starts = 0
        self._workers: list[_Worker[Request, Answer]] = []
        try:
            for _ in range(workers):
                self._workers.append(_Worker(work))
        except OSError as error:
            self.close()
            raise _no_workers() from error

    @property
    def busy(self) -> int:
        """Tasks in work, those that are to be tried again among them."""
        return len(self._again) + sum(worker.task is not None for worker in self._workers)

    def has_room(self) -> bool:
        """True if a worker waits for a task."""
        return any(worker.is_free for worker in self._workers)

    def give(self, request: Request) -> None:
        """Hand a request to a worker that waits; ``RuntimeError`` if none does."""
        self._give(_Task(request))

    def collect(self, seconds: float) -> list[tuple[Request, Answer | BoneAgeError]]:
        """Requests with their answers, as they came; waits up to ``seconds`` for the first.

        A request that cost its workers is answered with the error that says so (``worker_died``).

        Raises
        ------
        BoneAgeError
            ``no_workers`` if workers die before they begin.
        """
        while self._again and self.has_room():
            self._give(self._again.pop())
        ready = set(wait([worker.connection for worker in self._workers], seconds))
        answers: list[tuple[Request, Answer | BoneAgeError]] = []
        for place, worker in enumerate(self._workers):
            hangs = worker.hangs()
            if worker.connection not in ready and not hangs:
                continue
            try:
                if hangs:
                    raise EOFError
                answers += self._take(worker, worker.connection.recv())
            except (EOFError, OSError):
                answers += self._replace(place)
        return answers

    def close(self) -> None:
        """End every worker, whatever it does."""
        for worker in self._workers:
            worker.end()
        self._workers = []

    def _give(self, task: _Task[Request]) -> None:
        worker = next((worker for worker in self._workers if worker.is_free), None)
        if worker is None:
            raise RuntimeError("no worker waits")
        worker.give(task)

    def _take(self, worker: _Worker[Request, Answer], answer: Any) -> Iterator[tuple[Request, Answer]]:
        if worker.task is None:  # it says that it is ready
            worker.is_ready = True
            self._failed_starts = 0
            return
        request, worker.task = worker.task.request, None
        yield request, answer

    def _replace(self, place: int) -> Iterator[tuple[Request, BoneAgeError]]:
        """Put a new worker in the place of a dead one; its task gets another try, or is given up."""
        dead = self._workers[place]
        dead.end()
        self._failed_starts += not dead.is_ready
        if self._failed_starts > MAX_FAILED_STARTS:
            raise _no_workers()
        self._workers[place] = _Worker(self._work)
        if dead.task is None:
            return
        task = _Task(dead.task.request, dead.task.tries + 1)
        if task.tries < TRIES:
            self._again.append(task)
        else:
            yield task.request, worker_died()


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """Programs started meanwhile compute on one thread: films are the parallel axis, more threads only collide.

    On two cores a batch of 2000x2500 films made 8.6 films/s with two threads in each worker, 13.1 with one.
    """
    before = {name: os.environ.get(name) for name in _ALGEBRA_THREADS}
    os.environ.update(dict.fromkeys(_ALGEBRA_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """A child started meanwhile never hears Ctrl+C, not even while it imports its modules."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Started with the first child, and unblocks Ctrl+C again when it is: so it has to run before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def worker_died() -> BoneAgeError:
    """The refusal of a film that ended its workers."""
    return BoneAgeError(
        "The film ended its worker",
        f"The process that read it was ended {TRIES} times, perhaps for want of memory, or took too long. "
        "Try this film alone, or use fewer workers.",
        "worker_died",
    )


def _no_workers() -> BoneAgeError:
    return BoneAgeError(
        "The worker processes do not start",
        "The system ends them, or lets the program start none. Use fewer workers, close other programs, "
        "or install the program again.",
        "no_workers",
    )
