"""One open film as the window keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Case
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.gui.work.first_look import FirstLook
from bone_age_gui.wording.disabled import (
    BEING_ESTIMATED,
    BEING_READ,
    MODEL_LOADS,
    NO_FILM,
    NOTHING_TO_ESTIMATE,
    REFUSED,
    SEX_DEMANDED,
)
from bone_age_gui.wording.errors import error_line
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.window_messages import unnamed_film


class FilmState(StrEnum):
    """Where a film is on the line."""

    LISTED = "listed"
    READING = "reading"
    REFUSED = "refused"
    READY = "ready"
    ESTIMATING = "estimating"
    ESTIMATED = "estimated"


@dataclass(frozen=True)
class Film:
    """A case with its state.

    Attributes
    ----------
    thumbnail : numpy.ndarray or None
        uint8 (h, w), for the list.
    first_look : FirstLook
        Display window and orientation that the film opens with.
    problem : BoneAgeError or None
        Why the last estimate failed.
    form_problem : str or None
        What is wrong with the typed patient data.
    reported : bool
        True if a report of it was written.
    sex_changed : bool
        True if an estimate was taken away because the sex it was made for was changed.
    accepted_months : float or None
        The model's age that was accepted, where the model's is final; another one is not.
    is_blind : bool
        True while the reader is to give an age before the model's estimate is shown.
    sha256 : str
        Of the file's bytes: by it the worklist knows the film. Empty before it was read.
    child : str
        By what the worklist knows the child; the same for films that belong together.
    kept_at : str or None
        When what was put back from the worklist had been entered: ISO, UTC.
    job : int
        Number of the job whose answer is awaited; 0 if none. Answers of others are late and dropped.
    """

    number: int
    case: Case
    state: FilmState = FilmState.READING
    thumbnail: np.ndarray | None = None
    first_look: FirstLook = field(default_factory=FirstLook)
    problem: BoneAgeError | None = None
    form_problem: str | None = None
    sex_changed: bool = False
    reported: bool = False
    accepted_months: float | None = None
    is_blind: bool = False
    sha256: str = ""
    child: str = ""
    kept_at: str | None = None
    job: int = 0

    @property
    def name(self) -> str:
        """File name for the list."""
        return self.case.path.name if self.case.path is not None else unnamed_film(self.number)

    @property
    def seen(self) -> Film:
        """The film as the window may show it: without the model's estimate, where the reader is to read first."""
        if not self.is_blind or self.case.estimate is None:
            return self
        case = replace(self.case, estimate=None, assessment=None, reader_assessment=None, adult_height=None, notices=())
        return replace(self, case=case)

    @property
    def lacks_pixels(self) -> bool:
        """True for a film that was read, and whose pixels were given up to save memory."""
        return self.case.radiograph is not None and not self.case.radiograph.pixels.size

    @property
    def rest_state(self) -> FilmState:
        """The state of the film when no estimate waits or runs."""
        if self.case.error is not None:
            return FilmState.REFUSED
        if self.case.radiograph is None:
            return FilmState.READING
        return FilmState.READY if self.case.estimate is None else FilmState.ESTIMATED


def _refused(case: Case) -> str:
    if case.radiograph is None:
        return tr(NOTHING_TO_ESTIMATE)
    return tr(REFUSED)


def why_no_estimate(film: Film | None, engine: Engine | None, error: BoneAgeError | None) -> str | None:
    """Why a film cannot be estimated now, in words for the user; ``None`` if it can."""
    if film is None:
        return tr(NO_FILM)
    if film.case.error is not None:
        return _refused(film.case)
    if engine is None:
        return tr(MODEL_LOADS) if error is None else error_line(error)
    if film.state in (FilmState.LISTED, FilmState.READING):
        return tr(BEING_READ)
    if film.state is FilmState.ESTIMATING:
        return tr(BEING_ESTIMATED)
    if engine.demands_sex and film.case.patient.sex is None:
        return tr(SEX_DEMANDED)
    return film.form_problem
