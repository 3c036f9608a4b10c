"""A batch on this machine: worker processes prepare, one session in this process estimates, film beside film."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

import numpy as np

from bone_age_gui.core.batch.films import BatchFilm
from bone_age_gui.core.batch.worker import BatchCase, refused
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.model.preparing import PreparingModel
from bone_age_gui.core.model.roles import Preparer
from bone_age_gui.core.pipeline import finish_case
from bone_age_gui.core.stages.preprocess import network_input
from bone_age_gui.core.values.errors import BoneAgeError, bug_error
from bone_age_gui.core.values.types import Case, Estimate
from bone_age_gui.core.workers.limits import WorkerLimits
from bone_age_gui.core.workers.pool import WorkerPool

LIMITS = WorkerLimits()
"""For one film in a worker: read, and walked up to the network."""
TICK = 0.2
"""Longest wait in s before cancelling and pausing are looked at again."""


class Prepare(Protocol):
    """What a worker process does with a film: ``worker.prepare_film``, or a test's own."""

    def __call__(self, film: BatchFilm, model: Preparer) -> BatchCase:
        """The film, ready for the network or refused."""


@dataclass
class BatchControl:
    """What a person may do to a running batch, from any thread."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    paused: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Stop soon; what is finished stays."""
        self.cancelled.set()

    def pause(self, wanted: bool = True) -> None:
        """Start no more films, or go on."""
        (self.paused.set if wanted else self.paused.clear)()


def run_local(
    films: Sequence[BatchFilm],
    predictor: Predictor,
    reference: GrowthReference,
    threshold_sd: float,
    workers: int,
    prepare: Prepare,
    control: BatchControl,
) -> Iterator[BatchCase]:
    """Finish every film once, in the order in which they get ready; ends early if cancelled.

    At most two films a worker and one batch wait at any time, so memory does not grow with the folder.

    Raises
    ------
    BoneAgeError
        ``no_workers`` if the workers do not start.
    """
    size = predictor.batch_size
    work = partial(prepare, model=PreparingModel(predictor.bundle))

    def estimate(prepared: Sequence[BatchCase]) -> Iterator[BatchCase]:
        return _estimate(prepared, predictor, reference, threshold_sd)

    # Two films beside each other take a fifth less time on two cores than one after the other, each on both.
    streams = 1 if predictor.device == "cuda" else workers
    with (
        _Feeder(films, lambda: WorkerPool(work, workers, LIMITS), workers + size, control) as feeder,
        _Estimators(streams, feeder, size, estimate) as finished_films,
    ):
        for finished in finished_films:
            yield finished
            if control.cancelled.is_set():
                break


class _Feeder:
    """A thread that keeps the workers busy and holds what they made until it is taken."""

    def __init__(
        self,
        films: Sequence[BatchFilm],
        make_pool: Callable[[], WorkerPool[BatchFilm, BatchCase]],
        room: int,
        control: BatchControl,
    ) -> None:
        self._films = deque(films)
        self._make_pool = make_pool
        self._control = control
        self._made: queue.Queue[BatchCase | BaseException | None] = queue.Queue(room)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bone-age feeder", daemon=True)

    def __enter__(self) -> _Feeder:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._thread.join()

    def stop(self) -> None:
        """Make no more films."""
        self._stopped.set()

    def take(self, most: int) -> list[BatchCase] | None:
        """The next films, at least one if there is any; ``None`` at the end, or once cancelled. From any thread."""
        taken: list[BatchCase] = []
        while len(taken) < most and not self._over():
            try:
                item = self._made.get_nowait() if taken else self._made.get(timeout=TICK)
            except queue.Empty:
                if taken:
                    break
                continue
            if isinstance(item, BatchCase):
                taken.append(item)
                continue
            self._put(item)  # for the next who asks
            if item is not None and not taken:
                raise item
            break
        return taken or None

    def _run(self) -> None:
        try:
            pool = self._make_pool()
            try:
                self._feed(pool)
            finally:
                pool.close()
            self._put(None)
        except BaseException as error:
            self._put(error)

    def _feed(self, pool: WorkerPool[BatchFilm, BatchCase]) -> None:
        while (self._films or pool.busy) and not self._over():
            while self._films and pool.has_room() and not self._control.paused.is_set():
                pool.give(self._films.popleft())
            for film, finished in pool.collect(TICK):
                self._put(refused(film, finished) if isinstance(finished, BoneAgeError) else finished)

    def _over(self) -> bool:
        return self._stopped.is_set() or self._control.cancelled.is_set()

    def _put(self, item: BatchCase | BaseException | None) -> None:
        """Wait for room, unless nobody takes any more."""
        while not self._stopped.is_set():
            try:
                self._made.put(item, timeout=TICK)
                return
            except queue.Full:
                continue


class _Estimators:
    """Threads that take films and estimate them, each its own; what they finish comes out in the order of time."""

    def __init__(
        self,
        streams: int,
        feeder: _Feeder,
        size: int,
        estimate: Callable[[Sequence[BatchCase]], Iterator[BatchCase]],
    ) -> None:
        self._feeder, self._size, self._estimate = feeder, size, estimate
        # Without a limit: films without pixels are small, and nothing takes them more slowly than they come.
        self._finished: queue.SimpleQueue[BatchCase | BaseException | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name="bone-age estimator", daemon=True) for _ in range(streams)
        ]

    def __enter__(self) -> Iterator[BatchCase]:
        for thread in self._threads:
            thread.start()
        return self._results()

    def __exit__(self, *_: object) -> None:
        self._feeder.stop()
        for thread in self._threads:
            thread.join()

    def _results(self) -> Iterator[BatchCase]:
        at_work = len(self._threads)
        while at_work:
            item = self._finished.get()
            if isinstance(item, BaseException):
                raise item
            if item is None:
                at_work -= 1
            else:
                yield item

    def _run(self) -> None:
        try:
            while (films := self._feeder.take(self._size)) is not None:
                for finished in self._estimate(films):
                    self._finished.put(finished)
            self._finished.put(None)
        except BaseException as error:
            self._finished.put(error)


def _estimate(
    films: Sequence[BatchCase], predictor: Predictor, reference: GrowthReference, threshold_sd: float
) -> Iterator[BatchCase]:
    """One run of the network for all films that are ready; a failure of the whole run is looked at film by film."""
    estimates = iter(_estimates([film.case for film in films if film.case.error is None], predictor))
    for film in films:
        if film.case.error is not None:
            yield film
            continue
        estimate, case = next(estimates), film.case
        try:
            if isinstance(estimate, BoneAgeError):
                raise estimate
            case = replace(case, timings={**case.timings, "infer": estimate.seconds})
            case = finish_case(case, estimate, predictor.bundle, reference, threshold_sd)
        except BoneAgeError as error:
            case = replace(case, error=error)
        except Exception as error:  # a bug in one film's way must not lose the others
            case = replace(case, error=bug_error(error))
        yield replace(film, case=case)


def _estimates(cases: Sequence[Case], predictor: Predictor) -> list[Estimate | BoneAgeError]:
    """One estimate a case, or why there is none, in their order."""
    if not cases:
        return []
    inputs = np.concatenate([network_input(case.stages, predictor.bundle.spec) for case in cases])
    try:
        return list(predictor.estimate_batch(inputs, [case.patient.sex for case in cases]))
    except BoneAgeError as error:
        if len(cases) == 1:
            return [error]
        return [estimate for case in cases for estimate in _estimates([case], predictor)]
