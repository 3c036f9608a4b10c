"""The list of open films and which of them is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from bone_age_gui.core.values.record import DECIDED_BY_MODEL
from bone_age_gui.core.values.types import Reading
from bone_age_gui.gui.work.film import Film


class FilmTable(QObject):
    """Open films by number, in the order in which they were opened.

    Attributes
    ----------
    films_added : Signal(object)
        Tuple of `Film`.
    film_changed, film_removed, current_changed : Signal(int)
        Number of the film; `current_changed` gives 0 where no film is open.
    """

    films_added = Signal(object)
    film_changed = Signal(int)
    film_removed = Signal(int)
    current_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = count(1)
        self._films: dict[int, Film] = {}
        self._numbers_by_path: dict[Path, int] = {}
        self._current = 0

    @property
    def films(self) -> tuple[Film, ...]:
        """All open films."""
        return tuple(self._films.values())

    @property
    def current(self) -> Film | None:
        """The film that is shown."""
        return self._films.get(self._current)

    def film(self, number: int) -> Film | None:
        """The film of that number, if it is still open."""
        return self._films.get(number)

    def select(self, number: int) -> None:
        """Show a film."""
        if number in self._films and number != self._current:
            self._show(number)

    def step(self, by: int) -> None:
        """Show the next (1) or previous (-1) film; stays at the ends."""
        numbers = list(self._films)
        if self._current in numbers:
            place = min(max(numbers.index(self._current) + by, 0), len(numbers) - 1)
            self.select(numbers[place])

    def set_reading(self, number: int, reading: Reading) -> None:
        """Take what a person made of a film."""
        film = self.film(number)
        if film is not None and film.case.reading != reading:
            self.put(replace(film, case=replace(film.case, reading=reading)))

    def set_form_problem(self, number: int, problem: str | None) -> None:
        """Remember that the form of a film holds something that cannot be used."""
        film = self.film(number)
        if film is not None and film.form_problem != problem:
            self.put(replace(film, form_problem=problem))

    def mark_reported(self, numbers: Iterable[int]) -> None:
        """Reports of these films were written."""
        for number in numbers:
            film = self.film(number)
            if film is not None and not film.reported:
                self.put(replace(film, reported=True))

    def new_number(self) -> int:
        """A number that no film has had."""
        return next(self._numbers)

    def add(self, films: Sequence[Film]) -> None:
        """Take films in; none is shown by itself."""
        self._films |= {film.number: film for film in films}
        self._numbers_by_path |= {film.case.path: film.number for film in films if film.case.path is not None}
        self.films_added.emit(tuple(films))

    def number_of(self, path: Path) -> int | None:
        """Number of the open film of that file."""
        return self._numbers_by_path.get(path)

    def put(self, film: Film) -> None:
        """Keep the new state of an open film."""
        reading = film.case.reading
        if film.case.estimate is None and reading is not None and reading.decided_by == DECIDED_BY_MODEL:
            # What was accepted is gone: the next estimate may be another one.
            film = replace(film, case=replace(film.case, reading=replace(reading, decided_by=None)))
        self._films[film.number] = film
        self.film_changed.emit(film.number)

    def remove(self, number: int) -> None:
        """Take a film out; its neighbour is shown in its place."""
        numbers = list(self._films)
        place = numbers.index(number)
        neighbours = numbers[place + 1 :] + numbers[:place][::-1]
        path = self._films.pop(number).case.path
        if path is not None:
            self._numbers_by_path.pop(path, None)
        self.film_removed.emit(number)
        if number == self._current:
            self._show(neighbours[0] if neighbours else 0)

    def _show(self, number: int) -> None:
        self._current = number
        self.current_changed.emit(number)
