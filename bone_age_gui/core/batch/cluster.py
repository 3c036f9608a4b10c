"""A batch on a Dask cluster: every worker walks the whole line with a session of its own.

The workers see the films and the model under the same paths as this program, and have this program installed.
A film whose worker is lost is run again elsewhere by the scheduler; only answers that arrive here count, once each.
"""

from __future__ import annotations

import contextlib
import functools
import queue
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bone_age_gui.core.batch.local import TICK, BatchControl, Finished, Job, with_given
from bone_age_gui.core.batch.patients import GivenPatient
from bone_age_gui.core.workers.pool import worker_died
from bone_age_gui.core.batch.worker import Prepared, prepare_film
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.model.bundle import Bundle, load_bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.pipeline import finish_case
from bone_age_gui.core.values.bug import bug_error
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Case

CONNECT_SECONDS = 15.0
LOST_SECONDS = 60.0
"""So long may a cluster be without any worker."""
FILMS_PER_THREAD = 3
"""Films handed out ahead for each thread of the cluster: memory does not grow with the folder."""


def run_on_cluster(
    scheduler: str,
    jobs: Sequence[Job],
    bundle: Bundle,
    device: str,
    reference: GrowthReference,
    threshold_sd: float,
    control: BatchControl,
) -> Iterator[Finished]:
    """Finish every film once, in the order in which they come back; ends early if cancelled.

    Raises
    ------
    BoneAgeError
        ``no_distributed`` if the package is missing, ``no_cluster`` if nobody answers or the cluster is lost.
    """
    client = _connect(scheduler)
    try:
        given = {job.task.number: job.given for job in jobs}
        work = functools.partial(
            finish_film,
            directory=str(bundle.directory.resolve()),
            sha256=bundle.sha256,
            device=device,
            reference=reference,
            threshold_sd=threshold_sd,
        )
        for number, answer in _answers(client, jobs, work, control):
            finished = answer if isinstance(answer, Finished) else _refused(number, jobs, answer)
            case = finished.case
            yield finished if case.error is None else replace(finished, case=with_given(case, given[number]))
    finally:
        with contextlib.suppress(Exception):  # a lost cluster cannot be left properly
            client.close(timeout=5)


def finish_film(
    number: int,
    path: str,
    given: GivenPatient | None,
    *,
    directory: str,
    sha256: str,
    device: str,
    reference: GrowthReference,
    threshold_sd: float,
) -> Finished:
    """The whole line for one film, on a worker of the cluster; never raises."""
    case, thumbnail = Case(path=Path(path)), None
    try:
        predictor = _predictor(directory, sha256, device)
        prepared: Prepared = prepare_film(number, Path(path), predictor.bundle.spec)
        thumbnail = prepared.thumbnail
        if prepared.inputs is None:
            return Finished(number, prepared.case, thumbnail)
        case = with_given(prepared.case, given)
        estimate = predictor.estimate(prepared.inputs, case.patient.sex)
        case = replace(case, timings={**case.timings, "infer": estimate.seconds})
        estimate = replace(estimate, distribution=None, heat_map=None)
        return Finished(number, finish_case(case, estimate, predictor.bundle, reference, threshold_sd), thumbnail)
    except BoneAgeError as error:
        return Finished(number, replace(case, error=error), thumbnail)
    except Exception as error:  # a bug in one film's way must not lose the others
        return Finished(number, replace(case, error=bug_error(error)), thumbnail)


@functools.lru_cache(maxsize=1)
def _predictor(directory: str, sha256: str, device: str) -> Predictor:
    """The session of this worker process, opened at its first film."""
    bundle = load_bundle(Path(directory))
    if bundle.sha256 != sha256:
        raise BoneAgeError(
            "The worker has another model",
            "The model's file on this worker differs from the one that the run was begun with. "
            "Put the same model in the same folder on every machine.",
            "model_differs",
        )
    return Predictor(bundle, device, threads=1)


def _connect(scheduler: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise BoneAgeError(
            "Dask is not installed",
            "A cluster needs the extra 'cluster': install it with pip install 'bone-age-gui[cluster]', "
            "or run without --scheduler.",
            "no_distributed",
        ) from error
    try:
        return Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except Exception as error:  # OSError, ValueError, CommClosedError: whatever an address can be wrong in
        raise _no_cluster("Nobody answers at this address.") from error


def _answers(client: Any, jobs: Sequence[Job], work: Any, control: BatchControl) -> Iterator[tuple[int, Any]]:
    """Number and answer of each film; an exception where its workers died."""
    waiting = list(reversed(jobs))
    running: dict[Any, int] = {}
    finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
    watch = _Watch(client)
    while (waiting or running) and not control.cancelled.is_set():
        threads = watch.threads()
        while waiting and len(running) < FILMS_PER_THREAD * max(threads, 1) and not control.paused.is_set():
            job = waiting.pop()
            number = job.task.number
            future = client.submit(work, number, str(job.task.path), job.given, pure=False)
            running[future] = number
            future.add_done_callback(finished.put)
        for future in _next(finished):
            if future.status not in ("finished", "error"):
                raise _no_cluster("The scheduler went away.")
            yield running.pop(future), future.exception() or future.result()
    client.cancel(list(running))


def _next(finished: queue.SimpleQueue[Any]) -> list[Any]:
    """A future that came to its end, if one does soon."""
    try:
        return [finished.get(timeout=TICK)]
    except queue.Empty:
        return []


class _Watch:
    """Looks now and then whether there are workers at all."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._asked = -1.0
        self._seen = time.monotonic()
        self._threads = 0

    def threads(self) -> int:
        """Threads of all workers; ``BoneAgeError`` if there have been none for long, or the scheduler is gone."""
        now = time.monotonic()
        if now - self._asked < 1.0:
            return self._threads
        self._asked = now
        if self._client.status != "running":
            raise _no_cluster("The scheduler went away.")
        try:
            self._threads = sum(self._client.nthreads().values())
        except Exception as error:  # the connection broke while asking
            raise _no_cluster("The scheduler went away.") from error
        if self._threads:
            self._seen = now
        elif now - self._seen > LOST_SECONDS:
            raise _no_cluster("It has no workers.")
        return self._threads


def _refused(number: int, jobs: Sequence[Job], error: BaseException) -> Finished:
    path = next(job.task.path for job in jobs if job.task.number == number)
    lost = type(error).__name__ == "KilledWorker"
    return Finished(number, Case(path=path, error=worker_died() if lost else bug_error(error)))


def _no_cluster(reason: str) -> BoneAgeError:
    return BoneAgeError(
        "The cluster cannot be used",
        f"{reason} Check the address (tcp://host:port), the scheduler and its workers; what was finished is kept, "
        "and --resume goes on from there.",
        "no_cluster",
    )
