"""How a film looks in the list: thumbnail, name, patient and date, state with its sign."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from weakref import ref

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from bone_age_gui.core.values.final import final_assessment
from bone_age_gui.gui.look.icons import flag_name, glyph_colour, pixmap
from bone_age_gui.gui.look.theme import SURROUND, Theme, current_theme
from bone_age_gui.gui.model_index import ModelIndex
from bone_age_gui.gui.panels.films.model import FILM_ROLE, PICTURE_ROLE, PLACE_ROLE, patient_words, state_words
from bone_age_gui.gui.work.film import Film, FilmState
from bone_age_gui.wording.language import as_it_is

PICTURE = 46
SIGN = 14
GAP = 8
NARROW_LETTERS = 16
"""Where fewer letters have room beside the picture, the words go below it."""


def _wrap(direction: Qt.LayoutDirection) -> QTextOption:
    options = QTextOption(Qt.AlignmentFlag.AlignLeading)
    options.setTextDirection(direction)
    options.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)  # names of files may be one long word
    return options


def sign_of(film: Film, theme: Theme) -> tuple[str, str]:
    """Icon and colour for the state of a film."""
    if film.case.error is not None or (film.problem is not None and film.state is not FilmState.ESTIMATING):
        return "refused", theme.error
    if film.state in (FilmState.READY, FilmState.ESTIMATED) and film.case.doubts:
        return "warning", theme.warning
    assessment = final_assessment(film.case)
    if film.state is FilmState.ESTIMATED and film.case.estimate is not None and assessment is not None:
        return flag_name(assessment.flag), theme.flag_colour(assessment.flag)
    is_ready = film.state is FilmState.READY or (film.state is FilmState.ESTIMATED and film.is_blind)
    return ("state-ready" if is_ready else "state-busy"), theme.muted


class FilmDelegate(QStyledItemDelegate):
    """Draws thumbnail, name, patient and date, and the state with its sign; a row is as high as its words need."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heights: dict[int, tuple[ref[Film], tuple[int, str, str], int]] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: ModelIndex) -> QSize:
        """Room for the picture, or for all words; remembered, because a list asks for all its rows at each change."""
        view, font = option.widget, option.font  # type: ignore[attr-defined]
        width = view.viewport().width() if isinstance(view, QListView) else 200
        film, font_key, place = index.data(FILM_ROLE), font.toString(), index.data(PLACE_ROLE)
        measured = self._heights.get(film.number)
        if measured is None or measured[0]() is not film or measured[1] != (width, font_key, place):
            room, is_narrow = _words_width(width, font_key)
            words = sum(each.height for each in _words_of(film, place, font, room))
            height = 2 * GAP + (PICTURE + GAP + words if is_narrow else max(PICTURE, words))
            measured = self._heights[film.number] = ref(film), (width, font_key, place), height
        return QSize(200, measured[2])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
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
            edge = QRect(area.left(), area.top() + 6, 3, area.height() - 12)
            painter.fillRect(QStyle.visualRect(option.direction, area, edge), QColor(theme.accent))  # type: ignore[attr-defined]
        font: QFont = option.font  # type: ignore[attr-defined]
        width, is_narrow = _words_width(option.rect.width(), font.toString())  # type: ignore[attr-defined]
        words = _words_of(index.data(FILM_ROLE), index.data(PLACE_ROLE), font, width)
        picture = QRect(area.left() + GAP, area.center().y() - PICTURE // 2, PICTURE, PICTURE)
        place = QPoint(picture.right() + GAP, area.center().y() - sum(each.height for each in words) // 2 + 1)
        if is_narrow:
            picture.moveTop(area.top() + GAP - 2)
            place = QPoint(picture.left(), picture.bottom() + GAP)
        direction = option.direction  # type: ignore[attr-defined]
        self._paint_picture(painter, QStyle.visualRect(direction, area, picture), index)
        room = QStyle.visualRect(direction, area, QRect(place, QSize(width, area.height())))
        self._paint_words(painter, room, direction, words, sign_of(film, theme))
        painter.restore()

    def _paint_picture(self, painter: QPainter, area: QRect, index: ModelIndex) -> None:
        painter.fillRect(area, QColor(SURROUND))
        picture = index.data(PICTURE_ROLE)
        if picture is not None:
            size = picture.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(area.topLeft(), size)
            place.moveCenter(area.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, picture)

    def _paint_words(
        self,
        painter: QPainter,
        area: QRect,
        direction: Qt.LayoutDirection,
        words: tuple[_Words, ...],
        sign_and_colour: tuple[str, str],
    ) -> None:
        theme, wrap = current_theme(), _wrap(direction)
        sign, colour = sign_and_colour
        colours = (theme.text, theme.muted, {"refused": theme.error, "warning": theme.warning}.get(sign, theme.muted))
        top = area.top()
        for each, text_colour in zip(words, colours, strict=True):
            painter.setFont(each.font)
            painter.setPen(QColor(text_colour))
            place = QRect(area.left() + each.indent, top, area.width() - each.indent, each.height)
            painter.drawText(QRectF(QStyle.visualRect(direction, area, place)), each.text, wrap)
            top += each.height
        state_top = top - words[-1].height
        line = QFontMetrics(words[-1].font).lineSpacing()
        drawn = pixmap(sign, colour, SIGN, painter.device().devicePixelRatioF(), glyph_colour(theme))
        place = QRect(area.left(), state_top + (line - SIGN) // 2, SIGN, SIGN)
        painter.drawPixmap(QStyle.visualRect(direction, area, place).topLeft(), drawn)


@dataclass(frozen=True)
class _Words:
    """Wrapped text of a row: ``height`` in pixels, none where there is no text."""

    text: str
    font: QFont
    height: int
    indent: int = 0


def _words_width(row: int, font_key: str) -> tuple[int, bool]:
    """Width of a row's words in pixels, and True where they go below the picture, for want of room beside it."""
    beside = row - PICTURE - 3 * GAP - 12
    if beside < NARROW_LETTERS * _font(font_key)[1].averageCharWidth():
        return max(row - 2 * GAP - 12, 40), True
    return beside, False


@lru_cache(maxsize=8)
def _font(key: str) -> tuple[QFont, QFontMetrics]:
    font = QFont()
    font.fromString(key)
    return font, QFontMetrics(font)


@lru_cache(maxsize=8)
def _bold(key: str) -> tuple[QFont, str]:
    font = QFont(_font(key)[0])
    font.setBold(True)
    return font, font.toString()


@lru_cache(maxsize=20_000)
def _height(text: str, font_key: str, width: int) -> int:
    """Height in pixels of a text that is wrapped to this width."""
    font, metrics = _font(font_key)
    height = 0.0
    for part in text.split("\n"):
        if part.isascii() and metrics.horizontalAdvance(part) <= width:
            height += metrics.lineSpacing()
            continue
        layout = QTextLayout(part, font)
        layout.setTextOption(_wrap(Qt.LayoutDirection.LayoutDirectionAuto))
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            height += max(metrics.lineSpacing(), line.height() + metrics.leading())  # other scripts, other fonts
        layout.endLayout()
    return ceil(height)


def _words_of(film: Film, place: str, font: QFont, width: int) -> tuple[_Words, ...]:
    """Name, patient with date and the place among the child's films, and state, wrapped to a width."""
    is_new = film.state is FilmState.LISTED  # thousands come at once, and nothing is known of them yet
    patient = "" if is_new else "\n".join(part for part in (patient_words(film), place) if part)
    key = font.toString()
    bold, bold_key = _bold(key)

    def wrapped(text: str, of: QFont, of_key: str, indent: int = 0) -> _Words:
        return _Words(text, of, _height(text, of_key, width - indent) if text else 0, indent)

    return (
        wrapped(as_it_is(film.name), bold, bold_key),
        wrapped(patient, font, key),
        wrapped(state_words(film), font, key, SIGN + 5),
    )
