"""The open films and the work on them. Nothing else in the window runs the pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Case, Patient
from bone_age_gui.gui.actions.disabled_reasons import DOTS, why_no_estimate
from bone_age_gui.gui.view.qimage import thumbnail
from bone_age_gui.gui.work.backend import Backend, Engine
from bone_age_gui.gui.work.film import Film, FilmState
from bone_age_gui.gui.work.film_table import FilmTable
from bone_age_gui.gui.work.jobs import Jobs
from bone_age_gui.gui.work.opening import Found, find_films

INFERENCE = "inference"


class Session(FilmTable):
    """Films, the loaded model, and the jobs between them.

    Attributes
    ----------
    engine_changed, work_changed : Signal
        The model arrived or failed; the amount of waiting estimates changed.
    said : Signal(str)
        One line for the status bar.
    crashed : Signal(object)
        A bug, as an exception.
    """

    engine_changed = Signal()
    work_changed = Signal()
    said = Signal(str)
    crashed = Signal(object)

    def __init__(self, backend: Backend, threshold_sd: float = 2.0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self._threshold_sd = threshold_sd
        self._jobs = Jobs(self)
        self._jobs.crashed.connect(self.crashed)
        self._engine: Engine | None = None
        self._engine_error: BoneAgeError | None = None
        self._engine_job = 0
        self._waiting: set[int] = set()
        self._wanted: set[int] = set()
        self._asked = 0

    @property
    def engine(self) -> Engine | None:
        """Model and reference, once loaded."""
        return self._engine

    @property
    def engine_error(self) -> BoneAgeError | None:
        """Why there is no model."""
        return self._engine_error

    @property
    def threshold_sd(self) -> float:
        """How many SD count as advanced or delayed."""
        return self._threshold_sd

    @property
    def progress(self) -> tuple[int, int]:
        """Estimates done and asked for in the running series; (0, 0) if none runs."""
        return (self._asked - len(self._waiting), self._asked) if self._waiting else (0, 0)

    @property
    def is_idle(self) -> bool:
        """True when no work waits or runs."""
        return self._jobs.active == 0

    def run_job(
        self, work: Callable[[], Any], done: Callable[[Any], Any], failed: Callable[[BoneAgeError], None] | None = None
    ) -> None:
        """Run a pure call in the pool: export and the like."""
        self._jobs.submit(work, done, failed)

    def shutdown(self) -> None:
        """Cancel all work, then wait for what already runs."""
        self._jobs.shutdown()

    # The model

    def load_engine(self, model: str | None, device: str) -> None:
        """Load a model bundle in the background; what an older one found is forgotten."""
        self._jobs.cancel(self._engine_job)
        self.cancel_estimates()
        self._engine, self._engine_error = None, None
        for film in self.films:
            if film.case.radiograph is not None:
                self._jobs.cancel(film.job)
                case = replace(film.case, stages=(), estimate=None, assessment=None)
                self._put(replace(film, case=case, state=FilmState.READY, problem=None, job=0))
        work = partial(self._backend.load_engine, model, device)
        self._engine_job = self._jobs.submit(work, self._take_engine, self._take_engine_error, lane=INFERENCE)
        self.engine_changed.emit()

    def _take_engine(self, engine: Engine) -> None:
        self._engine = engine
        self.engine_changed.emit()
        for film in self.films:
            self._go_on(film)

    def _take_engine_error(self, error: BoneAgeError) -> None:
        self._engine_error = error
        self.engine_changed.emit()

    # Opening and closing

    def open(self, paths: Iterable[Path], then_estimate: bool = False) -> None:
        """Open files, and the films inside folders. What is already open is shown, not opened twice."""
        paths = list(paths)
        if any(path.is_dir() for path in paths):
            self.said.emit(f"Looking for films{DOTS}")
            self._jobs.submit(partial(find_films, paths), partial(self._take_found, then_estimate))
        elif paths:
            self._take_found(then_estimate, Found(tuple(paths)))

    def _take_found(self, then_estimate: bool, found: Found) -> None:
        if not found.files:
            self.said.emit("There is no film in that folder.")
            return
        before = len(self._films)
        numbers = [self._open_file(path) for path in found.files]
        self._wanted |= set(numbers) if then_estimate else set()
        self.select(numbers[0])
        opened = len(self._films) - before
        text = f"{opened} film{'' if opened == 1 else 's'} opened."
        if found.left_out:
            text = f"The first {opened} films of the folder were opened; it holds more."
        self.said.emit(text)

    def _open_file(self, path: Path) -> int:
        for film in self.films:
            if film.case.path == path:
                return film.number
        number = next(self._numbers)
        self._add(Film(number, Case(path=path)))
        self._submit(number, partial(_read, self._backend, path), self._take_read, FilmState.READING)
        return number

    def _take_read(self, film: Film, answer: tuple[Case, np.ndarray | None]) -> None:
        case, small = answer
        film = replace(film, case=case, thumbnail=small, state=FilmState.REFUSED if case.error else FilmState.READY)
        self._put(film)
        self._go_on(film)

    def close(self, number: int) -> None:
        """Take a film out of the list; its running work is forgotten."""
        film = self.film(number)
        if film is not None:
            self._jobs.cancel(film.job)
            self._leave_series(number)
            self._remove(number)

    def close_all(self) -> None:
        """Take every film out of the list."""
        for film in self.films:
            self.close(film.number)

    # The patient

    def edit_patient(self, number: int, patient: Patient) -> None:
        """Take edited patient data; dates are assessed anew at once, another sex takes the estimate away."""
        film = self.film(number)
        if film is not None and film.case.radiograph is not None:
            self._put_case(replace(film, form_problem=None), film.case, patient)

    def set_form_problem(self, number: int, problem: str | None) -> None:
        """Remember that the form of a film holds something that cannot be used."""
        film = self.film(number)
        if film is not None and film.form_problem != problem:
            self._put(replace(film, form_problem=problem))

    def set_threshold(self, threshold_sd: float) -> None:
        """Another limit in SD: every assessment is made anew."""
        self._threshold_sd = threshold_sd
        for film in self.films:
            self._put(replace(film, case=self._assessed(film.case)))

    def _put_case(self, film: Film, case: Case, patient: Patient) -> None:
        """Keep a case under a patient that may be another one than it was made with."""
        had_estimate = case.estimate is not None
        if case.patient != patient:
            case = self._assessed(self._backend.with_patient(case, patient))
        lost = had_estimate and case.estimate is None
        film = replace(film, case=case, sex_changed=lost or (film.sex_changed and case.estimate is None))
        self._put(film if film.job else replace(film, state=film.rest_state))

    def _assessed(self, case: Case) -> Case:
        if case.estimate is None or self._engine is None:
            return case
        return self._backend.assess_again(case, self._engine.reference, self._threshold_sd)

    # Estimating

    def why_not(self, film: Film | None) -> str | None:
        """Why a film cannot be estimated now, in words for the user; ``None`` if it can."""
        return why_no_estimate(film, self._engine, self._engine_error)

    def estimate(self, number: int) -> None:
        """Estimate one film in the background, if it can be."""
        film = self.film(number)
        if film is None or self._engine is None or self.why_not(film) is not None:
            return
        self._asked = self._asked + 1 if self._waiting else 1
        self._waiting.add(number)
        engine = self._engine
        work = partial(self._backend.estimate_case, film.case, engine.predictor, engine.reference, self._threshold_sd)
        self._put(replace(film, problem=None))
        self._submit(number, work, self._take_estimate, FilmState.ESTIMATING)
        self.work_changed.emit()

    def estimate_all(self) -> None:
        """Estimate every film that can be."""
        for film in self.films:
            self.estimate(film.number)

    def cancel_estimates(self) -> None:
        """Give up every estimate that waits or runs."""
        for film in self.films:
            if film.state is FilmState.ESTIMATING:
                self._jobs.cancel(film.job)
                self._put(replace(film, state=film.rest_state, job=0))
        self._waiting.clear()
        self.work_changed.emit()

    def _take_estimate(self, film: Film, answer: Case) -> None:
        if answer.assessment is not None and answer.assessment.threshold_sd != self._threshold_sd:
            answer = self._assessed(answer)
        self._put_case(film, answer, film.case.patient)
        self._leave_series(film.number)

    def _leave_series(self, number: int) -> None:
        self._waiting.discard(number)
        self.work_changed.emit()

    # Jobs of one film

    def _go_on(self, film: Film) -> None:
        """With film and model at hand: estimate if that was asked for at opening, else run the stages."""
        if self._engine is None or film.state is not FilmState.READY:
            return
        if film.number in self._wanted:
            self._wanted.discard(film.number)
            self.estimate(film.number)
        elif not film.case.stages:
            work = partial(self._backend.prepare, film.case, self._engine.predictor.bundle.spec)
            self._submit(film.number, work, self._take_prepared, film.state)

    def _take_prepared(self, film: Film, answer: Case) -> None:
        case = replace(film.case, stages=answer.stages, timings=answer.timings, notices=answer.notices)
        self._put(replace(film, case=case))

    def _submit(
        self, number: int, work: Callable[[], Any], done: Callable[[Film, Any], None], state: FilmState
    ) -> None:
        """Start a job for a film in place of the one it may still wait for."""
        film = self._films[number]
        self._jobs.cancel(film.job)
        lane = INFERENCE if state is FilmState.ESTIMATING else ""
        job = self._jobs.submit(work, partial(self._deliver, number, done), partial(self._take_failure, number), lane)
        self._put(replace(film, state=state, job=job))

    def _deliver(self, number: int, done: Callable[[Film, Any], None], answer: Any) -> None:
        film = self.film(number)
        if film is not None:
            done(replace(film, job=0), answer)

    def _take_failure(self, number: int, error: BoneAgeError) -> None:
        film = self.film(number)
        if film is None:
            return
        if film.case.radiograph is None:
            self._put(replace(film, case=replace(film.case, error=error), state=FilmState.REFUSED, job=0))
        else:
            self._put(replace(film, problem=error, state=film.rest_state, job=0))
        self._leave_series(number)


def _read(backend: Backend, path: Path) -> tuple[Case, np.ndarray | None]:
    """Read a film and make its thumbnail; runs in the pool."""
    case = backend.open_case(path)
    return case, thumbnail(case.radiograph.pixels) if case.radiograph is not None else None
