"""What waits for an archive: one call at a time, in order, in a pool of its own, so that nothing else waits with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.work.jobs import Jobs
from bone_age_gui.pacs.control import Control

T = TypeVar("T")
_LANE = "archive"


class ArchiveQueue(QObject):
    """Pure calls to archives; each is handed the control by which it is given up.

    Attributes
    ----------
    crashed, busy : Signal(object), Signal(bool)
        A bug, as an exception; whether anything waits.
    """

    crashed = Signal(object)
    busy = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = Jobs(self, threads=1)
        self._jobs.crashed.connect(self.crashed)
        self._control = Control()

    def run(
        self,
        work: Callable[[Control], T],
        done: Callable[[T], object],
        failed: Callable[[BoneAgeError], object],
    ) -> None:
        """Call ``work`` behind what waits already, then ``done`` or ``failed``."""
        self.busy.emit(True)
        self._jobs.submit(
            partial(work, self._control),
            lambda answer: self._end(partial(done, answer)),
            lambda error: self._end(partial(failed, error)),
            _LANE,
        )

    def _end(self, answer: Callable[[], object]) -> None:
        answer()
        self.busy.emit(self._jobs.active > 0)

    def cancel(self) -> None:
        """Give up all that waits now; what comes later waits again."""
        self._control.cancel()
        self._control = Control()

    def shutdown(self) -> None:
        """Give up all that waits, and wait for what already runs."""
        self._control.cancel()
        self._jobs.shutdown()
