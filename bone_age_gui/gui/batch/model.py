"""The films of a batch as a table that sorts by native values and hands back its record by a role."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QColor, QIcon

from bone_age_gui.core.values.types import Flag
from bone_age_gui.gui.batch.columns import COLUMNS, FLAG, NAME, NOTES, SortValue
from bone_age_gui.gui.batch.pictures import icon_of, sign, thumbnail_square
from bone_age_gui.gui.look.icons import flag_name, glyph_colour
from bone_age_gui.gui.look.theme import current_theme
from bone_age_gui.gui.model_index import ModelIndex
from bone_age_gui.gui.work.batch.sight import Sight
from bone_age_gui.gui.work.batch.values import BatchFilm, BatchRow, Shown, is_flagged
from bone_age_gui.wording.language import mark, tr
from bone_age_gui.wording.reading import LIST_READ_FIRST

ITEM_ROLE = int(Qt.ItemDataRole.UserRole)
"""Hands back the `BatchRow`."""
SORT_ROLE = ITEM_ROLE + 1
"""Hands back the native value, ``None`` where there is none."""
WAITING = mark("waiting")


class BatchModel(QAbstractTableModel):
    """All films of the run, those that wait too, in the order of their names.

    Attributes
    ----------
    picture_wanted : Signal(object)
        The `BatchFilm` of a row that came from an earlier run, when it is drawn first: it has no thumbnail yet.
    """

    picture_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._all: list[BatchRow] = []
        self._items: list[BatchRow] = []
        self._sight = Sight()
        self._asked_for: set[int] = set()
        self.flagged = self.refused = 0

    def rowCount(self, parent: ModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of films."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: ModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Titles of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(COLUMNS[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words, pictures and native values."""
        if not index.isValid():
            return None
        item, column = self._items[index.row()], index.column()
        if role == ITEM_ROLE:
            return item
        if role == SORT_ROLE:
            return cell_value(item, column)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return words(item, column) or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.DecorationRole:
            if column == NAME:
                self._ask_for_picture(item)
            return _decoration(item, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return _colour(item, column)
        return None

    def set_items(self, items: Sequence[BatchRow]) -> None:
        """Begin anew with films that wait."""
        self.beginResetModel()
        self._all = list(items)
        self._see_all()
        self._asked_for.clear()
        self.endResetModel()

    def set_blind(self, wanted: bool) -> None:
        """Whether readers give their age before they see the model's."""
        if wanted != self._sight.is_blind:
            self._sight.is_blind = wanted
            self._look_again()

    def reveal_estimates(self, paths: Iterable[Path]) -> None:
        """The model's estimates of these films were seen elsewhere."""
        if self._sight.mark_seen(paths):
            self._look_again()

    def take_over(self, old: BatchModel) -> None:
        """The films of another model, with what was seen of them."""
        self._sight = old._sight
        self.set_items(old._all)

    def _see_all(self) -> None:
        self._items = [self._sight.seen(item) for item in self._all]
        self.flagged = sum(map(is_flagged, self._items))
        self.refused = sum(item.is_refused for item in self._items)

    def _look_again(self) -> None:
        if self._all:
            self._see_all()
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._items) - 1, len(COLUMNS) - 1))

    def put_picture(self, film: BatchFilm, thumbnail: np.ndarray | None) -> None:
        """Take the thumbnail of a film that was asked for; ``None`` where there is none."""
        row = film.number
        if thumbnail is not None and row < len(self._items) and self._items[row].film == film:
            self._all[row] = replace(self._all[row], thumbnail=thumbnail)
            self._items[row] = self._sight.seen(self._all[row])
            self.dataChanged.emit(self.index(row, NAME), self.index(row, NAME), [Qt.ItemDataRole.DecorationRole])

    def _ask_for_picture(self, item: BatchRow) -> None:
        if item.is_earlier and item.thumbnail is None and item.film.number not in self._asked_for:
            self._asked_for.add(item.film.number)
            self.picture_wanted.emit(item.film)

    def put(self, items: Sequence[BatchRow]) -> None:
        """Take finished films."""
        for item in items:
            row, shown = item.film.number, self._sight.seen(item)
            self.flagged += is_flagged(shown) - is_flagged(self._items[row])
            self.refused += shown.is_refused - self._items[row].is_refused
            self._all[row], self._items[row] = item, shown
        rows = [item.film.number for item in items]
        if rows:
            self.dataChanged.emit(self.index(min(rows), 0), self.index(max(rows), len(COLUMNS) - 1))


