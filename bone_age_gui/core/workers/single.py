"""One worker process as the program sees it: started, asked, watched, ended."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker
from typing import Generic, TypeVar

import psutil

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.workers.limits import WorkerLimits, too_much_memory, too_slow
from bone_age_gui.core.workers.process import serve

Request = TypeVar("Request")
Answer = TypeVar("Answer")

_END_SECONDS = 5.0
_LOOK_SECONDS = 0.05
"""So often is the memory of a worker looked at while it is at work."""
_ALGEBRA_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Read by numpy's linear algebra when it is loaded, and never again."""


class WorkerEndedError(Exception):
    """The process ended by itself, or was ended from outside."""


class Worker(Generic[Request, Answer]):
    """A process that carries out one function, a request at a time.

    Parameters
    ----------
    work : callable
        From a request to its answer; importable, as it and they go through a pipe.
    limits : WorkerLimits
        For one request.
    is_alone : bool
        True if it may compute on several threads; among others each computes on one, as they would only collide.
    """

    def __init__(
        self, work: Callable[[Request], Answer | BoneAgeError], limits: WorkerLimits, *, is_alone: bool = False
    ) -> None:
        # Spawned on every system: a fork would copy the locks of Qt's and ONNX Runtime's threads.
        context = multiprocessing.get_context("spawn")
        self._limits = limits
        self.connection, other = context.Pipe()
        arguments = (other, work, limits, is_alone)
        self._process = context.Process(target=serve, args=arguments, name="bone-age worker", daemon=True)
        threads = contextlib.nullcontext() if is_alone else _one_thread_each()
        with _interrupts_blocked(), threads, _children_allowed():
            self._process.start()
        other.close()
        self.is_ready = False
        self._since: float | None = None
        self._looked = 0.0
        self._idle_memory = 0

    @property
    def is_free(self) -> bool:
        """True if it can be asked."""
        return self.is_ready and self._since is None

    def ask(self, request: Request) -> None:
        """Send a request; the answer is waited for at ``connection``."""
        self._since = time.monotonic()
        with contextlib.suppress(OSError):  # it ended just now: seen when the answer is taken
            self.connection.send(request)

    def has_message(self, seconds: float) -> bool:
        """True if something came, or the process ended; waits for it. ``WorkerEndedError`` if
        ``end`` was called meanwhile."""
        try:
            return self.connection.poll(seconds)
        except OSError as error:
            raise WorkerEndedError from error

    def take(self) -> Answer | BoneAgeError | None:
        """What came: the answer, or ``None`` where the worker says that it is ready.

        Raises
        ------
        WorkerEndedError
            If the process is gone.
        """
        try:
            answer = self.connection.recv()
        except (EOFError, OSError) as error:
            raise WorkerEndedError from error
        if not self.is_ready:
            self.is_ready = True
            self._idle_memory = self.memory()
            return None
        self._since = None
        return answer  # type: ignore[no-any-return]

    def passed_limit(self) -> BoneAgeError | None:
        """The limit that the request in work has gone past, if any."""
        now = time.monotonic()
        if self._since is None:
            return None
        if now - self._since > self._limits.seconds:
            return too_slow(self._limits)
        if now - self._looked >= _LOOK_SECONDS:
            self._looked = now
            if self.memory() - self._idle_memory > self._limits.memory:
                return too_much_memory(self._limits)
        return None

    def memory(self) -> int:
        """Bytes that the process holds now; 0 if it is gone."""
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except (psutil.Error, TypeError):
            return 0

    def end(self) -> None:
        """End the process, whatever it does."""
        self.connection.close()
        with contextlib.suppress(ValueError):  # ended before, or not to be ended
            self._process.kill()
            self._process.join(_END_SECONDS)
            self._process.close()


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
def _children_allowed() -> Iterator[None]:
    """Processes started meanwhile may belong to one that is itself to end with its parent, as a worker of Dask's is.

    multiprocessing forbids it, as such a process may be ended before it can end its own; ours end by themselves when
    nobody is at the other end of their pipe.
    """
    settings: dict[str, object] = getattr(multiprocessing.current_process(), "_config", {})
    before = settings.pop("daemon", None)
    try:
        yield
    finally:
        if before is not None:
            settings["daemon"] = before


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
