"""The open films on their way along the line. Nothing else in the window runs the pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from bone_age_gui.core.values.comparison_choice import ComparisonChoice
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.final import is_readers
from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.core.values.reading import Reading
from bone_age_gui.core.values.types import Case, Patient
from bone_age_gui.gui.work import pool_calls
from bone_age_gui.gui.work.earlier_reports import EarlierReports
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.gui.work.engine_loader import EngineLoader
from bone_age_gui.gui.work.film import Film, FilmState, why_no_estimate
from bone_age_gui.gui.work.film_jobs import FilmJobs
from bone_age_gui.gui.work.film_loader import FilmLoader
from bone_age_gui.gui.work.film_table import FilmTable
from bone_age_gui.gui.work.jobs import Failed, Jobs
from bone_age_gui.gui.work.keeper import Keeper
from bone_age_gui.gui.work.line import Backend
from bone_age_gui.gui.work.second_look import insisted, made_anew, with_hand, with_stages
from bone_age_gui.gui.work.series import Series
from bone_age_gui.gui.work.verdicts import Verdicts
from bone_age_gui.store.forget import kept_beside
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.window_messages import NO_FILM_THERE, films_opened

if TYPE_CHECKING:
    from bone_age_gui.core.batch.films import FoundFilms


class Session(FilmTable):
    """Films, the loaded model, and the jobs between them.

    Attributes
    ----------
    engine_changed, work_changed : Signal
        The model arrived or failed; the amount of waiting estimates changed.
    said, crashed : Signal(str), Signal(object)
        One line for the status bar; a bug, as an exception.
    """

    engine_changed = Signal()
    work_changed = Signal()
    said = Signal(str)
    crashed = Signal(object)

    def __init__(self, backend: Backend, threshold_sd: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._line, self.reader = backend.line, backend.reader
        self._threshold_sd = threshold_sd
        self._jobs = Jobs(self)
        self._jobs.crashed.connect(self.crashed)
        self._film_jobs = FilmJobs(self._jobs, self, self._job_failed)
        self.keeper = Keeper(self, kept_beside())
        self.earlier = EarlierReports(self._jobs, self.keeper, self.said.emit)
        self._film_loader = FilmLoader(self, self._film_jobs, self.reader, self.keeper.restored, self._go_on)
        self.current_changed.connect(self._film_loader.show)
        self._loader = EngineLoader(self._jobs, backend.load_engine, self)
        self._loader.changed.connect(self._take_engine)
        self._verdicts = Verdicts(self, self._film_jobs, self._film_loader, self._loader, backend)
        self._series, self._wanted = Series(), set[int]()

    @property
    def engine(self) -> Engine | None:
        """Model and reference, once loaded."""
        return self._loader.engine

    @property
    def engine_error(self) -> BoneAgeError | None:
        """Why there is no model."""
        return self._loader.error

    @property
    def threshold_sd(self) -> float:
        """How many SD count as advanced or delayed."""
        return self._threshold_sd

    @property
    def progress(self) -> tuple[int, int]:
        """Estimates done and asked for in the running series; (0, 0) if none runs."""
        return self._series.progress

    @property
    def is_idle(self) -> bool:
        """True when no work waits or runs."""
        return self._jobs.active == 0 and not self._film_loader.waits and not self._verdicts.waits

    def run_job(self, work: Callable[[], Any], done: Callable[[Any], Any], failed: Failed | None = None) -> None:
        """Run a pure call in the pool: export and the like."""
        self._jobs.submit(work, done, failed)

    def completing(self) -> Callable[[Case], Case]:
        """A pure call that gives a case its pixels and stages back, for a report; raises what the reader raises."""
        return partial(pool_calls.complete, self._line, self.reader, self.engine)

    def shutdown(self) -> None:
        """Cancel all work, then wait for what already runs."""
        self._film_loader.stop()
        self.reader.close()
        self._jobs.shutdown()
        self.keeper.close()

    # The model

    def load_engine(self, model: str | None, device: str) -> None:
        """Load a model bundle in the background; stages and estimates of an older one are forgotten."""
        self._jobs.submit(self.reader.start)
        self._cancel_running()
        for film in self.films:
            if film.case.radiograph is not None:
                self._film_jobs.cancel(film)
                case = made_anew(film.case)
                self.put(replace(film, case=case, state=FilmState.READY, problem=None, job=0))
        self._loader.load(model, device)

    def _take_engine(self) -> None:
        self.engine_changed.emit()
        for film in self.films:
            self._go_on(film)

    # Opening and closing

    def open(self, paths: Iterable[Path], then_estimate: bool = False) -> None:
        """Open files, and the films inside folders. What is already open is shown, not opened twice."""
        paths = list(paths)
        if pool_calls.are_to_be_sorted(paths):
            self.said.emit(tr("Looking for films…"))
            self._jobs.submit(partial(pool_calls.list_films, paths), partial(self._open_listed, then_estimate))
        elif paths:
            self._open_all(then_estimate, paths)

    def _open_listed(self, then_estimate: bool, listed: FoundFilms) -> None:
        self.earlier.take(listed.reports, is_alone=not listed.films)
        if listed.films or not listed.reports:
            self._open_all(then_estimate, [film.path for film in listed.films], listed.closed_folders)

    def _open_all(self, then_estimate: bool, paths: list[Path], closed_folders: int = 0) -> None:
        new = self.add_paths(paths)
        numbers = [number for path in paths if (number := self.number_of(path)) is not None]
        self._wanted |= set(numbers) if then_estimate else set()
        if numbers:
            self.select(numbers[0])
        self._film_loader.add(film.number for film in new)
        self.said.emit(films_opened(len(new), closed_folders) if paths else tr(NO_FILM_THERE))

    def _go_on(self, film: Film) -> None:
        """With film and model at hand: estimate if that was asked for at opening, else run the stages."""
        if self.engine is None or film.case.radiograph is None or film.state is not film.rest_state:
            return
        if film.state is FilmState.READY and film.number in self._wanted:
            self._wanted.discard(film.number)
            self.estimate(film.number)
        elif not film.case.stages and not film.lacks_pixels:
            work = partial(pool_calls.prepare_case, self._line, film.case, self.engine)
            self._film_jobs.submit(film, work, self._take_prepared, film.state)

    def _take_prepared(self, film: Film, prepared: Case) -> None:
        self.put(self._film_loader.keep(with_stages(film, prepared)))

    def close(self, number: int) -> None:
        """Take a film out of the list; its running work is forgotten."""
        film = self.film(number)
        if film is not None:
            self._film_jobs.cancel(film)
            self._wanted.discard(number)
            self._leave_series(number)
            self.remove(number)
            self._film_loader.close(number)
            self._film_loader.go_on()

    def close_all(self) -> None:
        """Take every film out of the list."""
        self._film_loader.stop()
        for film in reversed(self.films):
            self.close(film.number)

    def read_again(self, number: int) -> None:
        """Give an open film its pixels back, to be seen beside another."""
        self._film_loader.show(number)

    # The patient

    def edit_patient(self, number: int, patient: Patient) -> None:
        """Take edited patient data; dates are assessed anew at once, another sex takes the estimate away."""
        film = self.film(number)
        if film is not None and film.case.radiograph is not None:
            self._put_case(replace(film, form_problem=None), film.case, patient)

    def set_reading(self, number: int, reading: Reading) -> None:
        """Take what a person made of a film; what is compared is the final bone age."""
        super().set_reading(number, reading)
        film = self.film(number)
        if film is not None and (is_readers(film.case) or film.case.reader_assessment is not None):
            self.put(replace(film, case=self._assessed(film.case)))

    def set_comparison(self, choice: ComparisonChoice) -> None:
        """Another reference or other cut-offs: every assessment is made anew."""
        self._loader.choose(choice)
        self._assess_all()

    def set_threshold(self, threshold_sd: float) -> None:
        """Another limit in SD: every assessment is made anew."""
        self._threshold_sd = threshold_sd
        self._assess_all()

    def _assess_all(self) -> None:
        for film in self.films:
            self.put(replace(film, case=self._assessed(film.case)))

    def _put_case(self, film: Film, case: Case, patient: Patient) -> None:
        """Keep a case under a patient that may be another one than it was made with."""
        had_estimate = case.estimate is not None
        if case.patient != patient:
            case = self._assessed(self._line().with_patient(case, patient))
        lost = had_estimate and case.estimate is None
        film = replace(film, case=case, sex_changed=lost or (film.sex_changed and case.estimate is None))
        film = self._film_loader.keep(film)
        self.put(film if film.job else replace(film, state=film.rest_state))

    def _assessed(self, case: Case) -> Case:
        if case.estimate is None or self.engine is None:
            return case
        return self._line().assess_again(case, self.engine.reference, self._threshold_sd)

    # Estimating

    def why_not(self, film: Film | None) -> str | None:
        """Why a film cannot be estimated now, in words for the user; ``None`` if it can."""
        return why_no_estimate(film, self.engine, self.engine_error)

    def estimate(self, number: int) -> None:
        """Estimate one film in the background, if it can be."""
        film = self.film(number)
        if film is None or self.engine is None or self.why_not(film) is not None:
            return
        self._series.add(number)
        work = partial(pool_calls.estimate, self._line, self.reader, film.case, self.engine, self._threshold_sd)
        self._film_jobs.submit(replace(film, problem=None), work, self._take_estimate, FilmState.ESTIMATING)
        self.work_changed.emit()

    def insist(self, number: int) -> None:
        """Estimate a film although it was refused for what it shows."""
        self._look_again(number, insisted)

    def choose_hand(self, number: int, side: HandSide) -> None:
        """Estimate the left or right one, as pictured, of two hands on a film."""
        self._look_again(number, partial(with_hand, side=side))

    def _look_again(self, number: int, change: Callable[[Film], Film]) -> None:
        film = self.film(number)
        if film is not None and film.case.radiograph is not None:
            self.put(change(film))
            self.estimate(number)

    def estimate_all(self) -> None:
        """Estimate every film that can be; those that are still to be read follow when they are."""
        for film in self.films:
            if film.state in (FilmState.LISTED, FilmState.READING):
                self._wanted.add(film.number)
            else:
                self.estimate(film.number)

    def cancel_estimates(self) -> None:
        """Give up every estimate that waits or runs, also of films that are not read yet."""
        self._wanted.clear()
        self._cancel_running()

    def _cancel_running(self) -> None:
        for film in self.films:
            if film.state is FilmState.ESTIMATING:
                self._film_jobs.cancel(film)
                self.put(replace(film, state=film.rest_state, job=0))
        self._series.clear()
        self.work_changed.emit()

    def _take_estimate(self, film: Film, estimated: Case) -> None:
        estimated = replace(estimated, reading=film.case.reading, earlier=film.case.earlier)  # newer ones
        changed = estimated.assessment is not None and estimated.assessment.threshold_sd != self._threshold_sd
        if changed or estimated.adult_height is not None or is_readers(estimated):
            estimated = self._assessed(estimated)
        self._put_case(film, estimated, film.case.patient)
        self._leave_series(film.number)

    def _job_failed(self, number: int) -> None:
        self._leave_series(number)
        self._film_loader.go_on()

    def _leave_series(self, number: int) -> None:
        self._series.discard(number)
        self.work_changed.emit()
