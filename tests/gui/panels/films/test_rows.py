"""Rows of the film list: words are wrapped between letters only where no word fits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QStyleOptionViewItem

from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.panels.films.rows import GAP, PICTURE

Make = Callable[..., MainWindow]


def test_words_go_below_the_picture_where_beside_it_is_no_room(make: Make) -> None:
    window = make("broken.png", "a.png")
    view = window.films.view
    option = QStyleOptionViewItem()
    option.widget, option.font = view, view.font()  # type: ignore[attr-defined]
    delegate = view.itemDelegate()
    line = QFontMetrics(view.font()).lineSpacing()

    def height(width: int) -> int:
        view.viewport().resize(width, 400)
        return delegate.sizeHint(option, window.films.filter.index(0, 0)).height()

    letter = QFontMetrics(view.font()).averageCharWidth()
    wide, narrow = height(60 * letter), height(PICTURE + 10 * letter)
    assert wide <= max(PICTURE, 3 * line) + 2 * GAP
    assert PICTURE + 2 * line < narrow < PICTURE + 8 * line
