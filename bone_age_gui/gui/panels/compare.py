"""The film before this one of the same child, beside it; zoom and display window go together."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from bone_age_gui.gui.look.widgets import ElidedLabel
from bone_age_gui.gui.view.canvas import Place
from bone_age_gui.gui.view.film import FilmView, ViewState
from bone_age_gui.gui.view.greys import greys_of
from bone_age_gui.gui.view.overlay import Overlay, spacing_of
from bone_age_gui.gui.view.qimage import Windowing
from bone_age_gui.gui.work.film import Film
from bone_age_gui.wording.course import beside_words
from bone_age_gui.wording.language import mark, tr

BEING_READ = mark("Reading…")


class ComparePanel(QWidget):
    """Another film, looked at as ``main`` is: what is done in one view is done in the other."""

    def __init__(self, main: FilmView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.view = FilmView()
        self.view.setAccessibleName(tr("Previous film"))
        self._main = main
        self._shown: object = None
        self._following = False
        self._title = ElidedLabel("", bold=True)
        header = QFrame()
        header.setObjectName("viewerHeader")
        row = QHBoxLayout(header)
        row.setContentsMargins(10, 3, 6, 3)
        row.addWidget(self._title, 1)
        row.addStrut(_button_height())  # as beside it, so that both pictures begin at the same height
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(header)
        layout.addWidget(self.view, 1)
        for leader, follower in ((main, self.view), (self.view, main)):
            leader.place_changed.connect(lambda place, to=follower: self._follow_place(to, place))
            leader.looked.connect(lambda of=leader, to=follower: self._follow_greys(of, to))
        self.hide()

    def show_film(self, film: Film | None) -> None:
        """Show a film; ``None`` hides the panel."""
        self.setVisible(film is not None)
        radiograph = film.case.radiograph if film is not None else None
        pixels = radiograph.pixels if radiograph is not None and radiograph.pixels.size else None
        if film is not None:
            self._title.setText(beside_words(film.name, film.case.patient.study_date))
        if pixels is self._shown and pixels is not None:
            return
        self._shown = pixels
        if film is None or radiograph is None or pixels is None:
            self.view.show_picture(None, Overlay(), tr(BEING_READ))
            return
        mm, plane = spacing_of(radiograph.spacing)
        greys = greys_of(radiograph, film.first_look.black, film.first_look.white)
        overlay = Overlay(radiograph.laterality or "", mm, plane, radiograph.spacing)
        self._following = True
        self.view.show_picture(pixels, overlay, tr(BEING_READ), ViewState(self._main.place, greys.first), greys)
        self._following = False

    def _follow_place(self, view: FilmView, place: Place) -> None:
        if self.isVisible():
            view.set_place(place)

    def _follow_greys(self, leader: FilmView, follower: FilmView) -> None:
        """Change the greys as in the other view, from each film's own first window: two are seldom exposed alike."""
        if self._following or not self.isVisible() or not (leader.has_picture and follower.has_picture):
            return
        self._following = True
        follower.set_windowing(window_like(leader.windowing, leader.greys.first, follower.greys.first))
        self._following = False


def _button_height() -> int:
    """Height of the button in the heading of the other view, pixels."""
    button = QToolButton()
    button.setText(tr("Original"))
    height = button.sizeHint().height()
    button.deleteLater()
    return height


def window_like(windowing: Windowing, of: Windowing, to: Windowing) -> Windowing:
    """A display window that lies to ``to`` as ``windowing`` does to ``of``."""
    scale = to.width / of.width
    return replace(windowing, centre=to.centre + (windowing.centre - of.centre) * scale, width=windowing.width * scale)
