"""The centre: warnings, a line saying what is shown, and the large view."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from bone_age_gui.core.values.types import Case, Radiograph
from bone_age_gui.gui.look.widgets import ElidedLabel
from bone_age_gui.gui.panels.banner import Banner
from bone_age_gui.gui.view.film import EMPTY, FilmView, ViewState
from bone_age_gui.gui.view.greys import Greys, GreyScale, greys_of
from bone_age_gui.gui.view.heat import heat_on_film, heat_on_network
from bone_age_gui.gui.view.joint_marks import marks_on_film, marks_on_stage
from bone_age_gui.gui.view.overlay import Overlay, spacing_of
from bone_age_gui.gui.work.film import Film, FilmState
from bone_age_gui.gui.work.second_look import side_at
from bone_age_gui.wording.errors import error_line, error_words
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.notices import named_notice, notice_text
from bone_age_gui.wording.tiles import film_heading, stage_heading
from bone_age_gui.wording.window_messages import READING, refused_words, two_parts

SIDES = {"L": "L", "R": "R", "LEFT": "L", "RIGHT": "R"}


class ViewerPanel(QWidget):
    """Shows the original (0) or one of the stages (1, 2, ...) of a film.

    Attributes
    ----------
    stage_wanted : Signal(int)
        The user wants another picture: 0 is the original.
    hand_wanted : Signal(object)
        The user clicked on one of two hands: the `HandSide`.
    """

    stage_wanted = Signal(int)
    hand_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.banner = Banner()
        self.view = FilmView()
        self._film: Film | None = None
        self._stage = 0
        self._shown: np.ndarray | None = None
        self._shown_as = (0, 0)
        self._states: dict[tuple[int, int], ViewState] = {}
        self._with_heat = False
        self._with_joints = False
        self._hangs = False
        self._title = ElidedLabel("", bold=True)
        self._back = QToolButton()
        self._back.setText(tr("\N{LEFTWARDS ARROW} Original"))
        self._back.setToolTip(tr("Back to the original film (Esc)"))
        self._back.setAccessibleName(tr("Back to the original film"))
        self._back.clicked.connect(lambda: self.stage_wanted.emit(0))
        self.view.activated.connect(lambda: self.stage_wanted.emit(0))
        self.view.clicked.connect(self._choose_hand)
        self._set_up()

    def _set_up(self) -> None:
        self._header = QFrame()
        self._header.setObjectName("viewerHeader")
        row = QHBoxLayout(self._header)
        row.setContentsMargins(10, 3, 6, 3)
        row.addWidget(self._title, 1)
        row.addWidget(self._back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addWidget(self._header)
        layout.addWidget(self.view, 1)
        self._back.hide()

    @property
    def stage(self) -> int:
        """What is shown: 0 is the original."""
        return self._stage

    def show_film(self, film: Film | None, stage: int = 0) -> None:
        """Show a film, as it was looked at last; the view stays as it is where the picture is still the same."""
        self._film = film
        case = film.case if film is not None else None
        self._stage = stage if case is not None and stage <= len(case.stages) else 0
        self._show_warnings(film)
        self._header.setMinimumHeight(self._back.sizeHint().height() + 6)  # with the button and without it
        self._back.setVisible(self._stage > 0)
        self._title.setText(self._heading(film))
        pixels = self._pixels(case)
        if pixels is not self._shown or pixels is None:
            if self._shown is not None:
                self._states[self._shown_as] = self.view.view_state
            self._shown = pixels
            self._shown_as = (film.number if film is not None else 0, self._stage)
            overlay = self._overlay(case.radiograph) if case is not None and case.radiograph else Overlay()
            state = self._states.get(self._shown_as) if pixels is not None else None
            self.view.show_picture(pixels, overlay, _empty_text(film), state or self._first_state(), self._greys())
        self._show_heat()
        self._show_joints()

    def take_over(self, old: ViewerPanel) -> None:
        """Look at every picture as the panel before did."""
        self._states = dict(old._states)
        if old._shown is not None:
            self._states[old._shown_as] = old.view.view_state
        self.view.set_tool(old.view.tool)

    def set_heat(self, wanted: bool) -> None:
        """Whether the heat map lies over film and network stage."""
        self._with_heat = wanted
        self._show_heat()

    def set_joints(self, wanted: bool) -> None:
        """Whether the joints are drawn over film and cleaned stage."""
        self._with_joints = wanted
        self._show_joints()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the original."""
        if event.key() == Qt.Key.Key_Escape and self._stage:
            self.stage_wanted.emit(0)
        else:
            super().keyPressEvent(event)

    def _pixels(self, case: Case | None) -> np.ndarray | None:
        if case is None or case.radiograph is None or not case.radiograph.pixels.size:
            return None
        return case.stages[self._stage - 1].pixels if self._stage else case.radiograph.pixels

    def _overlay(self, film: Radiograph) -> Overlay:
        side = SIDES.get((film.laterality or "").upper(), "")
        if self._stage:
            return Overlay(side)
        mm, plane = spacing_of(film.spacing)
        return Overlay(side, mm, plane, film.spacing)

    def _greys(self) -> Greys:
        """Units and display windows of what is shown; a stage has 256 greys."""
        film = self._film
        if film is None or film.case.radiograph is None:
            return Greys()
        if self._stage:
            return Greys(GreyScale(0.0, 255.0, ""))
        return greys_of(film.case.radiograph, film.first_look.black, film.first_look.white)

    def _first_state(self) -> ViewState | None:
        """A film is hung with the fingers up, where that is wanted; ``None`` for as it was read."""
        turns = self.hanging_turns if self._hangs and self._stage == 0 else 0
        return ViewState(windowing=self._greys().first, turned=(turns, False)) if turns else None

    @property
    def hanging_turns(self) -> int:
        """Quarter turns clockwise that bring the fingers of the film up: by the joints, else by the hand's outline.

        0 where no hand was seen.
        """
        quality = self._film.case.quality if self._film is not None else None
        tilt = self._film.first_look.tilt if self._film is not None else None
        if quality is not None and quality.hand is not None:
            tilt = quality.hand.angle_degrees
        return round(-tilt / 90) % 4 if tilt is not None else 0

    def set_hanging(self, wanted: bool) -> None:
        """Whether films are hung with the fingers up; the shown one at once, others when they are shown first."""
        self._hangs = wanted
        self._states = {key: state for key, state in self._states.items() if key[1]}
        if self._stage == 0 and self.view.has_picture:
            self.view.set_turned(self.hanging_turns if wanted else 0, False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Warnings take a third of the room at most."""
        super().resizeEvent(event)
        self.banner.set_most(self.height() // 3)

    def _heading(self, film: Film | None) -> str:
        if film is None or film.case.radiograph is None:
            return film.name if film is not None else ""
        if self._stage:
            return stage_heading(self._stage, film.case.stages[self._stage - 1].fact)
        return film_heading(film.name, film.case.radiograph.inverted)

    def _show_warnings(self, film: Film | None) -> None:
        case = film.case if film is not None else Case(None)
        if case.radiograph is None:
            self.banner.show_texts([])
            return
        loud = [notice for notice in case.all_notices if notice.loud]
        if case.error is None:
            self.banner.show_texts([named_notice(each) if each.doubt else notice_text(each) for each in loud])
            return
        refusal = refused_words(error_line(case.error))
        self.banner.show_texts([refusal, *(notice_text(notice) for notice in loud)], is_refused=True)

    def _show_joints(self) -> None:
        case = self._film.case if self._film is not None and self._with_joints else None
        if case is None or self._pixels(case) is None:
            self.view.set_joints(())
        elif self._stage:
            self.view.set_joints(marks_on_stage(case, case.stages[self._stage - 1]))
        else:
            self.view.set_joints(marks_on_film(case))

    def _choose_hand(self, at: QPointF) -> None:
        side = side_at(self._film, at.x(), at.y()) if self._film is not None and self._stage == 0 else None
        if side is not None:
            self.hand_wanted.emit(side)

    def _show_heat(self) -> None:
        case = self._film.case if self._film is not None else None
        heat = None
        pixels = self._pixels(case)
        if case is not None and pixels is not None and case.estimate is not None and self._with_heat:
            values = case.estimate.heat_map
            if self._stage:
                heat = heat_on_network(values, case.stages[self._stage - 1])
            else:
                heat = heat_on_film(values, case.stages, (pixels.shape[0], pixels.shape[1]))
        self.view.set_heat(heat)


def _empty_text(film: Film | None) -> str:
    if film is None:
        return tr(EMPTY)
    error = film.case.error or (film.problem if film.lacks_pixels else None)
    if error is None and (film.lacks_pixels or film.state in (FilmState.LISTED, FilmState.READING)):
        return tr(READING)
    if error is None:
        return ""
    words = error_words(error)
    return two_parts(words.title, words.message)
