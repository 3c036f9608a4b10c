"""A batch on this machine: worker processes prepare, one session in this process estimates, film beside film."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bone_age_gui.core.batch.patients import GivenPatient
from bone_age_gui.core.workers.pool import Serve, Task, WorkerPool
from bone_age_gui.core.batch.worker import Prepared
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.pipeline import finish_case, override_patient, with_patient
from bone_age_gui.core.values.bug import bug_error
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Case, Estimate, Reading

TICK = 0.2
"""Longest wait in s before cancelling and pausing are looked at again."""


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


@dataclass(frozen=True)
class Job:
    """A film of a batch with what the table of patients says about it."""

    task: Task
    given: GivenPatient | None


@dataclass(frozen=True)
class Finished:
    """A film that is estimated or refused; its case holds no pixels."""

    number: int
    case: Case
    thumbnail: np.ndarray | None = None


def with_given(case: Case, given: GivenPatient | None) -> Case:
    """Put what the table says over what the film says."""
    if given is None:
        return case
    patient = override_patient(
        case.patient,
        sex=given.sex,
        birth_date=given.birth_date,
        study_date=given.study_date,
        age_months=given.age_months,
    )
    reading = Reading(given.reader_age_months, None) if given.reader_age_months is not None else case.reading
    return replace(with_patient(case, patient), reading=reading)


def run_local(
    jobs: Sequence[Job],
    predictor: Predictor,
    reference: GrowthReference,
    threshold_sd: float,
    workers: int,
    serve: Serve,
    control: BatchControl,
) -> Iterator[Finished]:
    """Finish every film once, in the order in which they get ready; ends early if cancelled.

    At most two films a worker and one batch wait at any time, so memory does not grow with the folder.
    Raises ``BoneAgeError`` if the workers do not start.
    """
    given = {job.task.number: job.given for job in jobs}
    size = predictor.batch_size

    def estimate(prepared: Sequence[Prepared]) -> Iterator[Finished]:
        ready = [replace(film, case=with_given(film.case, given[film.number])) for film in prepared]
        return _estimate(ready, predictor, reference, threshold_sd)

    # Two films beside each other take a fifth less time on two cores than one after the other, each on both.
    streams = 1 if predictor.device == "cuda" else workers
    with (
        _Feeder(jobs, lambda: WorkerPool(predictor.bundle.spec, workers, serve), workers + size, control) as feeder,
        _Estimators(streams, feeder, size, estimate) as finished_films,
    ):
        for finished in finished_films:
            yield finished
            if control.cancelled.is_set():
                break


class _Feeder:
    """A thread that keeps the workers busy and holds what they made until it is taken."""

    def __init__(
        self, jobs: Sequence[Job], make_pool: Callable[[], WorkerPool], room: int, control: BatchControl
    ) -> None:
        self._tasks = deque(job.task for job in jobs)
        self._make_pool = make_pool
        self._control = control
        self._made: queue.Queue[Prepared | BaseException | None] = queue.Queue(room)
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

    def take(self, most: int) -> list[Prepared] | None:
        """The next films, at least one if there is any; ``None`` at the end, or once cancelled. From any thread."""
        found: list[Prepared] = []
        while len(found) < most and not self._over():
            try:
                item = self._made.get_nowait() if found else self._made.get(timeout=TICK)
            except queue.Empty:
                if found:
                    break
                continue
            if isinstance(item, Prepared):
                found.append(item)
                continue
            self._put(item)  # for the next who asks
            if item is not None and not found:
                raise item
            break
        return found or None

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

    def _feed(self, pool: WorkerPool) -> None:
        while (self._tasks or pool.busy) and not self._over():
            while self._tasks and pool.has_room() and not self._control.paused.is_set():
                pool.give(self._tasks.popleft())
            for prepared in pool.collect(TICK):
                self._put(prepared)

    def _over(self) -> bool:
        return self._stopped.is_set() or self._control.cancelled.is_set()

    def _put(self, item: Prepared | BaseException | None) -> None:
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
        estimate: Callable[[Sequence[Prepared]], Iterator[Finished]],
    ) -> None:
        self._feeder, self._size, self._estimate = feeder, size, estimate
        # Without a limit: films without pixels are small, and nothing takes them more slowly than they come.
        self._finished: queue.SimpleQueue[Finished | BaseException | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name="bone-age estimator", daemon=True) for _ in range(streams)
        ]

    def __enter__(self) -> Iterator[Finished]:
        for thread in self._threads:
            thread.start()
        return self._results()

    def __exit__(self, *_: object) -> None:
        self._feeder.stop()
        for thread in self._threads:
            thread.join()

    def _results(self) -> Iterator[Finished]:
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
    films: Sequence[Prepared], predictor: Predictor, reference: GrowthReference, threshold_sd: float
) -> Iterator[Finished]:
    """One run of the network for all films that are ready; a failure of the whole run is looked at film by film."""
    ready = [film for film in films if film.inputs is not None]
    answers = dict(zip([film.number for film in ready], _answers(ready, predictor), strict=True))
    for film in films:
        answer = answers.get(film.number)
        case = film.case
        try:
            if isinstance(answer, BoneAgeError):
                case = replace(case, error=answer)
            elif answer is not None:
                case = replace(case, timings={**case.timings, "infer": answer.seconds})
                case = finish_case(case, answer, predictor.bundle, reference, threshold_sd)
        except BoneAgeError as error:
            case = replace(case, error=error)
        except Exception as error:  # a bug in one film's way must not lose the others
            case = replace(case, error=bug_error(error))
        yield Finished(film.number, case, film.thumbnail)


def _answers(films: Sequence[Prepared], predictor: Predictor) -> list[Estimate | BoneAgeError]:
    if not films:
        return []
    inputs = np.concatenate([film.inputs for film in films if film.inputs is not None])
    try:
        return list(predictor.estimate_batch(inputs, [film.case.patient.sex for film in films]))
    except BoneAgeError as error:
        if len(films) == 1:
            return [error]
        return [answer for film in films for answer in _answers([film], predictor)]
