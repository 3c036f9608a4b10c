"""Worker processes that may die: each has a pipe of its own, so that a dead one costs its film only."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from bone_age_gui.core.batch.worker import Prepared
from bone_age_gui.core.stages.preprocess import PreprocessingSpec
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Case

Serve = Callable[[Connection, PreprocessingSpec], None]
TRIES = 2
"""So often is a film given to a worker that dies of it."""
MAX_STILLBIRTHS = 3
"""So many workers in a row may die before they are ready."""
SECONDS_PER_FILM = 300.0
"""A worker that takes longer hangs, and is ended."""
_END_SECONDS = 5.0
_ALGEBRA_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Read by numpy's linear algebra when it is loaded, and never again."""


@dataclass(frozen=True)
class Task:
    """A film for a worker; ``tries`` counts the workers that it has cost."""

    number: int
    path: Path
    tries: int = 0


class _Worker:
    def __init__(self, serve: Serve, spec: PreprocessingSpec) -> None:
        # Spawned on every system: a fork would copy the locks of Qt's and ONNX Runtime's threads.
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self.process = context.Process(target=serve, args=(other, spec), name="bone-age worker", daemon=True)
        with _interrupts_blocked(), _one_thread_each():
            self.process.start()
        other.close()
        self.task: Task | None = None
        self.is_ready = False
        self.since = time.monotonic()

    @property
    def is_free(self) -> bool:
        return self.is_ready and self.task is None

    def give(self, task: Task) -> None:
        self.task = task
        self.since = time.monotonic()
        with contextlib.suppress(OSError):  # it died just now: seen at the next look
            self.connection.send((task.number, task.path))

    def end(self) -> None:
        self.connection.close()
        with contextlib.suppress(ValueError):  # ended before, or not to be ended
            self.process.kill()
            self.process.join(_END_SECONDS)
            self.process.close()


class WorkerPool:
    """A fixed number of processes that prepare films.

    Parameters
    ----------
    spec : PreprocessingSpec
        What the network was trained behind.
    workers : int
        How many processes.
    serve : callable
        Body of a worker: importable, and of the protocol of ``batch_work.serve``.
    """

    def __init__(self, spec: PreprocessingSpec, workers: int, serve: Serve) -> None:
        self._spec = spec
        self._serve = serve
        self._again: list[Task] = []
        self._stillbirths = 0
        self._workers: list[_Worker] = []
        try:
            for _ in range(workers):
                self._workers.append(_Worker(serve, spec))
        except OSError as error:
            self.close()
            raise _no_workers() from error

    @property
    def busy(self) -> int:
        """Films in work, those that are to be tried again among them."""
        return len(self._again) + sum(worker.task is not None for worker in self._workers)

    def has_room(self) -> bool:
        """True if a worker waits for a film."""
        return any(worker.is_free for worker in self._workers)

    def give(self, task: Task) -> None:
        """Hand a film to a worker that waits; ``RuntimeError`` if none does."""
        worker = next((worker for worker in self._workers if worker.is_free), None)
        if worker is None:
            raise RuntimeError("no worker waits")
        worker.give(task)

    def collect(self, seconds: float) -> list[Prepared]:
        """What the workers have finished; waits up to ``seconds`` for the first. Raises ``BoneAgeError``
        (``no_workers``) if workers die before they begin."""
        while self._again and self.has_room():
            self.give(self._again.pop())
        ready = set(wait([worker.connection for worker in self._workers], seconds))
        answers: list[Prepared] = []
        for place, worker in enumerate(self._workers):
            hangs = worker.task is not None and time.monotonic() - worker.since > SECONDS_PER_FILM
            if worker.connection not in ready and not hangs:
                continue
            try:
                if hangs:
                    raise EOFError
                answers += self._take(worker, worker.connection.recv())
            except (EOFError, OSError):
                answers += self._bury(place)
        return answers

    def close(self) -> None:
        """End every worker, whatever it does."""
        for worker in self._workers:
            worker.end()
        self._workers = []

    def _take(self, worker: _Worker, answer: Any) -> Iterator[Prepared]:
        if not worker.is_ready:
            worker.is_ready = True
            self._stillbirths = 0
            return
        worker.task = None
        yield answer

    def _bury(self, place: int) -> Iterator[Prepared]:
        """Put a new worker in the place of a dead one; its film gets another try, or is refused."""
        dead = self._workers[place]
        dead.end()
        self._stillbirths += not dead.is_ready
        if self._stillbirths > MAX_STILLBIRTHS:
            raise _no_workers()
        self._workers[place] = _Worker(self._serve, self._spec)
        if dead.task is None:
            return
        task = replace(dead.task, tries=dead.task.tries + 1)
        if task.tries < TRIES:
            self._again.append(task)
        else:
            yield Prepared(task.number, Case(path=task.path, error=worker_died()))


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
