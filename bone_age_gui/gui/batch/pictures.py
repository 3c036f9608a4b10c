"""What the table of a batch draws in its cells: thumbnails and signs."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from bone_age_gui.gui.look.icons import pixmap
from bone_age_gui.gui.look.theme import SURROUND
from bone_age_gui.gui.view.qimage import grey_image

PICTURE = 40
SIGN = 16
RATIO = 2.0
"""Pixels of pictures and signs for each pixel of a plain screen: sharp at 200 % too."""


def icon_of(normal: QPixmap, chosen: QPixmap) -> QIcon:
    """A picture that a chosen row shows as ``chosen``: the style would tint it too much."""
    icon = QIcon(normal)
    icon.addPixmap(chosen, QIcon.Mode.Selected)
    return icon


@lru_cache(maxsize=32)
def sign(name: str, colour: str, glyph: str) -> QPixmap:
    """A sign of ``icons`` at the size of a row."""
    return pixmap(name, colour, SIGN, RATIO, glyph)


def thumbnail_square(thumbnail: np.ndarray | None) -> QPixmap:
    """The thumbnail on a dark square; drawn when it is shown, so that a long table costs nothing."""
    side = round(PICTURE * RATIO)
    square = QPixmap(side, side)
    square.fill(QColor(SURROUND))
    if thumbnail is not None:
        small = QPixmap.fromImage(grey_image(thumbnail)).scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        painter = QPainter(square)
        painter.drawPixmap((side - small.width()) // 2, (side - small.height()) // 2, small)
        painter.end()
    square.setDevicePixelRatio(RATIO)
    return square
