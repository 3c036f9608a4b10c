"""The estimates that were asked for: of one film, of all, of a film once it is read, and their running series."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.core.values.types import Case
from bone_age_gui.gui.work import pool_calls
from bone_age_gui.gui.work.assessments import Assessments
from bone_age_gui.gui.work.engine_loader import EngineLoader
from bone_age_gui.gui.work.film import Film, FilmState, why_no_estimate
from bone_age_gui.gui.work.film_jobs import FilmJobs
from bone_age_gui.gui.work.film_table import FilmTable
from bone_age_gui.gui.work.line import Backend
from bone_age_gui.gui.work.second_look import insisted, with_hand


class Estimates:
    """Estimates films of ``table`` in the background; ``changed`` is called when the amount of waiting ones changes.

    A series is counted from the moment when its first estimate was asked for.
    """

    def __init__(
        self,
        table: FilmTable,
        jobs: FilmJobs,
        assessments: Assessments,
        model: EngineLoader,
        backend: Backend,
        changed: Callable[[], None],
    ) -> None:
        self._table = table
        self._jobs = jobs
        self._assessments = assessments
        self._model = model
        self._estimate = partial(pool_calls.estimate, backend.line, backend.reader)
        self._changed = changed
        self._asked = 0
        self._waiting: set[int] = set()
        self._wanted: set[int] = set()

    @property
    def progress(self) -> tuple[int, int]:
        """Estimates done and asked for in the running series; (0, 0) if none runs."""
        return (self._asked - len(self._waiting), self._asked) if self._waiting else (0, 0)

    def why_not(self, film: Film | None) -> str | None:
        """Why a film cannot be estimated now, in words for the user; ``None`` if it can."""
        return why_no_estimate(film, self._model.engine, self._model.error)

    def estimate(self, number: int) -> None:
        """Estimate one film, if it can be."""
        film, engine = self._table.film(number), self._model.engine
        if film is None or engine is None or self.why_not(film) is not None:
            return
        self._asked = self._asked + 1 if self._waiting else 1
        self._waiting.add(number)
        work = partial(self._estimate, film.case, engine, self._assessments.threshold_sd)
        self._jobs.submit(replace(film, problem=None), work, self._take, FilmState.ESTIMATING)
        self._changed()

    def estimate_all(self) -> None:
        """Estimate every film that can be; those that are still to be read follow when they are."""
        for film in self._table.films:
            if film.state in (FilmState.LISTED, FilmState.READING):
                self._wanted.add(film.number)
            else:
                self.estimate(film.number)

    def want(self, numbers: Iterable[int]) -> None:
        """Estimate these once they are read."""
        self._wanted |= set(numbers)

    def begin_if_wanted(self, film: Film) -> bool:
        """Estimate a film that was read, if that was asked for before; whether it was."""
        if film.state is not FilmState.READY or film.number not in self._wanted:
            return False
        self._wanted.discard(film.number)
        self.estimate(film.number)
        return True

    def insist(self, number: int) -> None:
        """Estimate a film although it was refused for what it shows."""
        self._look_again(number, insisted)

    def choose_hand(self, number: int, side: HandSide) -> None:
        """Estimate the left or right one, as pictured, of two hands on a film."""
        self._look_again(number, partial(with_hand, side=side))

    def _look_again(self, number: int, change: Callable[[Film], Film]) -> None:
        film = self._table.film(number)
        if film is not None and film.case.radiograph is not None:
            self._table.put(change(film))
            self.estimate(number)

    def cancel(self) -> None:
        """Give up every estimate that waits or runs, also of films that are not read yet."""
        self._wanted.clear()
        self.cancel_running()

    def cancel_running(self) -> None:
        """Give up every estimate that runs; films that are to be estimated once they are read still are."""
        for film in self._table.films:
            if film.state is FilmState.ESTIMATING:
                self._jobs.cancel(film)
                self._table.put(replace(film, state=film.rest_state, job=0))
        self._waiting.clear()
        self._changed()

    def forget(self, number: int) -> None:
        """Drop the waiting estimate of a film that was closed."""
        self._wanted.discard(number)
        self.leave(number)

    def leave(self, number: int) -> None:
        """The estimate of a film is there, failed or is no longer wanted."""
        self._waiting.discard(number)
        self._changed()

    def _take(self, film: Film, estimated: Case) -> None:
        self._assessments.take_estimate(film, estimated)
        self.leave(film.number)
