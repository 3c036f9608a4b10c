"""The open films on their way along the line: opened, read and closed here, with the parts that do the rest joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.final import is_readers
from bone_age_gui.core.values.reading import Reading
from bone_age_gui.core.values.types import Case
from bone_age_gui.gui.work import pool_calls
from bone_age_gui.gui.work.assessments import Assessments
from bone_age_gui.gui.work.earlier_reports import EarlierReports
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.gui.work.engine_loader import EngineLoader
from bone_age_gui.gui.work.estimates import Estimates
from bone_age_gui.gui.work.film import Film, FilmState
from bone_age_gui.gui.work.film_jobs import FilmJobs
from bone_age_gui.gui.work.film_loader import FilmLoader
from bone_age_gui.gui.work.film_table import FilmTable
from bone_age_gui.gui.work.jobs import Failed, Jobs
from bone_age_gui.gui.work.keeper import Keeper
from bone_age_gui.gui.work.line import Backend
from bone_age_gui.gui.work.quality_checks import QualityChecks
from bone_age_gui.gui.work.second_look import made_anew, with_stages
from bone_age_gui.store.forget import kept_beside
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.window_messages import LOOKING, NO_FILM_THERE, films_opened

if TYPE_CHECKING:
    from bone_age_gui.core.batch.films import FoundFilms

T = TypeVar("T")


class Session(FilmTable):
    """Films, the loaded model, and the jobs between them.

    Attributes
    ----------
    estimates, assessments
        What is estimated, and how it compares with the patients' ages.
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
        self._jobs = Jobs(self)
        self._jobs.crashed.connect(self.crashed)
        self._film_jobs = FilmJobs(self._jobs, self, self._job_failed)
        self.keeper = Keeper(self, kept_beside())
        self.earlier = EarlierReports(self._jobs, self.keeper, self.said.emit)
        self._film_loader = FilmLoader(self, self._film_jobs, self.reader, self.keeper.restored, self._go_on)
        self.current_changed.connect(self._film_loader.show)
        self._loader = EngineLoader(self._jobs, backend.load_engine, self)
        self._loader.changed.connect(self._take_engine)
        self._quality_checks = QualityChecks(self, self._film_jobs, self._film_loader, self._loader, backend)
        self.assessments = Assessments(self, self._film_loader, self._loader, backend.line, threshold_sd)
        self.estimates = Estimates(
            self, self._film_jobs, self.assessments, self._loader, backend, self.work_changed.emit
        )

    @property
    def engine(self) -> Engine | None:
        """Model and reference, once loaded."""
        return self._loader.engine

    @property
    def engine_error(self) -> BoneAgeError | None:
        """Why there is no model."""
        return self._loader.error

    @property
    def is_idle(self) -> bool:
        """True when no work waits or runs."""
        return self._jobs.active == 0 and not self._film_loader.waits and not self._quality_checks.waits

    def run_job(self, work: Callable[[], T], done: Callable[[T], object], failed: Failed | None = None) -> None:
        """Run a pure call in the pool: export and the like."""
        self._jobs.submit(work, done, failed)

    def completing(self) -> Callable[[Case], Case]:
        """A pure call that gives a case its pixels and stages back, for a report; ``BoneAgeError`` where it cannot."""
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
        self.estimates.cancel_running()
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
            self.said.emit(tr(LOOKING))
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
        self.estimates.want(numbers if then_estimate else ())
        if numbers:
            self.select(numbers[0])
        self._film_loader.add(film.number for film in new)
        self.said.emit(films_opened(len(new), closed_folders) if paths else tr(NO_FILM_THERE))

    def _go_on(self, film: Film) -> None:
        """With film and model at hand: estimate if that was asked for at opening, else run the stages."""
        if self.engine is None or film.case.radiograph is None or film.state is not film.rest_state:
            return
        if not self.estimates.begin_if_wanted(film) and not film.case.stages and not film.lacks_pixels:
            work = partial(pool_calls.prepare_case, self._line, film.case, self.engine)
            self._film_jobs.submit(film, work, self._take_prepared, film.state)

    def _take_prepared(self, film: Film, prepared: Case) -> None:
        self.put(self._film_loader.keep(with_stages(film, prepared)))

    def close(self, number: int) -> None:
        """Take a film out of the list; its running work is forgotten."""
        film = self.film(number)
        if film is not None:
            self._film_jobs.cancel(film)
            self.estimates.forget(number)
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

    def set_reading(self, number: int, reading: Reading) -> None:
        """Take what a person made of a film; what is compared is the final bone age."""
        super().set_reading(number, reading)
        film = self.film(number)
        if film is not None and (is_readers(film.case) or film.case.reader_assessment is not None):
            self.assessments.assess(film)

    def _job_failed(self, number: int) -> None:
        self.estimates.leave(number)
        self._film_loader.go_on()
