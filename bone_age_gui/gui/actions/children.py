"""Films of the same child: the one before beside this one, and films that a person puts together."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QWidget

from bone_age_gui.gui.actions.definition import Action
from bone_age_gui.gui.actions.disabled_reasons import Reasons
from bone_age_gui.gui.display import FilmDisplay
from bone_age_gui.gui.work.children import film_before, others_of
from bone_age_gui.gui.work.session import Session
from bone_age_gui.wording import course as words
from bone_age_gui.wording.language import tr


class ChildActions(QObject):
    """Asks in a dialog over ``window``."""

    def __init__(self, window: QWidget, session: Session, display: FilmDisplay) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._display = display

    def actions(self, why_not: Reasons) -> tuple[Action, ...]:
        """The actions, in the order of the menus."""
        self._why_not_read = why_not.read_film
        return (
            Action("compare", "Compare with the film before", "The film of this child before this one, beside it",
                   self._display.toggle_compare, ("C",), "", self._why_not_compare,
                   is_on=lambda: self._display.compares),
            Action("join", "Sam&e child as…", "Put the films of this child and of another open film together",
                   self.join, (), "", self._why_not_join),
            Action("separate", "Not the sa&me child", "Take back that films were put together by hand", self.separate,
                   (), "", self._why_not_separate),
        )  # fmt: skip

    def join(self) -> None:
        """Ask which open film is of the same child."""
        film = self._session.current
        if film is None:
            return
        others = others_of(self._session.films, film)
        names = [words.film_words(each.number, each.name, each.case.patient.study_date) for each in others]
        chosen, accepted = QInputDialog.getItem(self._window, tr(words.JOIN), tr(words.JOIN_WITH), names, 0, False)
        if accepted and chosen in names:
            self._session.keeper.join(film, others[names.index(chosen)])

    def separate(self) -> None:
        """Films that were put together by hand stand apart again."""
        if self._session.current is not None:
            self._session.keeper.separate(self._session.current)

    def _why_not_compare(self) -> str | None:
        if self._display.compares:
            return None  # it can always be switched off
        film = self._session.current
        before = film_before(self._session.films, film)
        return self._why_not_read() or (None if before is not None else tr(words.NO_FILM_BEFORE))

    def _why_not_join(self) -> str | None:
        film = self._session.current
        reason = self._why_not_read()
        if reason is not None or film is None:
            return reason
        return None if others_of(self._session.films, film) else tr(words.NO_OTHER_CHILD)

    def _why_not_separate(self) -> str | None:
        film = self._session.current
        reason = self._why_not_read()
        if reason is not None or film is None:
            return reason
        return None if self._session.keeper.is_joined(film) else tr(words.NOT_JOINED)
