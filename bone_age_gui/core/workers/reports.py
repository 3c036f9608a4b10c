"""Structured reports read in a worker process: a file that hangs, crashes or floods its reader costs a worker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bone_age_gui.core.reader.reports import read_examination
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reported import ReportedExamination
from bone_age_gui.core.workers.limits import WorkerLimits
from bone_age_gui.core.workers.pool import WorkerPool

_WAIT_SECONDS = 0.1


def read_reports(paths: Sequence[Path], limits: WorkerLimits | None = None) -> tuple[ReportedExamination, ...]:
    """The bone ages in these reports. Files that hold none, or go past the limits of a film, are passed over.

    Raises ``BoneAgeError`` (``no_workers``) if no process can be started.
    """
    if not paths:
        return ()
    pool: WorkerPool[Path, tuple[ReportedExamination, ...]] = WorkerPool(_read, 1, limits or WorkerLimits())
    waiting = list(reversed(paths))
    examinations: list[ReportedExamination] = []
    try:
        while waiting or pool.busy:
            if waiting and pool.has_room():
                pool.give(waiting.pop())
            for _, answer in pool.collect(_WAIT_SECONDS):
                if not isinstance(answer, BoneAgeError):
                    examinations += answer
    finally:
        pool.close()
    return tuple(examinations)


def _read(path: Path) -> tuple[ReportedExamination, ...]:
    """What a worker does; its answer is never ``None``, by which it would say that it is ready."""
    examination = read_examination(path)
    return (examination,) if examination is not None else ()
