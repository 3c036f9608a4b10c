"""Shows the session's films in the panels, and hands the session what is done there."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.gui.look.announce import announce
from bone_age_gui.gui.look.carried import carry
from bone_age_gui.gui.panel_set import Panels
from bone_age_gui.gui.panels.growth import import_matplotlib
from bone_age_gui.gui.settings import Settings
from bone_age_gui.gui.work.children import film_before
from bone_age_gui.gui.work.film import Film, FilmState
from bone_age_gui.gui.work.session import Session
from bone_age_gui.wording.announced import estimate_ended_words
from bone_age_gui.wording.errors import error_line
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.stages import stage_title
from bone_age_gui.wording.window_messages import PREPARING

OFFERS_MS = 100
"""Where many films are open, what can be done is asked anew so often at most."""


class FilmDisplay(QObject):
    """Keeps the panels in step with the session.

    Attributes
    ----------
    refreshed : Signal
        Something is shown that was not shown before: what can be done may have changed.
    estimate_began : Signal
        The shown film is being estimated.
    has_film : Signal(bool)
        Whether a film is shown, or the page to begin with.
    """

    refreshed = Signal()
    estimate_began = Signal()
    has_film = Signal(bool)

    def __init__(self, session: Session, settings: Settings, panels: Panels, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._panels = panels
        self._stage = 0
        self._estimating = False
        self._compares = False
        self._offers = QTimer(self)
        self._offers.setSingleShot(True)
        self._offers.timeout.connect(self._refresh_offers)
        panels.viewer.set_hanging(settings.hang)
        self._follow_session()
        self._follow_panels()

    def _follow_session(self) -> None:
        session = self._session
        session.films_added.connect(self._films_added)
        session.film_changed.connect(self._film_changed)
        session.film_removed.connect(self._film_removed)
        session.current_changed.connect(self._current_changed)
        session.engine_changed.connect(self._engine_changed)
        session.work_changed.connect(self._work_changed)
        session.said.connect(self._panels.status.say)

    def _follow_panels(self) -> None:
        session, panels = self._session, self._panels
        panels.films.film_wanted.connect(session.select)
        panels.viewer.stage_wanted.connect(self.show_stage)
        panels.viewer.view.film_wanted.connect(panels.films.step)
        panels.viewer.hand_wanted.connect(self._choose_hand)
        panels.stages.stage_wanted.connect(self.show_stage)
        panels.form.patient_edited.connect(session.assessments.edit_patient)
        panels.form.problem_changed.connect(session.set_form_problem)
        panels.reading.reading_edited.connect(session.set_reading)
        panels.reading.reveal_wanted.connect(session.reveal_estimate)
        panels.status.cancel_wanted.connect(session.estimates.cancel)

    # What is shown

    def stage_title(self, number: int) -> str | None:
        """Title of a stage (1, 2, ...) of the shown film, if there is that stage."""
        film = self._session.current
        stages = film.case.stages if film is not None else ()
        return stage_title(stages[number - 1].fact) if number <= len(stages) else None

    def show_stage(self, number: int) -> None:
        """Show a stage large (1, 2, ...), or the original (0)."""
        film = self._session.current
        if film is None or number <= len(film.case.stages):
            self._stage = number if film is not None else 0
            self.refresh()

    def toggle_stage(self, number: int) -> None:
        """Show a stage large; the stage that is large gives way to the original."""
        self.show_stage(0 if number == self._stage else number)

    @property
    def shows_heat(self) -> bool:
        """Whether the heat map lies over film and network stage, where there is one."""
        return self._settings.heat_map

    def toggle_heat(self) -> None:
        """Lay the heat map over film and network stage, or take it away."""
        self._settings.heat_map = not self._settings.heat_map
        self.refresh()

    @property
    def shows_joints(self) -> bool:
        """Whether the joints are drawn over film and cleaned stage."""
        return self._settings.joints

    def toggle_joints(self) -> None:
        """Draw the joints over film and cleaned stage, or take them away."""
        self._settings.joints = not self._settings.joints
        self.refresh()

    @property
    def compares(self) -> bool:
        """Whether the film before lies beside the shown one, where there is one."""
        return self._compares

    def toggle_compare(self) -> None:
        """Lay the film before of the same child beside the shown one, or take it away."""
        self._compares = not self._compares
        self.refresh()

    @property
    def hangs(self) -> bool:
        """Whether films are hung with the fingers up."""
        return self._settings.hang

    def toggle_hanging(self) -> None:
        """Hang films with the fingers up, or show them as they were read."""
        self._settings.hang = not self._settings.hang
        self._panels.viewer.set_hanging(self._settings.hang)
        self.refresh()

    def fit(self) -> None:
        """The whole picture, in the large view and in the stages."""
        self._panels.viewer.view.fit()
        self._panels.stages.fit()

    def reset_view(self) -> None:
        """Show the film as it was read, whole, with its first window, without lengths."""
        self._panels.viewer.view.reset_orientation()
        self._panels.viewer.view.reset_windowing()
        self._panels.viewer.view.remove_lengths()
        self.fit()

    def refresh(self) -> None:
        """Show the current film in every panel."""
        film, session, panels = self._session.seen, self._session, self._panels
        case = film.case if film is not None else None
        self._stage = min(self._stage, len(case.stages) if case is not None else 0)
        if film is None:
            self.offer_recent()
        self.has_film.emit(film is not None)
        panels.viewer.set_heat(self.shows_heat)
        panels.viewer.set_joints(self.shows_joints)
        panels.viewer.show_film(film, self._stage)
        self._show_before(film)
        panels.stages.show_case(case, self._stage, _waiting_words(film, session))
        heat = case.estimate.heat_map if case is not None and case.estimate is not None else None
        panels.stages.show_heat(case.stages if case is not None else (), heat if self.shows_heat else None)
        panels.stages.show_joints(case, self.shows_joints)
        panels.form.show_film(film)
        panels.result.show_film(film)
        panels.reading.show_film(film)
        reference = session.engine.reference if session.engine is not None else None
        panels.growth.show_film(film, reference, session.assessments.threshold_sd)
        panels.status.show_timings(case.timings if case is not None else {})
        self._refresh_offers()

    def _show_before(self, film: Film | None) -> None:
        before = film_before(self._session.films, film) if self._compares else None
        if before is not None and before.lacks_pixels and not before.job:
            self._session.read_again(before.number)
        self._panels.compare.show_film(before)

    def restyle(self) -> None:
        """Draw anew what is drawn in the colours of the theme."""
        self._panels.start.refresh_icons()
        self.offer_recent()
        self._panels.viewer.banner.refresh_icons()
        self._panels.status.refresh_icons()
        self._panels.result.refresh()
        self._panels.growth.refresh()

    def offer_recent(self) -> None:
        """The films of last time on the page to begin with, as far as they are kept."""
        self._panels.start.show_recent(self._settings.recent, self._settings.keep_recent)

    def _choose_hand(self, side: HandSide) -> None:
        if self._session.current is not None:
            self._session.estimates.choose_hand(self._session.current.number, side)

    def _refresh_offers(self) -> None:
        film = self._session.current
        reason = self._session.estimates.why_not(film)
        self._panels.estimate_bar.show_state(reason, film is not None and reason == film.form_problem)
        self.refreshed.emit()

    def _refresh_offers_soon(self) -> None:
        """A film changed that is not shown: every rule is asked, and one of them looks at all films."""
        if not self._panels.films.is_long:
            self._refresh_offers()
        elif not self._offers.isActive():
            self._offers.start(OFFERS_MS)

    def stop(self) -> None:
        """Look at no film any more: the worklist that the rules ask is about to be closed."""
        self._offers.stop()

    # Another language

    def take_over(self, old: FilmDisplay) -> None:
        """Show all that the display in the language before showed, in panels made anew."""
        session, panels, before = self._session, self._panels, old._panels
        self._stage, self._compares = old._stage, old._compares
        panels.viewer.take_over(before.viewer)
        panels.films.add([film.seen for film in session.films])
        if session.current is not None:
            panels.films.select(session.current.number)
        carry(before.films, panels.films)
        self._engine_changed()
        self._work_changed()
        panels.form.take_over(before.form)
        panels.reading.take_over(before.reading)

    # The session changed

    def _films_added(self, films: tuple[Film, ...]) -> None:
        self._panels.films.add([film.seen for film in films])
        self._refresh_offers()

    def _film_changed(self, number: int) -> None:
        film = self._session.film(number)
        if film is not None:
            self._panels.films.put(film.seen)
            if self._session.current is not None and self._session.current.number == number:
                self.refresh()
                if film.state is FilmState.ESTIMATING and not self._estimating:
                    self.estimate_began.emit()
                elif self._estimating and film.state is not FilmState.ESTIMATING:
                    announce(self._panels.result, estimate_ended_words(film.case, film.is_blind))
                self._estimating = film.state is FilmState.ESTIMATING
            else:
                self._show_before(self._session.seen)
                self._refresh_offers_soon()

    def _film_removed(self, number: int) -> None:
        self._panels.films.remove(number)
        self._show_before(self._session.seen)
        self._refresh_offers()

    def _current_changed(self, number: int) -> None:
        self._panels.films.select(number)
        self._estimating = False
        self.refresh()

    def _work_changed(self) -> None:
        self._panels.status.show_progress(*self._session.estimates.progress)

    def _engine_changed(self) -> None:
        session, growth = self._session, self._panels.growth
        self._panels.status.show_engine(session.engine, session.engine_error)
        self.refresh()
        if session.engine is not None and not growth.is_drawn:
            session.run_job(import_matplotlib, lambda _: growth.make_canvas() if isValid(growth) else None)


def _waiting_words(film: Film | None, session: Session) -> str:
    if film is None or film.case.error is not None:
        return ""
    if session.engine_error is not None:
        return error_line(session.engine_error)
    return tr(PREPARING)
