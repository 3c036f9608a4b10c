"""Light and dark: every text is readable on every ground."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.types import Flag
from bone_age_gui.gui.look.stylesheet import apply_theme
from bone_age_gui.gui.look.theme import DARK, LIGHT, ON_FILM, SURROUND, Theme, current_theme


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


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_theme_in_force_is_known_and_everything_wears_it(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    apply_theme(qapp, theme)
    assert current_theme() is theme
    box = QCheckBox("One")
    box.setChecked(True)
    qtbot.addWidget(box)
    box.resize(60, 24)
    image = box.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(60) for y in range(24)}
    assert theme.accent in colours, "the mark of a checked box"
    assert theme.window in colours, "what is behind it"


def test_the_film_is_surrounded_by_the_same_dark_in_both_themes() -> None:
    assert QColor(SURROUND).lightness() < 40
    red, green, blue, _ = QColor(SURROUND).getRgb()  # type: ignore[misc]
    assert max(red, green, blue) - min(red, green, blue) <= 6, "neutral"
    assert contrast(ON_FILM, SURROUND) >= 7
