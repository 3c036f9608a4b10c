"""Which panels are seen, and how much room the film gets."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from bone_age_gui.gui.actions.definition import Action
from bone_age_gui.gui.reading_mode import ReadingMode
from bone_age_gui.gui.settings import Settings
from bone_age_gui.wording.disabled import READING_MODE
from bone_age_gui.wording.language import tr


class LayoutActions:
    """Acts on ``window`` and its ``strip`` of stages; ``reset`` puts every panel in its first place."""

    def __init__(
        self, window: QWidget, settings: Settings, strip: QWidget, reading_mode: ReadingMode, reset: Callable[[], None]
    ) -> None:
        self._window = window
        self._settings = settings
        self._strip = strip
        self._reading_mode = reading_mode
        self._reset = reset

    def actions(self) -> tuple[Action, ...]:
        """The actions, in the order of the menu."""
        return (
            Action("stage_strip", "&Stages", "Show the stages below the film", self.toggle_strip, ("T",),
                   why_not=self._why_no_strip, is_on=lambda: not self._strip.isHidden()),
            Action("reading_mode", "Readin&g mode", "Film and result only", self._reading_mode.toggle, ("Shift+F11",),
                   is_on=lambda: self._reading_mode.is_on),
            Action("full_screen", "Full s&creen", "Use the whole screen", self.toggle_full_screen, ("F11",),
                   is_on=self._window.isFullScreen),
            Action("reset_layout", "Reset the la&yout", "Put every panel back in its place", self._reset),
        )  # fmt: skip

    def toggle_strip(self) -> None:
        """Show the stages below the film, or leave the room to the film."""
        self._settings.stage_strip = self._strip.isHidden()
        self._strip.setVisible(self._settings.stage_strip)

    def _why_no_strip(self) -> str | None:
        return tr(READING_MODE) if self._reading_mode.is_on else None

    def toggle_full_screen(self) -> None:
        """Take the whole screen, or give it back."""
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)
