"""Films read in worker processes, for every door: a file that hangs, crashes or floods its reader costs a worker.

Pixels come back through a block of memory that program and worker share, and that is used again for every film: copied
out of it, 5 million pixels take 2 ms; through a pipe they take 20 ms and more.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from dataclasses import dataclass, replace
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

import numpy as np

from bone_age_gui.core.reader.read import Read, read_radiograph
from bone_age_gui.core.values.errors import BoneAgeError, bug_error
from bone_age_gui.core.values.types import Radiograph
from bone_age_gui.core.workers.limits import WorkerLimits, no_workers, worker_ended
from bone_age_gui.core.workers.single import Worker, WorkerEndedError

BLOCK_PIXELS = 60_000_000
"""Pixels that fit into the shared block: as many as the reader allows. Memory is taken only as it is used."""
TRIES = 2
"""So often is a film given to a worker that ends at it."""
START_SECONDS = 60.0
"""A worker that is not ready by then never will be."""
_TICK = 0.05
_SHARED_FOLDER = Path("/dev/shm")
"""Where Linux keeps shared memory; writing past its end would end the writer, so it is looked at before."""
_NO_PIXELS = np.zeros((0, 0), np.uint16)


@dataclass(frozen=True)
class _Answer:
    """A film as it was read. Where ``shape`` is given, its pixels lie in the block and not in it."""

    film: Radiograph
    shape: tuple[int, ...] | None = None


class FilmReader:
    """Reads films in worker processes, for as long as the program runs. Safe to call from several threads.

    Parameters
    ----------
    workers : int
        Films that are read at the same time at most. A process is started when it is first needed.
    limits : WorkerLimits
        For one film.
    read : callable
        What a worker does with a path; importable, as it goes there through a pipe.
    """

    def __init__(self, workers: int = 1, limits: WorkerLimits | None = None, read: Read = read_radiograph) -> None:
        self._slots = [_Slot(limits or WorkerLimits(), read) for _ in range(workers)]
        self._free: queue.LifoQueue[_Slot] = queue.LifoQueue()
        for slot in reversed(self._slots):
            self._free.put(slot)

    def __enter__(self) -> FilmReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start a worker ahead of the first film, without waiting for it. ``BoneAgeError`` (``no_workers``)."""
        slot = self._free.get()
        try:
            slot.start()
        finally:
            self._free.put(slot)

    def read(self, path: Path | str) -> Radiograph:
        """Read one radiograph.

        Raises
        ------
        BoneAgeError
            ``unreadable empty not_an_image truncated excessive multi_frame colour too_small too_large no_pixel_data
            unsupported_syntax`` for the film; ``too_slow too_much_memory worker_ended`` where reading it went past a
            limit; ``no_workers`` if no process can be started; ``internal`` for a mistake in the program.
        """
        slot = self._free.get()
        try:
            return slot.read(Path(path))
        finally:
            self._free.put(slot)

    def close(self) -> None:
        """End the workers, whatever they do; films that are being read are given up."""
        for slot in self._slots:
            slot.close()


