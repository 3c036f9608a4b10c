"""What the pool does with a film: pure calls that hold no object of Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from bone_age_gui.core.values.types import Case
from bone_age_gui.gui.view.greys import between
from bone_age_gui.gui.view.qimage import thumbnail
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.gui.work.first_look import FirstLook, first_look
from bone_age_gui.gui.work.line import Line
from bone_age_gui.gui.work.reading import CaseReader

MAX_FROM_FOLDERS = 50
"""Folders opened in the window give at most so many films: each is kept in memory at full resolution."""


def list_films(paths: list[Path]) -> tuple[list[Path], bool]:
    """The films that are meant by files and folders, and whether the folders hold more."""
    from bone_age_gui.core.batch.films import films_to_open

    films = films_to_open(paths, MAX_FROM_FOLDERS)
    return [film.path for film in films.films], films.has_more


def read(reader: CaseReader, path: Path) -> tuple[Case, np.ndarray | None, FirstLook]:
    """Read a film, make its thumbnail, and find how it is first looked at."""
    case = reader.open_case(path)
    if case.radiograph is None:
        return case, None, FirstLook()
    look = first_look(case.radiograph.pixels)
    return case, thumbnail(case.radiograph.pixels, between(look.black, look.white)), look


def prepare(line: Callable[[], Line], case: Case, engine: Engine) -> Case:
    """Look for the hand and run the stages."""
    return line().prepare(case, engine.predictor)


def estimate(line: Callable[[], Line], case: Case, engine: Engine, threshold_sd: float) -> Case:
    """Estimate and assess, unless the film shows no whole hand."""
    if case.quality is None:
        case = line().prepare(case, engine.predictor)
    if case.error is not None:
        return case
    return line().estimate_case(case, engine.predictor, engine.reference, threshold_sd)
