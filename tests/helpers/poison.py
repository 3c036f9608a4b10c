"""Bodies of worker processes that die, for tests: importable, as a spawned process needs them."""

from __future__ import annotations

import os
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

from bone_age_gui.core.batch.worker import prepare_film
from bone_age_gui.core.stages.preprocess import PreprocessingSpec


def _kill_myself() -> None:
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def _serve(connection: Connection, spec: PreprocessingSpec, once: bool) -> None:
    connection.send(None)
    while (task := connection.recv()) is not None:
        number, path = task
        mark = Path(path).with_suffix(".died")
        if "poison" in Path(path).name and not (once and mark.exists()):
            mark.touch()
            _kill_myself()
        connection.send(prepare_film(number, path, spec))


def dies_of_poison(connection: Connection, spec: PreprocessingSpec) -> None:
    """Killed by the system each time a film with "poison" in its name is read."""
    _serve(connection, spec, once=False)


def dies_once(connection: Connection, spec: PreprocessingSpec) -> None:
    """Killed the first time only."""
    _serve(connection, spec, once=True)


def never_starts(connection: Connection, spec: PreprocessingSpec) -> None:
    """Killed before it is ready."""
    _kill_myself()


def hangs(connection: Connection, spec: PreprocessingSpec) -> None:
    """Never comes back from a film with "poison" in its name."""
    connection.send(None)
    while (task := connection.recv()) is not None:
        number, path = task
        while "poison" in Path(path).name:
            time.sleep(1)
        connection.send(prepare_film(number, path, spec))
