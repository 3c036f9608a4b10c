"""Stopping work with an archive from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bone_age_gui.pacs import refusals


class Control:
    """``cancel`` may be called from any thread, at any time: open connections are closed at once."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal may cancel in the thread that works
        self._closers: list[Callable[[], None]] = []
        self._cancelled = False

    @property
    def is_cancelled(self) -> bool:
        """True once ``cancel`` was called."""
        return self._cancelled

    def cancel(self) -> None:
        """Stop what runs; what begins later ends at its first look."""
        with self._lock:
            self._cancelled = True
            closers = tuple(self._closers)
        for close in closers:
            close()

    def look(self) -> None:
        """Raise ``BoneAgeError`` (``archive_cancelled``) once it was cancelled."""
        if self._cancelled:
            raise refusals.cancelled_work()

    @contextmanager
    def closing(self, close: Callable[[], None]) -> Iterator[None]:
        """Have ``close`` called if it is cancelled meanwhile."""
        with self._lock:
            self._closers.append(close)
        try:
            self.look()
            yield
        finally:
            with self._lock:
                self._closers.remove(close)
