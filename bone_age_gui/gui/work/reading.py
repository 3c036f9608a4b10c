"""How the window's films are read: in worker processes, so that no file can take the window with it.

Nothing is loaded or started before the first call: the window paints before that.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bone_age_gui.core.values.types import Case

if TYPE_CHECKING:
    from bone_age_gui.core.workers.reading import FilmReader

WORKERS = 2
"""Films read at the same time: as many as there are threads for jobs."""


class CaseReader(Protocol):
    """Opens films for a session; each call may come from any thread."""

    def start(self) -> None:
        """Get ready ahead of the first film."""

    def open_case(self, path: Path) -> Case:
        """Read a film.

        Raises
        ------
        BoneAgeError
            Codes: ``unreadable empty not_an_image truncated excessive multi_frame colour too_small too_large
            no_pixel_data unsupported_syntax too_slow too_much_memory worker_ended no_workers internal``.
        """

    def close(self) -> None:
        """Give up what is being read; nothing is read any more."""


class WorkerReader:
    """Reads films in worker processes, which end with ``close``."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reader: FilmReader | None = None

    def start(self) -> None:
        """Start a process, without waiting for it."""
        self._opened().start()

    def open_case(self, path: Path) -> Case:
        """Read a film in a worker process; every code of ``CaseReader.open_case`` may be raised."""
        from bone_age_gui.core import pipeline

        return pipeline.open_case(path, self._opened().read)

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            if self._reader is not None:
                self._reader.close()

    def _opened(self) -> FilmReader:
        from bone_age_gui.core.workers.reading import FilmReader

        with self._lock:
            if self._reader is None:
                self._reader = FilmReader(WORKERS)
            return self._reader
