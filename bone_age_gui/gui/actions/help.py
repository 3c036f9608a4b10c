"""Pages that explain: keys, model, what runs here, licences, purpose."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from bone_age_gui.about.diagnostics import Sections, diagnose
from bone_age_gui.about.licences import Licence, licences
from bone_age_gui.gui.actions.definition import Action
from bone_age_gui.gui.actions.disabled_reasons import Reasons
from bone_age_gui.gui.actions.messages import Messages
from bone_age_gui.gui.dialogs.help_pages import DiagnosticsDialog, LicencesDialog
from bone_age_gui.gui.dialogs.model import model_html
from bone_age_gui.gui.dialogs.shortcuts import shortcuts_html
from bone_age_gui.gui.dialogs.text import about_html
from bone_age_gui.gui.settings import Settings
from bone_age_gui.gui.work.session import Session
from bone_age_gui.wording.language import tr


class HelpActions(QObject):
    """The pages, as dialogs over ``window``."""

    def __init__(self, window: QWidget, session: Session, settings: Settings, messages: Messages) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._settings = settings
        self._messages = messages

    def actions(self, why_not: Reasons) -> tuple[Action, ...]:
        """The actions, in the order of the menu."""
        return (
            Action("shortcuts", "&Keys and mouse", "List every shortcut", self.show_shortcuts, ("F1",), "help"),
            Action("model_info", "About the &model", "What the model is for and how good it is", self.show_model, (),
                   "model", why_not.engine),
            Action("diagnostics", "&Diagnostics", "What runs here, on which device, and why", self.ask_diagnostics),
            Action("licences", "&Licences", "The parts of this program and their terms", self.ask_licences),
            Action("about", "&About", "Version and purpose", self.show_about),
        )  # fmt: skip

    def show_shortcuts(self) -> None:
        """Show the list of keys and what the mouse does."""
        self._messages.show_text(tr("Keys and mouse"), shortcuts_html(self._window.actions()))

    def show_model(self) -> None:
        """Show the card of the model in use."""
        if self._session.engine is not None:
            self._messages.show_text(tr("About the model"), model_html(self._session.engine))

    def show_about(self) -> None:
        """Show version and purpose of the program."""
        self._messages.show_text(tr("About"), about_html())

    def ask_diagnostics(self) -> None:
        """What runs here; asked in the background, for it may load the model."""
        engine = self._session.engine
        predictor = engine.predictor if engine is not None else None
        work = partial(diagnose, self._settings.model, self._settings.device, predictor)
        self._session.run_job(work, self._show_diagnostics, self._messages.show_error)

    def _show_diagnostics(self, sections: Sections) -> None:
        self._messages.ask(DiagnosticsDialog(sections, self._window))

    def ask_licences(self) -> None:
        """The parts of the program and their terms; read in the background."""
        self._session.run_job(licences, self._show_licences, self._messages.show_error)

    def _show_licences(self, parts: list[Licence]) -> None:
        self._messages.ask(LicencesDialog(parts, self._window))
