"""Every icon is drawn, in the colours of the theme."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from bone_age_gui import paths
from bone_age_gui.core.values.types import Flag
from bone_age_gui.gui.look.icons import app_icon, flag_name, icon, pixmap
from bone_age_gui.gui.look.stylesheet import apply_theme
from bone_age_gui.gui.look.theme import DARK, LIGHT, Theme


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_icons_follow_the_theme(qapp: QApplication, theme: Theme) -> None:
    apply_theme(qapp, theme)
    image = icon("info").pixmap(24, 24).toImage()
    colours = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
    solid = [colour.lightness() for colour in colours if colour.alpha() > 250]
    assert solid
    assert (np.mean(solid) > 128) == theme.is_dark
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(theme.window)


def test_every_icon_is_drawn() -> None:
    names = {flag_name(flag) for flag in Flag}
    names |= {path.stem for path in (paths.resources_dir() / "icons").glob("*.svg")}
    for name in names:
        image = pixmap(name, "#000000", 24).toImage()
        alphas = [image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)]
        assert sum(alpha > 128 for alpha in alphas) > 0, name
    assert not app_icon().isNull()
