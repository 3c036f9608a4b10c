"""Every icon is drawn, in the colours of the theme."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QIcon, QPalette
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


def test_flags_differ_in_shape_whatever_their_colour() -> None:
    shapes = set()
    for flag in Flag:
        image = pixmap(flag_name(flag), "#808080", 24, glyph="#808080").toImage()
        shapes.add(tuple(image.pixelColor(x, y).alpha() > 128 for x in range(24) for y in range(24)))
    assert len(shapes) == len(Flag)


def test_a_disabled_icon_is_paler(qapp: QApplication) -> None:
    apply_theme(qapp, LIGHT)
    made = icon("info")

    def strongest(mode: QIcon.Mode) -> int:
        image = made.pixmap(24, 24, mode).toImage()
        return max(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24))

    assert strongest(QIcon.Mode.Disabled) < 0.6 * strongest(QIcon.Mode.Normal)


def test_an_icon_has_the_pixels_of_a_fine_screen() -> None:
    picture = pixmap("info", "#000000", 24, ratio=2.0)
    assert (picture.width(), picture.devicePixelRatio(), picture.deviceIndependentSize().width()) == (48, 2.0, 24.0)
