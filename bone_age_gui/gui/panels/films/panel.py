"""The list of open films at the left."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFrame, QListView, QVBoxLayout, QWidget

from bone_age_gui.gui.panels.films.filter import FilmFilter, Group, Order, groups_of
from bone_age_gui.gui.panels.films.model import FILM_ROLE, FilmModel
from bone_age_gui.gui.panels.films.rows import FilmDelegate
from bone_age_gui.gui.work.film import Film
from bone_age_gui.wording.film_list import ORDERS, group_line
from bone_age_gui.wording.language import tr

FEW = 30
"""Up to so many films the list follows at once; a longer one is drawn anew less often."""
SLOWEST_MS = 2000


class FilmsPanel(QWidget):
    """The list; the selection is the film that is shown.

    Attributes
    ----------
    film_wanted : Signal(int)
        Number of the film that the user chose.
    """

    film_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = FilmModel()
        self.filter = FilmFilter(self.model)
        self._shown = 0
        self._changing = False
        self._changed: dict[int, Film] = {}
        self._groups: dict[int, tuple[Film, frozenset[Group]]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._show_changed)
        self.group = QComboBox()
        self.order = QComboBox()
        self.view = QListView()
        self._set_up_choices()
        self._set_up_view()
        choices = QVBoxLayout()  # one above the other: side by side their words were cut in a narrow list
        choices.setSpacing(4)
        choices.addWidget(self.group)
        choices.addWidget(self.order)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 0, 0, 6)
        layout.setSpacing(4)
        layout.addLayout(choices)
        layout.addWidget(self.view)
        self._count()

    def _set_up_choices(self) -> None:
        for group in Group:
            self.group.addItem("", group)
        for order in Order:
            self.order.addItem(tr(ORDERS[order.value]), order)
        self.group.setAccessibleName(tr("Films that are listed"))
        self.group.setToolTip(tr("Which films are listed: all, to read, doubtful, refused, reported"))
        self.order.setAccessibleName(tr("Order of the films"))
        if sys.platform.startswith("linux"):  # where a screen reader has what is chosen for the name of such a box
            for box in (self.group, self.order):
                box.setAccessibleDescription(box.accessibleName())
        self.order.setToolTip(tr("What the list is sorted by"))
        for box in (self.group, self.order):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
        self.group.currentIndexChanged.connect(self._choose_group)
        self.order.currentIndexChanged.connect(self._choose_order)

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.filter)
        view.setItemDelegate(FilmDelegate(view))
        view.setAccessibleName(tr("Open films"))
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setWordWrap(True)  # so that another width, too, gives the rows other heights
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        view.selectionModel().currentChanged.connect(self._choose)

    @property
    def is_long(self) -> bool:
        """True where so many films are listed that not every change can be followed at once."""
        return self.model.rowCount() > FEW

    def add_actions(self, actions: list[QAction]) -> None:
        """Put actions into the context menu."""
        self.view.addActions(actions)

    def add(self, films: Sequence[Film]) -> None:
        """List films."""
        if self.model.rowCount() + len(films) > FEW:  # a bar that comes later makes all rows to be measured twice
            self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.model.add(films)
        self._count()

    def put(self, film: Film) -> None:
        """Show a film's new state: soon, where there are many."""
        self._changed[film.number] = film
        if not self.is_long:
            self._show_changed()
        elif not self._timer.isActive():
            self._timer.start(min(100 + self.model.rowCount(), SLOWEST_MS))

    def remove(self, number: int) -> None:
        """Take a film out of the list."""
        self._changed.pop(number, None)
        with self._no_choice():
            grouped = bool(self.model.groups)
            self.model.remove(number)
            if grouped:
                self.filter.regroup()
        if not self.is_long:
            self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._count()

    def select(self, number: int) -> None:
        """Mark the film that is shown."""
        self._shown = number
        row = self.model.row_of(number)
        index = self.filter.mapFromSource(self.model.index(row)) if row is not None else QModelIndex()
        if index.isValid() and self.view.currentIndex() != index:
            self.view.setCurrentIndex(index)

    def step(self, by: int) -> None:
        """Ask for the next (1) or previous (-1) film of those that are listed."""
        row = self.model.row_of(self._shown)
        index = self.filter.mapFromSource(self.model.index(row)) if row is not None else QModelIndex()
        last = self.filter.rowCount() - 1
        if last >= 0:
            wanted = min(max(index.row() + by, 0), last) if index.isValid() else 0
            self.film_wanted.emit(self.filter.index(wanted, 0).data(FILM_ROLE).number)

    def _show_changed(self) -> None:
        changed, self._changed = self._changed, {}
        with self._no_choice():
            moved = sum(self.model.put(film) for film in changed.values())
            if moved:
                self.filter.regroup()
        self._count()
        self.select(self._shown)

    def _count(self) -> None:
        """Totals beside the names of the groups."""
        self._groups = {film.number: (film, self._groups_of(film)) for film in self.model.films}
        totals = Counter(group for _, groups in self._groups.values() for group in groups)
        for place, group in enumerate(Group):
            self.group.setItemText(place, group_line(group.value, totals[group]))

    def _groups_of(self, film: Film) -> frozenset[Group]:
        """Groups of a film as they were counted last, unless it has changed."""
        counted, groups = self._groups.get(film.number, (None, frozenset()))
        return groups if counted is film else groups_of(film)

    def _choose_group(self) -> None:
        with self._no_choice():
            self.filter.show_group(Group(self.group.currentData()))
        self.select(self._shown)

    def _choose_order(self) -> None:
        with self._no_choice():
            self.filter.sort_by(Order(self.order.currentData()))
        self.select(self._shown)
        self.view.scrollTo(self.view.currentIndex())

    @contextmanager
    def _no_choice(self) -> Iterator[None]:
        """Rows that come and go move the selection; that is no choice of the user's."""
        self._changing = True
        try:
            yield
        finally:
            self._changing = False

    def _choose(self, index: QModelIndex) -> None:
        film = index.data(FILM_ROLE)
        if isinstance(film, Film) and not self._changing and film.number != self._shown:
            self.film_wanted.emit(film.number)
