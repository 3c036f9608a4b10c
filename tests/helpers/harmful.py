"""Work for worker processes that ends or holds them, for tests: importable, as a spawned process needs it."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

from bone_age_gui.core.batch.films import BatchFilm
from bone_age_gui.core.batch.worker import BatchCase, prepare_film
from bone_age_gui.core.model.roles import Preparer
from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.types import Radiograph


def end_this_process() -> None:
    """As the system does it for want of memory."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def _prepare(film: BatchFilm, model: Preparer, once: bool) -> BatchCase:
    mark = film.path.with_suffix(".ended")
    if "harmful" in film.name and not (once and mark.exists()):
        mark.touch()
        end_this_process()
    return prepare_film(film, model)


def ends_at_harmful(film: BatchFilm, model: Preparer) -> BatchCase:
    """Ended by the system each time a film with "harmful" in its name is read."""
    return _prepare(film, model, once=False)


def ends_once(film: BatchFilm, model: Preparer) -> BatchCase:
    """Ended the first time only."""
    return _prepare(film, model, once=True)


def hangs(film: BatchFilm, model: Preparer) -> BatchCase:
    """Never comes back from a film with "harmful" in its name."""
    while "harmful" in film.name:
        time.sleep(1)
    return prepare_film(film, model)


class NeverStarts:
    """Ends its process while it is brought there, before anything is asked."""

    def __call__(self, film: BatchFilm, model: Preparer) -> BatchCase:
        """Not reached."""
        return prepare_film(film, model)

    def __reduce__(self) -> tuple[object, ...]:
        return end_this_process, ()


def algebra_threads(_request: Path) -> str | None:
    """How many threads numpy's algebra would take in this process."""
    return os.environ.get("OPENBLAS_NUM_THREADS")


def _fill_memory_without_a_bound() -> None:
    """Up to 2 GB where no allocation fails, as on Windows and macOS: only the program that watches can end it."""
    with contextlib.suppress(ImportError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    held = []
    while len(held) < 64:
        held.append(bytearray(b"x") * (32 * 2**20))
        time.sleep(0.02)
    time.sleep(600)


KEPT: list[bytearray] = []


def reads_or_misbehaves(path: Path) -> Radiograph:
    """A film is read, unless its name says what happens instead."""
    if path.stem == "hangs":
        time.sleep(600)
    if path.stem == "ends":
        end_this_process()
    if path.stem == "errs":
        raise KeyError("a mistake")
    if path.stem == "talks":
        os.write(1, b"Zyxwvut^Secret on stdout\n")
        os.write(2, b"Zyxwvut^Secret on stderr\n")
        print("Zyxwvut^Secret printed")
    if path.stem == "eats":
        held: list[bytearray] = []
        while True:
            held.append(bytearray(32 * 2**20))
    if path.stem == "keeps":
        KEPT.append(bytearray(b"x") * (200 * 2**20))
    if path.stem == "outgrows":
        _fill_memory_without_a_bound()
    return read_radiograph(path)
