"""File > From the archive: what is looked for, what there is, and what is to be fetched. It asks by signals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bone_age_gui.core.values.typed_values import WrongValueError, parse_list
from bone_age_gui.gui.archive.matches import SORT_ROLE, MatchesModel
from bone_age_gui.gui.look.carried import carry, carry_table
from bone_age_gui.gui.look.on_screen import resize_on_screen
from bone_age_gui.gui.look.widgets import ScaledLabel
from bone_age_gui.pacs.nodes import Node
from bone_age_gui.pacs.query import MODALITIES, Query, SeriesMatch
from bone_age_gui.wording.archive import ALL_SEEN, NO_NODE, NO_ROW, listed_words, wrong_day_words
from bone_age_gui.wording.language import language, mark, speaking, tr
from bone_age_gui.wording.typed_days import day_hint, edited_day, parse_date, parse_typed_day
from bone_age_gui.wording.typed_values import wrong_value_words

_FIELDS = (
    ("name", mark("&Name"), mark("Begins with: Doe, Jane")),
    ("patient_id", mark("Patient &ID"), mark("The whole number")),
    ("birth_date", mark("&Birth date"), ""),
    ("accession", mark("&Accession number"), mark("The whole number")),
    ("study_from", mark("Study &from"), ""),
    ("study_to", mark("Study &to"), ""),
    ("modality", mark("&Modality"), "CR, DX"),
    ("words", mark("Body part or &description"), mark("Empty: every film")),
)
_DATES = ("birth_date", "study_from", "study_to")


class FindDialog(QDialog):
    """Not modal: the window goes on beside it.

    Attributes
    ----------
    find_wanted : Signal(object, object)
        Node and query, from the first study on; ``more_wanted`` goes on where it was.
    fetch_wanted : Signal(object)
        List of series.
    """

    find_wanted = Signal(object, object)
    more_wanted = Signal()
    fetch_wanted = Signal(object)
    cancel_wanted = Signal()
    set_up_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("From the archive"))
        self.node = QComboBox()
        self.node.setAccessibleName(tr("Archive"))
        self.node.currentIndexChanged.connect(self._node_changed)
        self.set_up = QPushButton(tr("&Set up…"))
        self.set_up.clicked.connect(self.set_up_wanted)
        self.fields = {
            name: self._field(tr(text), day_hint() if name in _DATES else tr(hint)) for name, text, hint in _FIELDS
        }
        self.fields["modality"].setText(", ".join(MODALITIES))
        self.matches = MatchesModel(self)
        self.table = self._make_table()
        self.search = QPushButton(tr("F&ind"))
        self.search.setDefault(True)
        self.search.clicked.connect(self._find)
        self.more = QPushButton(tr("Find m&ore"))
        self.more.clicked.connect(self.more_wanted)
        self.fetch = QPushButton(tr("F&etch and open"))
        self.fetch.clicked.connect(self._fetch)
        self.cancel = QPushButton(tr("&Cancel"))
        self.cancel.clicked.connect(self.cancel_wanted)
        self.message = ScaledLabel("", 1.0)
        self.message.setWordWrap(True)
        self.busy = QProgressBar()
        self.busy.setAccessibleName(tr("Waiting for the archive"))
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setMaximumHeight(6)
        self._nodes: tuple[Node, ...] = ()
        self._has_more = False
        self._language = language()
        QShortcut(QKeySequence("Esc"), self, self._escape)
        self._lay_out()
        self.set_busy(False)
        resize_on_screen(self, 980, 640)

    def show_nodes(self, nodes: Sequence[Node]) -> None:
        """The archives that can be asked."""
        now = self.node.currentText()
        self._nodes = tuple(nodes)
        self.node.blockSignals(True)
        self.node.clear()
        self.node.addItems([node.name for node in nodes])
        self.node.setCurrentIndex(max(0, self.node.findText(now)))
        self.node.blockSignals(False)
        self._node_changed()
        self.say("" if nodes else tr(NO_NODE))
        self._refresh()

    def set_busy(self, busy: bool) -> None:
        """Say that an answer is waited for, or that none is any more."""
        self._is_busy = busy
        self.busy.setVisible(busy)
        self._refresh()

    def say(self, words: str) -> None:
        """One line below the table; an error, too."""
        self.message.setText(words)

    def show_first(self) -> None:
        """Forget the matches of earlier queries."""
        self.matches.clear()
        self._has_more = False

    def show_page(self, series: Sequence[SeriesMatch], has_more: bool) -> None:
        """Add further matches."""
        self.matches.add(series)
        self._has_more = has_more
        self.say(listed_words(self.matches.rowCount(), has_more))
        self._refresh()

    def take_over(self, old: FindDialog) -> None:
        """Show what the dialog in the language before showed; it asks the same archives."""
        carry(old, self)
        for name in _DATES:
            self.fields[name].setText(old.day_for(language(), name))
        if old.matches.rowCount():
            self.show_page([old.matches.series(row) for row in range(old.matches.rowCount())], old._has_more)
            carry_table(old.table, self.table)
        self.set_busy(old._is_busy)

    def day_for(self, language: str, name: str) -> str:
        """A typed day as readers of another language type it; what is no day stays as it is."""
        text = self.fields[name].text()
        try:
            with speaking(self._language):
                day = parse_date(text)
        except ValueError:
            return text
        with speaking(language):
            return edited_day(day)

    def selected(self) -> list[SeriesMatch]:
        """The chosen rows."""
        rows = {self.sorted.mapToSource(index).row() for index in self.table.selectionModel().selectedRows()}
        return [self.matches.series(row) for row in sorted(rows)]

    def _find(self) -> None:
        node = self._node()
        if node is None:
            return
        try:
            days = {name: self._day(name) for name in _DATES}
        except ValueError as error:
            self.say(str(error))
            return
        text = {name: field.text().strip() for name, field in self.fields.items()}
        query = Query(
            name=text["name"],
            patient_id=text["patient_id"],
            birth_date=days["birth_date"],
            study_from=days["study_from"],
            study_to=days["study_to"],
            accession_number=text["accession"],
            modalities=parse_list(text["modality"]),
            words=parse_list(text["words"]),
        )
        self.find_wanted.emit(node, query)

    def _day(self, name: str) -> date | None:
        field = self.fields[name]
        if not field.text().strip():
            return None
        try:
            return parse_typed_day(field.text())
        except WrongValueError as error:
            field.setFocus()
            raise ValueError(wrong_day_words(wrong_value_words(field.accessibleName(), error.fact))) from None

    def _fetch(self) -> None:
        if chosen := self.selected():
            self.fetch_wanted.emit(chosen)

    def _node(self) -> Node | None:
        index = self.node.currentIndex()
        return self._nodes[index] if 0 <= index < len(self._nodes) else None

    def _node_changed(self) -> None:
        node = self._node()
        self.fields["words"].setText(", ".join(node.words) if node is not None else "")

    def _escape(self) -> None:
        if self._is_busy:
            self.cancel_wanted.emit()
        else:
            self.close()

    def _refresh(self) -> None:
        free = not self._is_busy and bool(self._nodes)
        self.search.setEnabled(free)
        self.more.setEnabled(free and self._has_more)
        self.more.setToolTip("" if self._has_more else tr(ALL_SEEN))
        chosen = self.table.selectionModel().hasSelection()
        self.fetch.setEnabled(free and chosen)
        self.fetch.setToolTip("" if chosen else tr(NO_ROW))
        self.cancel.setEnabled(self._is_busy)

    def _make_table(self) -> QTableView:
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(self.matches)
        self.sorted.setSortRole(SORT_ROLE)
        table = QTableView()
        table.setAccessibleName(tr("Series in the archive"))
        table.setModel(self.sorted)
        table.setSortingEnabled(True)
        table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setStretchLastSection(True)
        table.doubleClicked.connect(self._fetch)
        table.selectionModel().selectionChanged.connect(self._refresh)
        return table

    def _field(self, text: str, hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(hint)
        field.setAccessibleName(text.replace("&", ""))
        return field

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        node = QHBoxLayout()
        node.addWidget(self.node, 1)
        node.addWidget(self.set_up)
        label = QLabel(tr("A&rchive"))
        label.setBuddy(self.node)
        grid.addWidget(label, 0, 0)
        grid.addLayout(node, 0, 1, 1, 3)
        for number, (name, text, _) in enumerate(_FIELDS):
            row, column = 1 + number // 2, 2 * (number % 2)
            label = QLabel(tr(text))
            label.setBuddy(self.fields[name])
            grid.addWidget(label, row, column)
            grid.addWidget(self.fields[name], row, column + 1)
        buttons = QHBoxLayout()
        for button in (self.search, self.more, self.cancel):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.fetch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addLayout(grid)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.busy)
        layout.addWidget(self.message)
        layout.addLayout(buttons)