class BatchFilter(QSortFilterProxyModel):
    """Sorts by native values, empty ones last in either direction; filters by outcome and by words."""

    def __init__(self, model: BatchModel) -> None:
        super().__init__()
        self._shown = Shown.ALL
        self._text = ""
        self.setSortRole(SORT_ROLE)
        self.setDynamicSortFilter(True)
        self.setSourceModel(model)

    def show_only(self, shown: Shown) -> None:
        """All films, only flagged or only refused ones."""
        self._shown = shown
        self.invalidate()

    def search(self, text: str) -> None:
        """Films that hold all these words in some column."""
        self._text = text.casefold()
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: ModelIndex) -> bool:
        """True for a film that is to be shown."""
        item = self.sourceModel().index(row, 0).data(ITEM_ROLE)
        if self._shown is Shown.FLAGGED and not is_flagged(item):
            return False
        if self._shown is Shown.REFUSED and not item.is_refused:
            return False
        if not self._text:
            return True
        text = " ".join(words(item, column) for column in range(len(COLUMNS))).casefold()
        return all(word in text for word in self._text.split())

    def lessThan(self, left: ModelIndex, right: ModelIndex) -> bool:
        """Compare two native values."""
        first, second = left.data(SORT_ROLE), right.data(SORT_ROLE)
        if first is None or second is None:
            rising = self.sortOrder() is Qt.SortOrder.AscendingOrder
            return (first is not None) == rising and (first is None) != (second is None)
        return bool(first < second)


def words(item: BatchRow, column: int) -> str:
    """The text of a cell."""
    if column == NAME:
        return item.film.name
    if item.record is None:
        return tr(WAITING) if column == FLAG else ""
    if item.is_unread and column == FLAG:
        return tr(LIST_READ_FIRST)
    return COLUMNS[column].words(item.record)


def cell_value(item: BatchRow, column: int) -> SortValue:
    """The native value of a cell; ``None`` where it is empty."""
    if column == NAME:
        return item.film.name.casefold()
    return COLUMNS[column].value(item.record) if item.record is not None else None


def _alignment(column: int) -> int:
    side = Qt.AlignmentFlag.AlignRight if COLUMNS[column].is_number else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


def _decoration(item: BatchRow, column: int) -> QIcon | None:
    """A film as it is, and a sign, also in the row that is chosen: the style would tint them too much."""
    if column == NAME:
        return icon_of(picture := thumbnail_square(item.thumbnail), picture)
    if column != FLAG or item.record is None or item.is_unread:
        return None
    theme = current_theme()
    if item.is_refused:
        name, colour = "refused", theme.error
    elif item.record.is_doubtful:
        name, colour = "warning", theme.warning
    else:
        flag = Flag(item.record.flag or Flag.NO_REFERENCE)
        name, colour = flag_name(flag), theme.flag_colour(flag)
    chosen = sign(name, theme.on_accent, theme.accent)
    return icon_of(sign(name, colour, glyph_colour(theme)), chosen)


def _colour(item: BatchRow, column: int) -> QColor | None:
    theme = current_theme()
    if item.record is None or (item.is_unread and column == FLAG):
        return QColor(theme.muted)
    if item.is_refused and column in (FLAG, NOTES):
        return QColor(theme.error)
    if column == NOTES:
        return QColor(theme.warning if any(notice.loud for notice in item.record.notices) else theme.muted)
    return None
