"""Which of the open films are listed, and in which order."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QSortFilterProxyModel, Qt

from bone_age_gui.core.values.final import final_assessment
from bone_age_gui.core.values.types import Flag
from bone_age_gui.gui.model_index import ModelIndex
from bone_age_gui.gui.panels.films.model import FILM_ROLE, FilmModel
from bone_age_gui.gui.work.film import Film, FilmState
from bone_age_gui.wording.values import name_words

UNSORTED = -1
"""The column by which nothing is sorted: the films stay in the order of opening."""


class Group(StrEnum):
    """Films that are listed together."""

    ALL = "all"
    TO_READ = "to read"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"
    REPORTED = "reported"


class Order(StrEnum):
    """What the list is sorted by."""

    OPENED = "as opened"
    NAME = "file name"
    PATIENT = "patient"
    DATE = "study date"
    STATE = "state"


FLAGS_TO_LOOK_AT = (Flag.ADVANCED, Flag.DELAYED, Flag.INDETERMINATE)
STATES = tuple(FilmState)


def is_in(film: Film, group: Group) -> bool:
    """Whether a film belongs to a group; a doubtful one has a flag or a loud notice that someone should look at."""
    refused = film.case.error is not None
    if group is Group.REFUSED:
        return refused
    if group is Group.REPORTED:
        return film.reported
    if group is Group.TO_READ:
        return not refused and not film.reported
    if group is Group.DOUBTFUL:
        assessment = final_assessment(film.case)
        flagged = assessment is not None and (assessment.flag in FLAGS_TO_LOOK_AT or assessment.borderline)
        return flagged or bool(film.case.doubts) or any(notice.loud for notice in film.case.all_notices)
    return True


def groups_of(film: Film) -> frozenset[Group]:
    """All groups of a film."""
    if film.state is FilmState.LISTED:  # thousands come at once
        return frozenset((Group.ALL, Group.TO_READ))
    return frozenset(group for group in Group if is_in(film, group))


def sort_key(film: Film, order: Order) -> tuple[bool, str | int]:
    """The native value that a film is sorted by; films without one come last."""
    patient = film.case.patient
    value: str | int | None = film.number
    if order is Order.NAME:
        value = film.name.casefold()
    elif order is Order.PATIENT:
        value = name_words(patient.name).casefold() or patient.patient_id
    elif order is Order.DATE:
        value = patient.study_date.isoformat() if patient.study_date is not None else None
    elif order is Order.STATE:
        value = STATES.index(film.state)
    return value is None, value if value is not None else ""


class FilmFilter(QSortFilterProxyModel):
    """The films of a group, sorted by native values."""

    def __init__(self, model: FilmModel) -> None:
        super().__init__()
        self._group = Group.ALL
        self._order = Order.OPENED
        self._groups = model.groups
        self.setDynamicSortFilter(True)
        self.setSourceModel(model)

    def show_group(self, group: Group) -> None:
        """List only these."""
        self._group = group
        self.invalidate()

    def sort_by(self, order: Order) -> None:
        """List in this order."""
        self._order = order
        self.regroup()

    def regroup(self) -> None:
        """Films of the same child stand together where the list is in the order of opening."""
        self.invalidate()
        is_as_opened = self._order is Order.OPENED and not self._groups
        self.sort(UNSORTED if is_as_opened else 0, Qt.SortOrder.AscendingOrder)

    def filterAcceptsRow(self, row: int, parent: ModelIndex) -> bool:
        """True for a film of the group."""
        if self._group is Group.ALL:
            return True
        film = self.sourceModel().index(row, 0).data(FILM_ROLE)
        return isinstance(film, Film) and is_in(film, self._group)

    def lessThan(self, left: ModelIndex, right: ModelIndex) -> bool:
        """Compare two films."""
        first, second = left.data(FILM_ROLE), right.data(FILM_ROLE)
        if self._order is Order.OPENED:
            return self._groups.order(first) < self._groups.order(second)
        return sort_key(first, self._order) < sort_key(second, self._order)
