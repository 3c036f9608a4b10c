"""The list of open films at the left."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFont, QPainter, QPainterPath, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from bone_age_gui.gui.look.icons import flag_name, glyph_colour, pixmap
from bone_age_gui.gui.look.theme import SURROUND, Theme, current_theme
from bone_age_gui.gui.panels.film_model import FILM_ROLE, PICTURE_ROLE, FilmModel, state_words
from bone_age_gui.gui.work.film import Film, FilmState

PICTURE = 46
SIGN = 14
LINES = 3
GAP = 8

Index = QModelIndex | QPersistentModelIndex


def sign_of(film: Film, theme: Theme) -> tuple[str, str]:
    """Icon and colour for the state of a film."""
    if film.case.error is not None or (film.problem is not None and film.state is not FilmState.ESTIMATING):
        return "refused", theme.error
    if film.state is FilmState.ESTIMATED and film.case.assessment is not None:
        flag = film.case.assessment.flag
        return flag_name(flag), theme.flag_colour(flag)
    return ("state-ready" if film.state is FilmState.READY else "state-busy"), theme.muted


class FilmDelegate(QStyledItemDelegate):
    """Draws thumbnail, name, state and the sign of the state."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Room for the picture and three lines."""
        line = option.fontMetrics.lineSpacing()  # type: ignore[attr-defined]
        return QSize(200, max(PICTURE, LINES * line) + 2 * GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a row."""
        film = index.data(FILM_ROLE)
        theme = current_theme()
        area: QRect = option.rect.adjusted(4, 2, -4, -2)  # type: ignore[attr-defined]
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            path = QPainterPath()
            path.addRoundedRect(area, 6, 6)
            back = QColor(theme.accent)
            back.setAlpha(50 if theme.is_dark else 32)
            painter.fillPath(path, back)
            painter.fillRect(QRect(area.left(), area.top() + 6, 3, area.height() - 12), QColor(theme.accent))
        picture = QRect(area.left() + GAP, area.center().y() - PICTURE // 2, PICTURE, PICTURE)
        self._paint_picture(painter, picture, index)
        text = QRect(picture.right() + GAP, area.top(), area.right() - picture.right() - GAP - 4, area.height())
        self._paint_words(painter, text, option, film, theme)
        painter.restore()

    def _paint_picture(self, painter: QPainter, area: QRect, index: Index) -> None:
        painter.fillRect(area, QColor(SURROUND))
        picture = index.data(PICTURE_ROLE)
        if picture is not None:
            size = picture.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(area.topLeft(), size)
            place.moveCenter(area.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, picture)

    def _paint_words(
        self, painter: QPainter, area: QRect, option: QStyleOptionViewItem, film: Film, theme: Theme
    ) -> None:
        font: QFont = option.font  # type: ignore[attr-defined]
        line = option.fontMetrics.lineSpacing()  # type: ignore[attr-defined]
        top = area.center().y() - LINES * line // 2 + 1
        name = QFont(font)
        name.setBold(True)
        painter.setFont(name)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))  # type: ignore[attr-defined]
        middle = Qt.TextElideMode.ElideMiddle
        first = QRect(area.left(), top, area.width(), line)
        shown = painter.fontMetrics().elidedText(film.name, middle, first.width())
        painter.drawText(first, Qt.AlignmentFlag.AlignVCenter, shown)
        sign, colour = sign_of(film, theme)
        ratio = painter.device().devicePixelRatioF()
        state = QRect(area.left(), top + line, area.width(), (LINES - 1) * line)
        drawn = pixmap(sign, colour, SIGN, ratio, glyph_colour(theme))
        painter.drawPixmap(state.left(), state.top() + (line - SIGN) // 2, drawn)
        painter.setFont(font)
        painter.setPen(QColor(theme.error if sign == "refused" else theme.muted))
        words = state.adjusted(SIGN + 5, 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap), state_words(film))


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
        self._removing = False
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(FilmDelegate(self.view))
        self.view.setAccessibleName("Open films")
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.view.selectionModel().currentChanged.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 0, 0, 6)
        layout.addWidget(self.view)

    def add_actions(self, actions: list[QAction]) -> None:
        """Put actions into the context menu."""
        self.view.addActions(actions)

    def put(self, film: Film) -> None:
        """Add a film or show its new state."""
        self.model.put(film)

    def remove(self, number: int) -> None:
        """Take a film out of the list."""
        self._removing = True
        self.model.remove(number)
        self._removing = False

    def select(self, number: int) -> None:
        """Mark the film that is shown."""
        row = self.model.row_of(number)
        if row is not None and self.view.currentIndex().row() != row:
            self.view.setCurrentIndex(self.model.index(row))

    def _choose(self, index: QModelIndex) -> None:
        film = index.data(FILM_ROLE)
        if isinstance(film, Film) and not self._removing:
            self.film_wanted.emit(film.number)
