"""Light and dark: Fusion with an explicit palette, because a desktop may offer no scheme of its own."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from bone_age_gui.core.values.types import Flag
from bone_age_gui.gui.choices import ThemeChoice

SURROUND = "#141618"
"""Behind every film, in both themes: neutral and dark, as at a reading workstation."""
ON_FILM = "#e8ecf0"
"""Text laid over a film."""


@dataclass(frozen=True)
class Theme:
    """Colours by role. Flags differ in shape too (see ``resources/icons/flag-*.svg``)."""

    is_dark: bool
    window: str
    surface: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_hover: str
    warning: str
    warning_back: str
    error: str
    normal: str
    advanced: str
    delayed: str
    indeterminate: str
    no_reference: str

    def flag_colour(self, flag: Flag) -> str:
        """Colour of a flag."""
        colour: str = getattr(self, flag.value)
        return colour


LIGHT = Theme(
    is_dark=False, window="#eef1f4", surface="#ffffff", raised="#f6f8fa", border="#cfd7df", text="#16202a",
    muted="#55636f", accent="#0b62b0", on_accent="#ffffff", accent_hover="#094f8f", warning="#7a4b00",
    warning_back="#fff1cf", error="#b3261e", normal="#1f7a3d", advanced="#b84e00", delayed="#5b3fb0",
    indeterminate="#7a5c00", no_reference="#5a6672",
)  # fmt: skip
DARK = Theme(
    is_dark=True, window="#20252a", surface="#181c20", raised="#2a3037", border="#3b444d", text="#e6ebf0",
    muted="#a3b0bc", accent="#5aabf5", on_accent="#0b1620", accent_hover="#86c2f9", warning="#ffd27a",
    warning_back="#40331a", error="#ff8f85", normal="#5fcb84", advanced="#ff9d57", delayed="#b3a0ff",
    indeterminate="#e0c25a", no_reference="#a9b5c0",
)  # fmt: skip


def theme_for(choice: ThemeChoice) -> Theme:
    """The theme of a choice; the system's scheme where the choice is to follow it (light if it has none)."""
    if choice is ThemeChoice.SYSTEM:
        return DARK if QApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT
    return DARK if choice is ThemeChoice.DARK else LIGHT


def current_theme() -> Theme:
    """The theme in force, judged by the palette."""
    return DARK if QApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT
