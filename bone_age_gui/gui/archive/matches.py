"""The series that an archive has listed, as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from bone_age_gui.gui.model_index import ModelIndex
from bone_age_gui.pacs.query import SeriesMatch
from bone_age_gui.wording.archive import UNKNOWN_TEXT
from bone_age_gui.wording.days import day_words
from bone_age_gui.wording.language import mark, tr
from bone_age_gui.wording.values import name_words


def _day(iso: str | None) -> str | None:
    """A day as the language writes it; it sorts as it did."""
    return day_words(iso) if iso else iso


SORT_ROLE = Qt.ItemDataRole.UserRole
_COLUMNS: tuple[tuple[str, Callable[[SeriesMatch], str | int | None]], ...] = (
    (mark("Name"), lambda series: name_words(series.study.patient_name) or UNKNOWN_TEXT),
    (mark("Number"), lambda series: series.study.patient_id),
    (mark("Born"), lambda series: _day(series.study.birth_date)),
    (mark("Study"), lambda series: _day(series.study.study_date)),
    (mark("Kind"), lambda series: series.modality),
    (mark("Body part"), lambda series: series.body_part),
    (mark("Description"), lambda series: series.description or series.study.description),
    (mark("Films"), lambda series: series.instances),
    (mark("State"), lambda series: ""),
)
STATE = len(_COLUMNS) - 1


class MatchesModel(QAbstractTableModel):
    """Rows of ``SeriesMatch``, each with what becomes of it in words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._series: list[SeriesMatch] = []
        self._states: dict[str, str] = {}

    def rowCount(self, parent: ModelIndex = QModelIndex()) -> int:  # noqa: B008  as Qt declares it
        """One row for each series."""
        return 0 if parent.isValid() else len(self._series)

    def columnCount(self, parent: ModelIndex = QModelIndex()) -> int:  # noqa: B008  as Qt declares it
        """Name, number, dates, and what the series is."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(_COLUMNS[section][0])
        return None

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a cell, or what it is sorted by."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, SORT_ROLE):
            return None
        series = self._series[index.row()]
        if index.column() == STATE:
            return self._states.get(series.series_uid, "")
        value = _COLUMNS[index.column()][1](series)
        if role == SORT_ROLE:
            return -1 if value is None else value
        return "" if value is None else str(value)

    def series(self, row: int) -> SeriesMatch:
        """The series of a row."""
        return self._series[row]

    def clear(self) -> None:
        """Forget all rows."""
        self.beginResetModel()
        self._series, self._states = [], {}
        self.endResetModel()

    def add(self, series: Sequence[SeriesMatch]) -> None:
        """More rows below."""
        if series:
            first = len(self._series)
            self.beginInsertRows(QModelIndex(), first, first + len(series) - 1)
            self._series += series
            self.endInsertRows()

    def set_state(self, series: SeriesMatch, words: str) -> None:
        """Say what becomes of a series."""
        self._states[series.series_uid] = words
        if series in self._series:
            index = self.index(self._series.index(series), STATE)
            self.dataChanged.emit(index, index)
