"""All stages of a film as one picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from bone_age_gui.core.values.types import Case
from bone_age_gui.core.values.whole_files import write_content
from bone_age_gui.gui.look.theme import ON_FILM, SURROUND
from bone_age_gui.gui.view.qimage import Windowing, as_uint16, png_bytes, smaller_copies, windowed_image
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.stages import stage_caption, stage_title
from bone_age_gui.wording.stages_picture import AS_READ, ORIGINAL, footline, headline

TILE = 420
GAP = 16
TEXT = 76
"""Height in pixels for title and caption under a picture."""
HEAD = 52
FOOT = 36
COLUMNS = 3


def stages_picture(case: Case) -> QImage:
    """Original and stages in rows of three, with captions. Holds nothing that identifies the patient."""
    pictures = [(tr(ORIGINAL), tr(AS_READ), case.radiograph.pixels)] if case.radiograph is not None else []
    pictures += [(stage_title(stage.fact), stage_caption(stage.fact), stage.pixels) for stage in case.stages]
    rows = -(-len(pictures) // COLUMNS)
    width = GAP + COLUMNS * (TILE + GAP)
    image = QImage(width, HEAD + rows * (TILE + TEXT) + FOOT, QImage.Format.Format_RGB32)
    image.fill(QColor(SURROUND))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(QColor(ON_FILM))
    _write(painter, QRect(GAP, 0, width - 2 * GAP, HEAD), headline(case), 20, bold=True)
    for number, (title, caption, pixels) in enumerate(pictures):
        row, column = divmod(number, COLUMNS)
        corner = QRect(GAP + column * (TILE + GAP), HEAD + row * (TILE + TEXT), TILE, TILE)
        _draw(painter, corner, pixels)
        _write(painter, QRect(corner.left(), corner.bottom() + 4, TILE, 24), f"{number}  {title}", 16, bold=True)
        _write(painter, QRect(corner.left(), corner.bottom() + 27, TILE, 44), caption, 13)
    _write(painter, QRect(GAP, image.height() - FOOT, width - 2 * GAP, FOOT), footline(case), 13)
    painter.end()
    return image


def save_stages_picture(case: Case, path: Path) -> Path:
    """Write the picture as PNG, whole or not at all.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
    return write_content(path, png_bytes(stages_picture(case)), "picture")


def _draw(painter: QPainter, area: QRect, pixels: np.ndarray) -> None:
    fitting = [copy for copy in smaller_copies(as_uint16(pixels)) if max(copy.shape) >= TILE]
    image = windowed_image((fitting or [as_uint16(pixels)])[-1], Windowing())
    place = QRect(area.topLeft(), image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio))
    place.moveCenter(area.center())
    painter.drawImage(place, image)


def _write(painter: QPainter, area: QRect, text: str, size: int, bold: bool = False) -> None:
    font = QFont(painter.font())
    font.setPixelSize(size)
    font.setBold(bold)
    painter.setFont(font)
    flags = Qt.AlignmentFlag.AlignVCenter if size > 13 else Qt.AlignmentFlag.AlignTop
    painter.drawText(area, int(flags) | int(Qt.TextFlag.TextWordWrap), text)
