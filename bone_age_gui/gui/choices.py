"""What can be chosen for the window, by the words that the settings keep."""

from __future__ import annotations

from enum import StrEnum

TEXT_SIZES = (100, 125, 150, 175, 200)
"""Offered text sizes in per cent of the system's."""


class ThemeChoice(StrEnum):
    """Which colours the window takes."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class WheelAction(StrEnum):
    """What the plain mouse wheel does over the film; with Ctrl it does the other thing."""

    ZOOM = "zoom"
    FILMS = "films"
