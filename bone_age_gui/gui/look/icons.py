"""Our own line icons (``resources/icons``), drawn in the colour that the theme needs."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from bone_age_gui import paths
from bone_age_gui.core.values.types import Flag
from bone_age_gui.gui.look.theme import Theme, current_theme

SIZES = (16, 20, 24, 32, 48)


@lru_cache(maxsize=128)
def _svg(name: str) -> str:
    return (paths.resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0, glyph: str = "#ffffff") -> QPixmap:
    """An icon ``size`` logical pixels large, for a screen of that pixel ratio."""
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    text = _svg(name).replace("currentColor", colour).replace("glyphColor", glyph)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def icon(name: str, colour: str | None = None) -> QIcon:
    """An icon for a button or menu in the text colour of the theme, paler where disabled."""
    theme = current_theme()
    drawn = QIcon()
    faded = QColor(theme.muted)
    for size in SIZES:
        drawn.addPixmap(pixmap(name, colour or theme.text, size))
        pale = QPixmap(size, size)
        pale.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pale)
        painter.setOpacity(0.45)
        painter.drawPixmap(0, 0, pixmap(name, faded.name(), size))
        painter.end()
        drawn.addPixmap(pale, QIcon.Mode.Disabled)
    return drawn


def flag_name(flag: Flag) -> str:
    """Icon of a flag: each has its own shape."""
    return f"flag-{flag.value.replace('_', '-')}"


def glyph_colour(theme: Theme) -> str:
    """The sign inside a filled shape."""
    return "#101418" if theme.is_dark else "#ffffff"


def app_icon() -> QIcon:
    """The program's icon."""
    drawn = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        drawn.addPixmap(pixmap("app", "#000000", size))
    return drawn
