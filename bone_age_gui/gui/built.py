"""What the window is built of in one language, so that it can be built anew in another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLayout, QMainWindow, QRubberBand, QTabBar
from shiboken6 import delete, isValid

_OF_QT = (QLayout, QTabBar, QRubberBand)
"""What a main window makes for itself."""


class Built:
    """``parts`` are all that a build gave to ``window``, but for what is only filled anew, such as docks."""

    def __init__(self, window: QMainWindow, parts: Sequence[QObject]) -> None:
        self._window = window
        self._parts = [part for part in parts if not isinstance(part, _OF_QT)]

    def take_out(self) -> None:
        """Remove the parts from the window, so that names and shortcuts are free again; they keep their values."""
        for action in self._window.actions():
            self._window.removeAction(action)
        for part in self._parts:
            if isValid(part):
                part.setParent(None)

    def delete(self) -> None:
        """Delete the widgets that were taken out."""
        for part in self._parts:
            if isValid(part):
                delete(part)
        self._parts.clear()
