"""Why an action cannot be done now: shown in its tip, and beside the Estimate button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.actions.definitions import STAGE_KEYS
from bone_age_gui.gui.work.backend import Engine
from bone_age_gui.gui.work.film import Film, FilmState

if TYPE_CHECKING:
    from bone_age_gui.gui.work.session import Session

DOTS = "\N{HORIZONTAL ELLIPSIS}"
NO_FILM = "Open a film first."
NO_HEAT = "This model gives no heat map."
NO_RESULT = "There is no estimate yet."
NO_STAGES = "The stages are not there yet."
PICTURE_ACTIONS = (
    "fit", "actual_size", "zoom_in", "zoom_out", "rotate_left", "rotate_right", "flip", "invert", "reset_view",
    "original",
)  # fmt: skip
FILM_ACTIONS = ("close", "close_all", "film_info", "previous_film", "next_film")


def why_no_estimate(film: Film | None, engine: Engine | None, error: BoneAgeError | None) -> str | None:
    """Why a film cannot be estimated now, in words for the user; ``None`` if it can."""
    if film is None:
        return NO_FILM
    if film.case.error is not None:
        return "This film was refused: there is nothing to estimate."
    if engine is None:
        return f"The model is loading{DOTS}" if error is None else f"{error.title}. {error.message}"
    if film.state is FilmState.READING:
        return f"The film is being read{DOTS}"
    if film.state is FilmState.ESTIMATING:
        return f"The estimate is running{DOTS}"
    return film.form_problem


def reasons(session: Session, has_picture: bool) -> dict[str, str | None]:
    """For every action that depends on the films: why it cannot be done now, or ``None``."""
    film = session.current
    case = film.case if film is not None else None
    estimate = case.estimate if case is not None else None
    stages = case.stages if case is not None else ()
    found: dict[str, str | None] = dict.fromkeys(PICTURE_ACTIONS, None if has_picture else NO_FILM)
    found |= dict.fromkeys(FILM_ACTIONS, None if film is not None else NO_FILM)
    found["estimate"] = session.why_not(film)
    can_any = any(session.why_not(each) is None for each in session.films)
    found["estimate_all"] = None if can_any else found["estimate"] or NO_FILM
    found["cancel"] = None if session.progress[1] else "No estimate is running."
    found["copy"] = found["report"] = None if estimate is not None else NO_RESULT
    found["save_stages"] = None if stages else NO_STAGES
    found["heat_map"] = NO_HEAT if estimate is not None and estimate.heat_map is None else None
    found["model_info"] = None if session.engine is not None else "No model is loaded."
    for number in range(1, STAGE_KEYS + 1):
        found[f"stage_{number}"] = None if number <= len(stages) else NO_STAGES
    return found
