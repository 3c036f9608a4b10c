"""Light and dark: every text is readable on every ground."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from bone_age_gui.core.values.types import Flag
from bone_age_gui.gui.look.theme import DARK, LIGHT, Theme


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2 defines it."""

    def light(text: str) -> float:
        parts = [value / 255 for value in QColor(text).getRgb()[:3]]  # type: ignore[index]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    brighter, darker = sorted((light(one), light(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_is_readable(theme: Theme) -> None:
    for back in (theme.window, theme.surface):
        for name in ("text", "muted", "error"):
            assert contrast(getattr(theme, name), back) >= 4.5, name
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.warning, theme.warning_back) >= 4.5
    for flag in Flag:
        assert contrast(theme.flag_colour(flag), theme.surface) >= 4.5, flag
