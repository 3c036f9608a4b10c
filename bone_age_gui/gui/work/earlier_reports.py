"""Structured reports that came with the films: their bone ages join those of the worklist."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bone_age_gui.core.values.reported import ReportedExamination
from bone_age_gui.gui.work import pool_calls
from bone_age_gui.gui.work.jobs import Jobs
from bone_age_gui.gui.work.keeper import Keeper
from bone_age_gui.wording.window_messages import reports_taken


class EarlierReports:
    """Reads them in the pool; ``say`` is for the status bar."""

    def __init__(self, jobs: Jobs, keeper: Keeper, say: Callable[[str], object]) -> None:
        self._jobs = jobs
        self._keeper = keeper
        self._say = say
        self._paths: dict[Path, None] = {}

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files that were taken."""
        return tuple(self._paths)

    def take(self, reports: Sequence[Path], *, is_alone: bool = False) -> None:
        """Read these; what came of it is said where they were opened alone."""
        if reports:
            self._paths |= dict.fromkeys(reports)
            work = partial(pool_calls.earlier_in_reports, reports)
            self._jobs.submit(work, partial(self._take, len(reports) if is_alone else 0))

    def _take(self, alone: int, examinations: Sequence[ReportedExamination]) -> None:
        self._keeper.add_reports(examinations)
        if alone:
            self._say(reports_taken(alone, len(examinations)))
