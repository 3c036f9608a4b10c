"""The calls that a session makes in the pool. They hold no object of Qt, which must not end in another thread."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bone_age_gui.core.legibility import is_of_estimate
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reported import ReportedExamination
from bone_age_gui.core.values.types import Case
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.gui.work.film_loader import with_pixels
from bone_age_gui.gui.work.line import Line
from bone_age_gui.gui.work.reading import CaseReader

if TYPE_CHECKING:
    from bone_age_gui.core.batch.films import FoundFilms


def are_to_be_sorted(paths: Sequence[Path]) -> bool:
    """Whether there are folders, or files that may be no films but reports: to be looked into in the pool."""
    from bone_age_gui.core.batch.films import may_be_report

    return any(path.is_dir() or may_be_report(path) for path in paths)


def list_films(paths: list[Path]) -> FoundFilms:
    """The films that are meant by files and folders."""
    from bone_age_gui.core.batch.films import films_to_open

    return films_to_open(paths, sys.maxsize - 1)


def earlier_in_reports(paths: Sequence[Path]) -> tuple[ReportedExamination, ...]:
    """The bone ages in structured reports. ``BoneAgeError`` (``no_workers``) if no process can be started."""
    from bone_age_gui.core.workers import reports

    return reports.read_reports(paths)


def read_small_picture(reader: CaseReader, path: Path) -> np.ndarray | None:
    """The thumbnail that a batch makes of a film; ``None`` where the film cannot be read."""
    from bone_age_gui.core.batch.worker import small_picture

    try:
        return small_picture(reader.open_case(path))
    except BoneAgeError:
        return None


def prepare_case(line: Callable[[], Line], case: Case, engine: Engine) -> Case:
    """Look for the hand and run the stages."""
    return line().prepare(case, engine.predictor)


def look_again(line: Callable[[], Line], reader: CaseReader, case: Case, engine: Engine) -> Case:
    """Look at a film anew whose pixels were given up."""
    return prepare_case(line, with_pixels(reader, case), engine)


def estimate(line: Callable[[], Line], reader: CaseReader, case: Case, engine: Engine, threshold_sd: float) -> Case:
    """Estimate and assess, unless the film is refused; one whose pixels were given up is read again."""
    case = with_pixels(reader, case)
    if case.quality is None:
        case = line().prepare(case, engine.predictor)
    if case.error is not None:
        return case
    try:
        return line().estimate_case(case, engine.predictor, engine.reference, threshold_sd)
    except BoneAgeError as error:
        if not is_of_estimate(error):
            raise
        return replace(case, error=error)  # a refusal of the film, which a person may overrule, and no failure


def complete(line: Callable[[], Line], reader: CaseReader, engine: Engine | None, case: Case) -> Case:
    """A case with its pixels and stages."""
    case = with_pixels(reader, case)
    if engine is None or case.stages or case.radiograph is None:
        return case
    return replace(case, stages=prepare_case(line, case, engine).stages)
