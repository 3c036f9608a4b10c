"""Several workers for many requests: a worker that ends costs its request only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Generic

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.workers.limits import WorkerLimits, no_workers, worker_ended
from bone_age_gui.core.workers.single import Answer, Request, Worker, WorkerEndedError

TRIES = 2
"""So often is a request given to a worker that ends at it."""
MAX_FAILED_STARTS = 3
"""So many workers in a row may end before they are ready."""


@dataclass(frozen=True)
class _Task(Generic[Request]):
    """What a worker is asked; ``tries`` counts the workers that have ended while they worked on it."""

    request: Request
    tries: int = 0


@dataclass
class _Place(Generic[Request, Answer]):
    """A worker and the request that it works on, if any."""

    worker: Worker[Request, Answer]
    task: _Task[Request] | None = None


class WorkerPool(Generic[Request, Answer]):
    """A fixed number of processes that carry out one function.

    Parameters
    ----------
    work : callable
        From a request to its answer; importable, as it and they go through a pipe.
    workers : int
        How many processes.
    limits : WorkerLimits
        For one request; past them it is given up.

    Raises
    ------
    BoneAgeError
        ``no_workers`` if the system lets the program start none.
    """

    def __init__(self, work: Callable[[Request], Answer | BoneAgeError], workers: int, limits: WorkerLimits) -> None:
        self._work = work
        self._limits = limits
        self._again: list[_Task[Request]] = []
        self._failed_starts = 0
        self._places: list[_Place[Request, Answer]] = []
        try:
            for _ in range(workers):
                self._places.append(_Place(Worker(work, limits)))
        except OSError as error:
            self.close()
            raise no_workers() from error

    @property
    def busy(self) -> int:
        """Requests in work, those that are to be tried again among them."""
        return len(self._again) + sum(place.task is not None for place in self._places)

    def has_room(self) -> bool:
        """True if a worker waits for a request."""
        return any(place.worker.is_free for place in self._places)

    def give(self, request: Request) -> None:
        """Hand a request to a worker that waits; ``RuntimeError`` if none does."""
        self._give(_Task(request))

    def collect(self, seconds: float) -> list[tuple[Request, Answer | BoneAgeError]]:
        """Requests with their answers, as they came; waits up to ``seconds`` for the first.

        A request that went past a limit or cost its workers is answered with the error that says so
        (``too_slow too_much_memory worker_ended``).

        Raises
        ------
        BoneAgeError
            ``no_workers`` if workers end before they begin.
        """
        while self._again and self.has_room():
            self._give(self._again.pop())
        ready = set(wait([place.worker.connection for place in self._places], seconds))
        answers: list[tuple[Request, Answer | BoneAgeError]] = []
        for place in self._places:
            if place.worker.connection in ready:
                answers += self._take(place)
            elif limit := place.worker.passed_limit():
                answers += self._give_up(place, limit)
        return answers

    def close(self) -> None:
        """End every worker, whatever it does."""
        for place in self._places:
            place.worker.end()
        self._places = []

    def _give(self, task: _Task[Request]) -> None:
        place = next((place for place in self._places if place.worker.is_free), None)
        if place is None:
            raise RuntimeError("no worker waits")
        place.task = task
        place.worker.ask(task.request)

    def _take(self, place: _Place[Request, Answer]) -> Iterator[tuple[Request, Answer | BoneAgeError]]:
        try:
            answer = place.worker.take()
        except WorkerEndedError:
            yield from self._replace(place)
            return
        if place.task is None or answer is None:  # it says that it is ready
            self._failed_starts = 0
            return
        request, place.task = place.task.request, None
        yield request, answer

    def _give_up(
        self, place: _Place[Request, Answer], limit: BoneAgeError
    ) -> Iterator[tuple[Request, Answer | BoneAgeError]]:
        """A worker that went past a limit goes, with its request."""
        task, place.task = place.task, None
        yield from self._replace(place)
        if task is not None:
            yield task.request, limit

    def _replace(self, place: _Place[Request, Answer]) -> Iterator[tuple[Request, BoneAgeError]]:
        """A new worker in place of one that ended, whose request gets another try, or is given up."""
        ended, task = place.worker, place.task
        ended.end()
        self._failed_starts += not ended.is_ready
        if self._failed_starts > MAX_FAILED_STARTS:
            raise no_workers()
        place.worker, place.task = Worker(self._work, self._limits), None
        if task is None:
            return
        task = _Task(task.request, task.tries + 1)
        if task.tries < TRIES:
            self._again.append(task)
        else:
            yield task.request, worker_ended(TRIES)
