"""How large the window is when nothing is remembered: as large as is good, never larger than its screen."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QScreen

GOOD_SIZE = QSize(1360, 840)
FRAME = QSize(16, 40)
"""Room for the frame and the title bar, which are not known before the window is shown."""


def room_on(screen: QScreen) -> QSize:
    """The largest window that a screen holds beside its task bar, without the window's frame."""
    return screen.availableGeometry().size() - FRAME


def first_size(screen: QScreen) -> QSize:
    """The size of the first window on a screen."""
    return GOOD_SIZE.boundedTo(room_on(screen))
