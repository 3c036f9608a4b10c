"""The window as a whole: settings, colours, the end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from bone_age_gui import paths
from bone_age_gui.core.model.bundle import bundle_names
from bone_age_gui.gui.actions.definition import Action
from bone_age_gui.gui.actions.messages import Messages
from bone_age_gui.gui.choices import ThemeChoice
from bone_age_gui.gui.dialogs.settings import SettingsDialog
from bone_age_gui.gui.settings import Settings
from bone_age_gui.gui.work.session import Session
from bone_age_gui.store.worklist import worklist_file
from bone_age_gui.wording.language import mark


class WindowActions:
    """Acts on ``window``; ``restyle`` applies theme and text size of the settings, ``speak`` their language."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        settings: Settings,
        messages: Messages,
        restyle: Callable[[], None],
        speak: Callable[[], None],
    ) -> None:
        self._window = window
        self._session = session
        self._settings = settings
        self._messages = messages
        self._restyle = restyle
        self._speak = speak
        self._engine_choice = (settings.model, settings.device)

    def actions(self) -> tuple[Action, ...]:
        """The actions, in the order of the menus."""
        return (
            Action("settings", "Se&ttings…", "Language, theme, model, device, limits, privacy", self.edit_settings,
                   ("Ctrl+,",), "settings"),
            Action("quit", "&Quit", "Close the program", self._window.close, ("Ctrl+Q",)),
            self._theme(ThemeChoice.SYSTEM, mark("As the &system"), mark("Colours as the system has them")),
            self._theme(ThemeChoice.LIGHT, mark("&Light"), mark("Light colours")),
            self._theme(ThemeChoice.DARK, mark("&Dark"), mark("Dark colours")),
        )  # fmt: skip

    def _theme(self, choice: ThemeChoice, text: str, tip: str) -> Action:
        return Action(
            f"theme_{choice.value}", text, tip, partial(self.choose_theme, choice),
            is_on=lambda: self._settings.theme is choice, group="theme",
        )  # fmt: skip

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Change the theme and remember it."""
        self._settings.theme = choice
        self._restyle()

    def edit_settings(self) -> None:
        """Show the settings, and take over what was accepted."""
        models = bundle_names(paths.model_search_path())
        if self._messages.ask(SettingsDialog(self._settings, models, self._window)):
            self.take_settings()

    def take_settings(self) -> None:
        """Take over changed settings; the model is loaded anew only if it is another one."""
        self._restyle()
        if self._settings.threshold_sd != self._session.assessments.threshold_sd:
            self._session.assessments.set_threshold(self._settings.threshold_sd)
        self._session.assessments.set_comparison(self._settings.comparison)
        self._session.reader_name = self._settings.reader_name
        self._session.set_blind_first(self._settings.blind_first)
        self._session.keeper.keep(worklist_file() if self._settings.keep_worklist else None)
        choice = (self._settings.model, self._settings.device)
        if choice != self._engine_choice:
            self._engine_choice = choice
            self._session.load_engine(*choice)
        self._speak()
