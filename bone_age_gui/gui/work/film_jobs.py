"""Background work on single films: each film waits for one answer at most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.work.film import Film, FilmState
from bone_age_gui.gui.work.film_table import FilmTable
from bone_age_gui.gui.work.jobs import Jobs

T = TypeVar("T")
INFERENCE = "inference"
"""The lane of everything that uses the model: one at a time."""


class FilmJobs:
    """Jobs of the films of a table; ``failed`` is called with the film's number after a failure was noted."""

    def __init__(self, jobs: Jobs, table: FilmTable, failed: Callable[[int], None]) -> None:
        self._jobs = jobs
        self._table = table
        self._failed = failed

    def submit(self, film: Film, work: Callable[[], T], done: Callable[[Film, T], None], state: FilmState) -> None:
        """Start a job for a film, in place of the one it may still wait for; ``done`` gets the film as it is then."""
        self._jobs.cancel(film.job)
        lane = INFERENCE if state is FilmState.ESTIMATING else ""
        number = film.number
        job = self._jobs.submit(work, partial(self._deliver, number, done), partial(self._fail, number), lane)
        self._table.put(replace(film, state=state, job=job))

    def cancel(self, film: Film) -> None:
        """Give up the job of a film."""
        self._jobs.cancel(film.job)

    def _deliver(self, number: int, done: Callable[[Film, T], None], answer: T) -> None:
        film = self._table.film(number)
        if film is not None:
            done(replace(film, job=0), answer)

    def _fail(self, number: int, error: BoneAgeError) -> None:
        film = self._table.film(number)
        if film is None:
            return
        if film.case.radiograph is None:
            film = replace(film, case=replace(film.case, error=error), state=FilmState.REFUSED, job=0)
        else:
            film = replace(film, problem=error, state=film.rest_state, job=0)
        self._table.put(film)
        self._failed(number)
