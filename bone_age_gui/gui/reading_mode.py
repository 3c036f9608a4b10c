"""Film and result only: the largest picture that the window can give."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject
from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget

from bone_age_gui.gui.docks import Docks


class ReadingMode(QObject):
    """Hides everything but film and result, and shows again what was there before."""

    def __init__(self, window: QMainWindow, docks: Docks, tool_bar: QToolBar, strip: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._docks = docks
        self._tool_bar = tool_bar
        self._strip = strip
        self._before: tuple[QByteArray, bool] | None = None

    @property
    def is_on(self) -> bool:
        """True while only film and result are shown."""
        return self._before is not None

    def toggle(self) -> None:
        """Hide all but film and result, or bring back what was hidden."""
        if self._before is None:
            self._before = (self._window.saveState(), self._strip.isHidden())
            for dock in self._docks.all():
                dock.setVisible(dock is self._docks.result)
            self._tool_bar.hide()
            self._strip.hide()
        else:
            state, strip_was_hidden = self._before
            self._before = None
            self._window.restoreState(state)
            self._strip.setVisible(not strip_was_hidden)

    def leave(self) -> None:
        """Leave the mode, if it is on: the window looks as before."""
        if self.is_on:
            self.toggle()
