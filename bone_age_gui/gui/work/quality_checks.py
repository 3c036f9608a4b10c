"""The quality of films that were read and whose pixels were given up, so that the list says of all which are doubtful
or refused.

A film that is shown, or was lately, has it with its stages; the others follow one by one, once all are read.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bone_age_gui.core.values.types import Case
from bone_age_gui.gui.work import pool_calls
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.gui.work.engine_loader import EngineLoader
from bone_age_gui.gui.work.film import Film, FilmState
from bone_age_gui.gui.work.film_jobs import FilmJobs
from bone_age_gui.gui.work.film_loader import FilmLoader
from bone_age_gui.gui.work.film_table import FilmTable
from bone_age_gui.gui.work.line import Backend
from bone_age_gui.gui.work.second_look import with_stages


class QualityChecks:
    """Follows the films of a table and the model, whose finder is asked in the pool."""

    def __init__(
        self, table: FilmTable, jobs: FilmJobs, loader: FilmLoader, model: EngineLoader, backend: Backend
    ) -> None:
        self._table = table
        self._jobs = jobs
        self._loader = loader
        self._model = model
        self._look = partial(pool_calls.look_again, backend.line, backend.reader)
        self._waiting: dict[int, None] = {}
        self._looked: dict[int, Engine] = {}
        self._asked = (0, 0)
        table.film_changed.connect(self._film_changed)
        table.film_removed.connect(self._film_removed)
        model.changed.connect(self._begin)

    @property
    def waits(self) -> bool:
        """True while a film is still to be looked at, and can be."""
        return self._engine() is not None and any(map(self._is_wanted, self._waiting))

    def _begin(self) -> None:
        """Another model came: look at all films."""
        self._waiting |= dict.fromkeys(film.number for film in self._table.films)
        self._go_on()

    def _engine(self) -> Engine | None:
        return self._model.engine

    def _go_on(self) -> None:
        """Look at the next film, if nothing is more urgent."""
        engine = self._engine()
        if engine is None or self._loader.waits or self._is_looking():
            return
        while self._waiting:
            number = next(iter(self._waiting))
            del self._waiting[number]
            film = self._table.film(number)
            if film is not None and self._is_wanted(number):
                self._asked = number, 0  # what is put below comes back here
                self._jobs.submit(film, partial(self._look, film.case, engine), partial(self._take, engine), film.state)
                asked = self._table.film(number)
                self._asked = number, asked.job if asked is not None else 0
                return

    def _is_looking(self) -> bool:
        number, job = self._asked
        film = self._table.film(number)
        return film is not None and film.job > 0 and job in (0, film.job)

    def _is_wanted(self, number: int) -> bool:
        film, engine = self._table.film(number), self._engine()
        if film is None or film.job or film.problem is not None or film.state is not FilmState.READY:
            return False
        was_looked_at = engine is not None and self._looked.get(number) is engine
        return film.lacks_pixels and film.case.quality is None and not was_looked_at

    def _take(self, engine: Engine, film: Film, looked: Case) -> None:
        if engine is not self._engine():  # another model came meanwhile
            self._table.put(film)
            return
        self._looked[film.number] = engine
        film = replace(film, case=replace(film.case, radiograph=looked.radiograph))
        self._table.put(self._loader.keep(with_stages(film, looked)))

    def _film_changed(self, number: int) -> None:
        if self._is_wanted(number):
            self._waiting[number] = None
        if self._waiting:
            self._go_on()

    def _film_removed(self, number: int) -> None:
        self._waiting.pop(number, None)
        self._looked.pop(number, None)
        self._go_on()
