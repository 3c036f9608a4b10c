"""Why an action cannot be done now: shown in its tip, and beside the Estimate button."""

from __future__ import annotations

from collections.abc import Callable

from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.gui.work.second_look import why_not_hand, why_not_insist
from bone_age_gui.gui.work.session import Session
from bone_age_gui.wording.disabled import NO_ESTIMATE, NO_FILM, NO_HEAT_MAP, NO_MODEL, NO_STAGES, NOT_READ, NOTHING_RUNS
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.reading import why_not_blind


class Reasons:
    """The rules that several actions share; each answers in words for the user, or ``None`` where nothing is amiss."""

    def __init__(self, session: Session, has_picture: Callable[[], bool]) -> None:
        self._session = session
        self._has_picture = has_picture

    def picture(self) -> str | None:
        """For what needs a film that can be seen."""
        return None if self._has_picture() else tr(NO_FILM)

    def film(self) -> str | None:
        """For what needs an open film, be it refused or not."""
        return None if self._session.current is not None else tr(NO_FILM)

    def read_film(self) -> str | None:
        """For what needs a film that was read."""
        film = self._session.current
        if film is None:
            return tr(NO_FILM)
        return None if film.case.radiograph is not None else tr(NOT_READ)

    def stages(self, number: int = 1) -> str | None:
        """For what needs that many stages."""
        film = self._session.current
        has_stage = film is not None and number <= len(film.case.stages)
        return None if has_stage else tr(NO_STAGES)

    def result(self) -> str | None:
        """For what needs an estimate of the shown film, and that it may be seen."""
        film = self._session.current
        if film is not None and film.is_blind and film.case.estimate is not None:
            return why_not_blind()
        return None if film is not None and film.case.estimate is not None else tr(NO_ESTIMATE)

    def heat_map(self) -> str | None:
        """For the heat map, which not every model gives."""
        film = self._session.seen
        estimate = film.case.estimate if film is not None else None
        return tr(NO_HEAT_MAP) if estimate is not None and estimate.heat_map is None else None

    def engine(self) -> str | None:
        """For what needs a loaded model."""
        return None if self._session.engine is not None else tr(NO_MODEL)

    def estimate(self) -> str | None:
        """For the estimate of the shown film."""
        return self._session.estimates.why_not(self._session.current)

    def insist(self) -> str | None:
        """For an estimate of a film that was refused."""
        return self.engine() or why_not_insist(self._session.current)

    def hand(self, side: HandSide) -> str | None:
        """For the choice of one of two hands."""
        return self.engine() or why_not_hand(self._session.current, side)

    def estimate_all(self) -> str | None:
        """For the estimates of all films: one that can be estimated is enough."""
        session = self._session
        films = (film for film in session.films if film.case.radiograph is not None)
        can_any = session.engine is not None and any(session.estimates.why_not(film) is None for film in films)
        return None if can_any else self.estimate() or tr(NO_FILM)

    def running_estimate(self) -> str | None:
        """For giving up estimates."""
        return None if self._session.estimates.progress[1] else tr(NOTHING_RUNS)
