"""The list of open films and which of them is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from bone_age_gui.core.values.reading import NO_READING, Reading
from bone_age_gui.core.values.types import Case
from bone_age_gui.gui.work.decisions import with_acceptance, with_sight, with_signature
from bone_age_gui.gui.work.film import Film, FilmState


class FilmTable(QObject):
    """Open films by number, in the order in which they were opened.

    Attributes
    ----------
    blind_first : bool
        Whether readers give their age before they see the model's.
    reader_name : str
        Who reads: stands with what is decided.
    films_added : Signal(object)
        Tuple of `Film`.
    film_changed, film_removed, current_changed : Signal(int)
        Number of the film; `current_changed` gives 0 where no film is open.
    sight_changed : Signal
        `blind_first` has changed.
    """

    films_added = Signal(object)
    film_changed = Signal(int)
    film_removed = Signal(int)
    current_changed = Signal(int)
    sight_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = count(1)
        self._films: dict[int, Film] = {}
        self._numbers_by_path: dict[Path, int] = {}
        self._current = 0
        self.blind_first = False
        self.reader_name = ""

    @property
    def films(self) -> tuple[Film, ...]:
        """All open films."""
        return tuple(self._films.values())

    @property
    def current(self) -> Film | None:
        """The film that is shown."""
        return self._films.get(self._current)

    @property
    def seen(self) -> Film | None:
        """The film that is shown, as far as the reader may see it."""
        film = self.current
        return film.seen if film is not None else None

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
        """Take what a person made of a film; no report of it holds that yet."""
        film = self.film(number)
        if film is None:
            return
        before = film.case.reading or NO_READING
        reading = with_signature(reading, before, self.reader_name)
        if reading != before:
            self.put(replace(film, case=replace(film.case, reading=reading), reported=False))

    def reveal_estimate(self, number: int) -> None:
        """The reader has read first: from now on the model's estimate is to be seen."""
        film = self.film(number)
        if film is not None and film.is_blind:
            reading = (film.case.reading or NO_READING).with_model_shown()
            self.put(replace(film, case=replace(film.case, reading=reading)))

    def set_blind_first(self, wanted: bool) -> None:
        """Whether readers give their age before they see the model's; what was seen stays to be seen."""
        if wanted != self.blind_first:
            self.blind_first = wanted
            for film in self.films:
                self.put(film)
            self.sight_changed.emit()

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

    def add_paths(self, paths: Iterable[Path]) -> list[Film]:
        """Take in the files that are not open yet; each once."""
        new = [
            Film(self.new_number(), Case(path=path), FilmState.LISTED)
            for path in dict.fromkeys(paths)
            if self.number_of(path) is None
        ]
        if new:
            self.add(new)
        return new

    def number_of(self, path: Path) -> int | None:
        """Number of the open film of that file."""
        return self._numbers_by_path.get(path)

    def put(self, film: Film) -> None:
        """Keep the new state of an open film."""
        film = with_acceptance(film, self._films.get(film.number))
        self._films[film.number] = with_sight(film, self.blind_first)
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
