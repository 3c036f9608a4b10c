"""What the window knows of a batch: plain values between the run and its table."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from bone_age_gui.core.batch.films import BatchFilm as BatchFilm
from bone_age_gui.core.batch.films import BatchRow as BatchRow  # handed on to the table and its model
from bone_age_gui.core.batch.progress import Progress as Progress
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Flag
from bone_age_gui.wording.runs import duration_words

LOOK_AT = frozenset({Flag.ADVANCED.value, Flag.DELAYED.value, Flag.INDETERMINATE.value})
"""Flags that someone should look at."""


class Shown(StrEnum):
    """Which films the table shows."""

    ALL = "all"
    FLAGGED = "flagged"
    REFUSED = "refused"


@dataclass(frozen=True)
class BatchRequest:
    """What was chosen in the form; ``workers`` 0 is as many as there are cores."""

    folder: Path
    out: Path
    patients: Path | None = None
    recursive: bool = False
    formats: tuple[str, ...] = ("csv",)
    anonymise: bool = False
    workers: int = 0
    resume: bool = False
    insist: bool = False
    """Films that would be refused for what they show too."""
    kept_in: Path | None = None
    """The worklist whose earlier bone ages and reports count; none for an anonymised run."""


def is_flagged(row: BatchRow) -> bool:
    """True if someone should look at this film: for its flag, or because its bone age may be wrong."""
    record = row.record
    return record is not None and (record.flag in LOOK_AT or record.borderline or record.is_doubtful)


@dataclass(frozen=True)
class Writing:
    """How far the reports are: ``done`` files of ``total``."""

    done: int
    total: int


@dataclass(frozen=True)
class Outcome:
    """The end of a run: ``reports`` are paths, none where it was cancelled before the films were done.

    ``records`` are those of the finished films, as the journal keeps them.
    """

    films: int
    done: int
    refused: int
    seconds: float
    out: Path
    doubtful: int = 0
    reports: tuple[Path, ...] = ()
    wrote_all: bool = False
    records: tuple[CaseRecord, ...] = field(default=(), repr=False)

    @property
    def is_unfinished(self) -> bool:
        """True where some films are finished, and some are not."""
        return 0 < self.done < self.films

    @property
    def is_complete(self) -> bool:
        """True if every film has its record, and every report is written."""
        return self.done == self.films and self.wrote_all

    @property
    def duration(self) -> str:
        """How long it took, in words."""
        return duration_words(self.seconds)
