"""Asks before films are closed whose reading could be lost; forgets a child, or everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.whole_files import not_written
from bone_age_gui.gui.actions.definition import Action
from bone_age_gui.gui.actions.disabled_reasons import Reasons
from bone_age_gui.gui.actions.messages import Messages
from bone_age_gui.gui.settings import Settings
from bone_age_gui.gui.work.film import Film
from bone_age_gui.gui.work.kept_values import entered_of
from bone_age_gui.gui.work.session import Session
from bone_age_gui.wording import keeping as words
from bone_age_gui.wording.language import tr


class KeepingActions(QObject):
    """Asks in dialogs over ``window``."""

    def __init__(self, window: QWidget, session: Session, settings: Settings, messages: Messages) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._settings = settings
        self._messages = messages
        session.keeper.failed.connect(messages.show_error)

    def actions(self, why_not: Reasons) -> tuple[Action, ...]:
        """The actions, in the order of the menu."""
        return (
            Action("forget_child", "For&get this child…", "Delete all that is kept of the child of this film",
                   self.forget_child, why_not=why_not.read_film),
            Action("forget_all", "Forget a&ll…", "Delete all that is kept of any child", self.forget_all),
        )  # fmt: skip

    def may_close(self, films: Iterable[Film]) -> bool:
        """Whether films may be closed: asked where a reading is in no report yet."""
        count = sum(film.case.radiograph is not None and entered_of(film).is_unreported for film in films)
        if not count:
            return True
        return self._ask(*words.unreported_question(count, self._session.keeper.keeps), tr(words.CLOSE))

    def forget_child(self) -> None:
        """Ask, then delete all that is kept of the child of the shown film, and close its films."""
        film, keeper = self._session.current, self._session.keeper
        if film is None:
            return
        count = sum(each.child == film.child for each in self._session.films) if film.child else 1
        if self._ask(tr(words.FORGET_CHILD), words.forget_child_question(count), tr(words.FORGET)):
            self._forget(lambda: keeper.forget_child(film), tr(words.FORGOTTEN_CHILD))

    def forget_all(self) -> None:
        """Ask, then delete all that is kept, and close all films."""
        if self._ask(tr(words.FORGET_ALL), words.forget_all_question(), tr(words.FORGET)):
            self._settings.clear_recent()
            self._forget(self._session.keeper.forget_all, tr(words.FORGOTTEN_ALL))

    def _forget(self, forget: Callable[[], tuple[int, ...]], done: str) -> None:
        try:
            numbers = forget()
        except (BoneAgeError, OSError) as error:
            shown = error if isinstance(error, BoneAgeError) else not_written(error, "data")
            self._messages.show_error(shown)
            return
        for number in numbers:
            self._session.close(number)
        self._session.said.emit(done)

    def _ask(self, headline: str, text: str, verb: str) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, tr("Bone Age"), headline, parent=self._window)
        box.setInformativeText(text)
        box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel)
        box.button(QMessageBox.StandardButton.Yes).setText(verb)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        answer = box.exec()
        box.deleteLater()
        return answer == QMessageBox.StandardButton.Yes
