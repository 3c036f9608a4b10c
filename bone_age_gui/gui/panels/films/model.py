"""The open films as rows of a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QPixmap

from bone_age_gui.core.values.final import final_assessment, final_months
from bone_age_gui.gui.model_index import ModelIndex
from bone_age_gui.gui.panels.films.groups import ChildGroups
from bone_age_gui.gui.view.qimage import grey_image
from bone_age_gui.gui.work.film import Film, FilmState
from bone_age_gui.wording.course import place_words
from bone_age_gui.wording.errors import error_line, error_words
from bone_age_gui.wording.film_list import doubtful_words, estimated_words, patient_line, tip_words
from bone_age_gui.wording.final import list_age
from bone_age_gui.wording.language import mark, tr
from bone_age_gui.wording.reading import LIST_READ_FIRST

FILM_ROLE = int(Qt.ItemDataRole.UserRole)
"""Hands back the `Film` itself."""
PICTURE_ROLE = FILM_ROLE + 1
PLACE_ROLE = FILM_ROLE + 2
"""Which of how many films of its child, in words; empty where it is the only one."""
PICTURES_KEPT = 200
_STATE_WORDS = {
    FilmState.LISTED: mark("not read yet"),
    FilmState.READING: mark("reading…"),
    FilmState.READY: mark("ready"),
    FilmState.ESTIMATING: mark("estimating…"),
}


def patient_words(film: Film) -> str:
    """Who it is, and the day of the radiograph, as far as they are known."""
    return patient_line(film.case.patient)


def state_words(film: Film) -> str:
    """The state of a film in a few words."""
    if film.case.error is not None:
        return error_words(film.case.error).title
    if film.problem is not None and film.state is not FilmState.ESTIMATING:
        return error_words(film.problem).title
    if film.state is FilmState.ESTIMATED and film.is_blind:
        return tr(LIST_READ_FIRST)
    months, assessment = final_months(film.case), final_assessment(film.case)
    if film.state is FilmState.ESTIMATED and months is not None:
        age = list_age(film.case, months)
        return doubtful_words(film.case.doubts[0], age) if film.case.doubts else estimated_words(age, assessment)
    if film.state is FilmState.READY and film.case.doubts:
        return doubtful_words(film.case.doubts[0], None)
    return tr(_STATE_WORDS.get(film.state, ""))


class FilmModel(QAbstractListModel):
    """Rows in the order of opening; the record comes by `FILM_ROLE`."""

    def __init__(self) -> None:
        super().__init__()
        self._films: list[Film] = []
        self._rows: dict[int, int] = {}
        self._pictures: dict[int, QPixmap] = {}
        self.groups = ChildGroups()

    def rowCount(self, parent: ModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of films."""
        return 0 if parent.isValid() else len(self._films)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, state and the film."""
        if not index.isValid() or index.row() >= len(self._films):
            return None
        film = self._films[index.row()]
        if role == FILM_ROLE:
            return film
        if role == PICTURE_ROLE:
            return self._picture(film)
        if role == Qt.ItemDataRole.DisplayRole:
            return film.name
        if role == PLACE_ROLE:
            return place_words(self.groups.place(film))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (film.name, patient_words(film), place_words(self.groups.place(film)), state_words(film))
            return ", ".join(part for part in parts if part).replace("\n", ", ")
        if role == Qt.ItemDataRole.ToolTipRole:
            error = film.case.error or film.problem
            return tip_words(film.name, error_line(error) if error else state_words(film))
        return None

    def add(self, films: Sequence[Film]) -> None:
        """List films at the end."""
        first = len(self._films)
        self.beginInsertRows(QModelIndex(), first, first + len(films) - 1)
        self._films += films
        self._rows |= {film.number: first + place for place, film in enumerate(films)}
        for film in films:
            self.groups.put(film)
        self.endInsertRows()

    def put(self, film: Film) -> bool:
        """Show a film's new state; True if films now stand together otherwise."""
        row, moves = self._rows.get(film.number), False
        if row is not None:
            self._films[row] = film
            moves = self.groups.put(film)
            index = self.index(row)
            self.dataChanged.emit(index, index)
        return moves

    def remove(self, number: int) -> None:
        """Take a film out."""
        row = self._rows.get(number)
        if row is not None:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._films[row]
            self._pictures.pop(number, None)
            self._rows = {film.number: place for place, film in enumerate(self._films)}
            self.groups.remove(number)
            self.endRemoveRows()

    def row_of(self, number: int) -> int | None:
        """Row of a film."""
        return self._rows.get(number)

    @property
    def films(self) -> tuple[Film, ...]:
        """All films, in the order of opening."""
        return tuple(self._films)

    def _picture(self, film: Film) -> QPixmap | None:
        if film.thumbnail is None:
            return None
        if film.number not in self._pictures:
            if len(self._pictures) >= PICTURES_KEPT:
                self._pictures.clear()
            self._pictures[film.number] = QPixmap.fromImage(grey_image(film.thumbnail))
        return self._pictures[film.number]
