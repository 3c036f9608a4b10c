"""The table of a batch: how its rows look, and how they are chosen."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QTableView

from bone_age_gui.gui.batch.columns import COLUMNS, FLAG, NAME, NOTES
from bone_age_gui.gui.batch.model import BatchFilter
from bone_age_gui.gui.batch.pictures import PICTURE
from bone_age_gui.gui.batch.sign import SignDelegate
from bone_age_gui.gui.batch.whole import WholeName, WholeText
from bone_age_gui.wording.language import mark, tr

_SHEET = """
QTableView { border: 1px solid palette(mid); border-radius: 7px; gridline-color: transparent; outline: 0; }
QTableView:focus { border-color: palette(highlight); }
QTableView::item { padding: 0 6px; border-bottom: 1px solid palette(alternate-base); }
QTableView::item:selected { background: palette(highlight); color: palette(highlighted-text); }
QHeaderView::section { background: palette(window); border: none; border-bottom: 1px solid palette(mid);
    padding: 5px 8px; font-weight: bold; }
"""
_CELL_MARGIN = 22
_LEAST_SHARE = 0.66
"""Of the width of a column's words in one line: where the reasons lack room, the words take two."""
_NOTES_SAMPLE = mark("A reason why a film was refused takes lines")
"""As wide as this are the reasons at least: where there is less room, the table scrolls."""


class BatchTable(QTableView):
    """A row a film, sorted by any column.

    Attributes
    ----------
    enter_pressed : Signal(QModelIndex)
        Enter on a row; a double click has the view's own signal.
    """

    enter_pressed = Signal(QModelIndex)

    def __init__(self, films: BatchFilter) -> None:
        super().__init__()
        self.setModel(films)
        self.setAccessibleName(tr("Films of the batch"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(True)  # a reason takes more than one line
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setIconSize(QSize(PICTURE, PICTURE))
        self.setItemDelegateForColumn(NAME, WholeName(self))
        self.setItemDelegateForColumn(FLAG, SignDelegate(self))
        self.setItemDelegateForColumn(NOTES, WholeText(self))
        self.setStyleSheet(_SHEET)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(PICTURE + 8)
        self.verticalHeader().setDefaultSectionSize(PICTURE + 8)
        self.horizontalHeader().setHighlightSections(False)
        self._is_fitting = self._are_chosen = False
        self._fit = QTimer(self)
        self._fit.setSingleShot(True)
        self._fit.timeout.connect(self._fit_rows)
        for change in (films.dataChanged, films.layoutChanged, films.modelReset, films.rowsInserted, films.rowsRemoved,
                       self.verticalScrollBar().valueChanged, self.horizontalHeader().sectionResized):  # fmt: skip
            change.connect(self._fit_rows_soon)
        self.setSortingEnabled(True)
        self.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
        self._columns = self._measure_columns()
        self.horizontalHeader().sectionResized.connect(self._note_width)
        self._fit_columns()
        for keys in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda: self.enter_pressed.emit(self.currentIndex()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer rows are in sight; the reasons take the room that is left."""
        super().resizeEvent(event)
        self._fit_columns()
        self._fit_rows_soon()

    def _measure_columns(self) -> list[tuple[int, int]]:
        """Least and wanted width of each: its heading with the sign of the order, and its words in lines or in one."""
        metrics, header = QFontMetrics(self.font()), self.horizontalHeader()
        header.ensurePolished()
        measured = []
        for place, column in enumerate(COLUMNS[:NOTES]):
            beside = (PICTURE if place == NAME else 0) + _CELL_MARGIN
            sample = tr(column.sample)
            one_line = metrics.horizontalAdvance(sample) + beside
            lines = int(one_line * _LEAST_SHARE) if column.wraps else one_line
            longest = max(map(metrics.horizontalAdvance, sample.split())) + beside  # a word is not cut
            least = max(lines, longest, header.sectionSizeHint(place))
            measured.append((least, max(one_line, least)))
        return measured

    def _fit_columns(self) -> None:
        """The others give the reasons their least width where they can; widths that a person chose stay."""
        least_reason = self.fontMetrics().horizontalAdvance(tr(_NOTES_SAMPLE)) + _CELL_MARGIN
        if not self._are_chosen:
            self._is_fitting = True
            wanted, least = sum(wide for _, wide in self._columns), sum(narrow for narrow, _ in self._columns)
            room = self.viewport().width() - least_reason
            share = min(1.0, (room - least) / max(1, wanted - least)) if room >= least else 1.0  # it scrolls anyway
            for place, (narrow, wide) in enumerate(self._columns):
                self.setColumnWidth(place, narrow + int(share * (wide - narrow)))
            self._is_fitting = False
        others = sum(self.columnWidth(place) for place in range(NOTES))
        self.setColumnWidth(NOTES, max(least_reason, self.viewport().width() - others))

    def _note_width(self, place: int, _before: int, _now: int) -> None:
        self._are_chosen = self._are_chosen or (place != NOTES and not self._is_fitting)

    def _fit_rows_soon(self, *_: object) -> None:
        self._fit.start(0)

    def _fit_rows(self) -> None:
        """A row in sight is as high as its words: no reason is cut. The others are fitted when they come."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first >= 0:
            for row in range(first, (last if last >= 0 else self.model().rowCount() - 1) + 1):
                self.resizeRowToContents(row)
