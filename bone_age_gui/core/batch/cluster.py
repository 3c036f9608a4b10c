"""A batch on a Dask cluster: every worker walks the whole line with a session of its own.

The workers see the films and the model under the same paths as this program, and have this program installed. Each
reads its films in processes of its own, with limits: a film that hangs or floods its reader costs that process, and
neither the node nor the films beside it.
A film whose worker is lost is run again elsewhere by the scheduler; only what arrives here counts, once each.
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

from bone_age_gui.core.batch.films import BatchFilm
from bone_age_gui.core.batch.local import TICK, BatchControl
from bone_age_gui.core.batch.worker import NO_PIXELS, BatchCase, prepare_film, refused
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.machine import usable_cores
from bone_age_gui.core.model.bundle import Bundle, load_bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.pipeline import estimate_case
from bone_age_gui.core.values.errors import BoneAgeError, bug_error
from bone_age_gui.core.values.types import Case
from bone_age_gui.core.workers.limits import worker_ended
from bone_age_gui.core.workers.reading import FilmReader

CONNECT_SECONDS = 15.0
LOST_SECONDS = 60.0
"""So long may a cluster be without any worker."""
_LOST_WORKERS = 4
"""So many workers does Dask give a film before it gives it up: its default of allowed failures, and one."""
FILMS_PER_THREAD = 3
"""Films handed out ahead for each thread of the cluster: memory does not grow with the folder."""


def run_on_cluster(
    scheduler: str,
    films: Sequence[BatchFilm],
    bundle: Bundle,
    device: str,
    reference: GrowthReference,
    threshold_sd: float,
    control: BatchControl,
) -> Iterator[BatchCase]:
    """Finish every film once, in the order in which they come back; ends early if cancelled.

    Raises
    ------
    BoneAgeError
        ``no_distributed`` if the package is missing, ``no_cluster`` if nobody answers or the cluster is lost.
    """
    client = _connect(scheduler)
    try:
        work = functools.partial(
            finish_film,
            directory=str(bundle.directory.resolve()),
            sha256=bundle.sha256,
            device=device,
            reference=reference,
            threshold_sd=threshold_sd,
        )
        for film, finished in _finished_films(client, films, work, control):
            yield finished if isinstance(finished, BatchCase) else refused(film, _reason(finished))
    finally:
        with contextlib.suppress(Exception):  # a lost cluster cannot be left properly
            client.close(timeout=5)


def finish_film(
    film: BatchFilm,
    *,
    directory: str,
    sha256: str,
    device: str,
    reference: GrowthReference,
    threshold_sd: float,
) -> BatchCase:
    """The whole line for one film, on a worker of the cluster; never raises."""
    try:
        predictor = _predictor(directory, sha256, device)
    except Exception as error:
        return refused(film, _reason(error))
    try:
        prepared = prepare_film(film, predictor, _reader().read)
    except MemoryError as error:
        return refused(film, _reason(error))
    if prepared.case.error is not None:
        return prepared
    try:
        case = estimate_case(prepared.case, predictor, reference, threshold_sd)
    except Exception as error:  # a bug in one film's way must not lose the others
        return replace(prepared, case=replace(prepared.case, error=_reason(error)))
    return replace(prepared, case=_light(case))


def _light(case: Case) -> Case:
    """What goes back over the network: the numbers, without stages' pixels, curve and heat map."""
    if case.estimate is None:
        return case
    stages = tuple(replace(stage, pixels=NO_PIXELS) for stage in case.stages)
    return replace(case, stages=stages, estimate=replace(case.estimate, distribution=None, heat_map=None))


@functools.lru_cache(maxsize=1)
def _predictor(directory: str, sha256: str, device: str) -> Predictor:
    """The session of this worker process, opened at its first film."""
    bundle = load_bundle(Path(directory))
    if bundle.sha256 != sha256:
        raise BoneAgeError("model_differs")
    return Predictor(bundle, device, threads=1)


@functools.lru_cache(maxsize=1)
def _reader() -> FilmReader:
    """The reading processes of this worker process, each started when it is first needed; they end with it."""
    return FilmReader(usable_cores())


def _connect(scheduler: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise BoneAgeError("no_distributed") from error
    try:
        return Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except Exception as error:  # OSError, ValueError, CommClosedError: whatever an address can be wrong in
        raise BoneAgeError("no_cluster", "silent") from error


def _finished_films(
    client: Any, films: Sequence[BatchFilm], work: Any, control: BatchControl
) -> Iterator[tuple[BatchFilm, Any]]:
    """Each film with what became of it; an exception where its workers ended."""
    waiting = list(reversed(films))
    running: dict[Any, BatchFilm] = {}
    finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
    watch = _Watch(client)
    while (waiting or running) and not control.cancelled.is_set():
        threads = watch.threads()
        while waiting and len(running) < FILMS_PER_THREAD * max(threads, 1) and not control.paused.is_set():
            film = waiting.pop()
            future = client.submit(work, film, pure=False)
            running[future] = film
            future.add_done_callback(finished.put)
        for future in _next(finished):
            film = running.pop(future)
            if future.status in ("finished", "error"):
                yield film, future.exception() or future.result()
            else:  # its result was lost with its worker; whether the scheduler is gone is checked by ``_Watch``
                waiting.append(film)
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
        """Threads of all workers.

        Raises ``BoneAgeError`` (``no_cluster``) if there have been none for long, or the scheduler is gone.
        """
        now = time.monotonic()
        if now - self._asked < 1.0:
            return self._threads
        self._asked = now
        if self._client.status != "running":
            raise BoneAgeError("no_cluster", "gone")
        try:
            self._threads = sum(self._client.nthreads().values())
        except Exception as error:  # the connection broke while asking
            raise BoneAgeError("no_cluster", "gone") from error
        if self._threads:
            self._seen = now
        elif now - self._seen > LOST_SECONDS:
            raise BoneAgeError("no_cluster", "workers")
        return self._threads


def _reason(error: BaseException) -> BoneAgeError:
    """Why nothing came back of a film; Dask names a film that cost it several workers by an exception of its own."""
    if isinstance(error, BoneAgeError):
        return error
    return worker_ended(_LOST_WORKERS) if type(error).__name__ == "KilledWorker" else bug_error(error)