class _Slot:
    """One worker with its shared block; both are replaced when the worker ends."""

    def __init__(self, limits: WorkerLimits, read: Read) -> None:
        self._limits = limits
        self._read = read
        self._worker: Worker[Path, _Answer] | None = None
        self._block: SharedMemory | None = None
        self._is_nameless = False
        self._lock = threading.Lock()
        self._closed = False

    def start(self) -> Worker[Path, _Answer]:
        """The worker, started if there is none."""
        with self._lock:
            if self._closed:
                raise no_workers()
            if self._worker is None:
                self._block = _make_block()
                name = self._block.name if self._block is not None else None
                try:
                    self._worker = Worker(_ReadInto(name, self._read), self._limits, is_alone=True)
                except OSError as error:
                    raise no_workers() from error
            return self._worker

    def read(self, path: Path) -> Radiograph:
        """One film, with another try if its worker ends."""
        for _ in range(TRIES):
            worker = self.start()
            try:
                self._wait_until_ready(worker)
                worker.ask(path)
                answer = self._wait(worker)
            except WorkerEndedError:
                self._drop()
                continue
            if isinstance(answer, BoneAgeError):
                raise answer
            film = self._with_pixels(answer)
            if worker.memory() > self._limits.memory / 2:  # what it keeps would be missing for the next film
                self._drop()
            return film
        raise worker_ended(TRIES)

    def close(self) -> None:
        """End the worker and free the block; nothing is read any more."""
        with self._lock:
            self._closed = True
        self._drop()

    def _wait_until_ready(self, worker: Worker[Path, _Answer]) -> None:
        for _ in range(round(START_SECONDS / _TICK)):
            if worker.is_ready:
                return
            try:
                if worker.has_message(_TICK):
                    worker.take()
                    self._forget_name()
            except WorkerEndedError:
                break
        self._drop()
        raise no_workers()

    def _wait(self, worker: Worker[Path, _Answer]) -> _Answer | BoneAgeError:
        """The answer, or the limit that was passed. ``WorkerEndedError`` if the process is gone."""
        while not worker.has_message(_TICK):
            if limit := worker.passed_limit():
                self._drop()
                return limit
        answer = worker.take()
        assert answer is not None  # it had said that it is ready
        return answer

    def _with_pixels(self, answer: _Answer) -> Radiograph:
        film = answer.film
        if answer.shape is not None:
            with self._lock:
                if self._block is None:
                    raise no_workers()
                film = replace(film, pixels=np.ndarray(answer.shape, np.uint16, self._block.buf).copy())
        film.pixels.flags.writeable = False
        return film

    def _forget_name(self) -> None:
        """Remove the block's name: both processes hold it, so the system frees it when both have ended."""
        with self._lock:
            if self._block is not None and not self._is_nameless:
                self._block.unlink()
                self._is_nameless = True

    def _drop(self) -> None:
        self._forget_name()
        with self._lock:
            worker, self._worker = self._worker, None
            block, self._block, self._is_nameless = self._block, None, False
        if worker is not None:
            worker.end()
        if block is not None:
            block.close()


class _ReadInto:
    """What a worker does: it reads a film, and puts its pixels into the block of this name, if there is one."""

    def __init__(self, name: str | None, read: Read) -> None:
        self._name = name
        self._read = read
        self._block: SharedMemory | None = None

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Arrived in the worker: the block is there before it says that it is ready."""
        self.__dict__.update(state)
        if self._name is not None:
            with contextlib.suppress(OSError):
                self._block = _attached(self._name)

    def __call__(self, path: Path) -> _Answer | BoneAgeError:
        """One film; a failure is an answer, but for the want of memory."""
        try:
            film = self._read(path)
        except BoneAgeError as error:
            return error
        except MemoryError:
            raise
        except Exception as error:
            return bug_error(error)
        if self._block is None or film.pixels.size > BLOCK_PIXELS:
            return _Answer(film)
        shape = film.pixels.shape
        np.copyto(np.ndarray(shape, np.uint16, self._block.buf), film.pixels)
        return _Answer(replace(film, pixels=_NO_PIXELS), shape)


def _make_block() -> SharedMemory | None:
    """Room for the pixels of one film; ``None`` where there is little of it, as in some containers."""
    size = 2 * BLOCK_PIXELS
    try:
        if _SHARED_FOLDER.is_dir() and _free_bytes(_SHARED_FOLDER) < 2 * size:
            return None
        return SharedMemory(create=True, size=size)
    except OSError:
        return None


def _attached(name: str) -> SharedMemory:
    """Open a block that the program made and alone frees: Python's resource tracker is not told of it."""
    if sys.version_info >= (3, 13):
        return SharedMemory(name, track=False)
    register = resource_tracker.register
    resource_tracker.register = lambda *_: None
    try:
        return SharedMemory(name)
    finally:
        resource_tracker.register = register


def _free_bytes(folder: Path) -> int:
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize
