"""Draw the program's icon in every size from its SVG: PNG for Linux, ICO for Windows, ICNS for macOS."""

from __future__ import annotations

import os
from pathlib import Path

SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = tuple((size, size) for size in SIZES if size <= 256)


def draw_icons(svg: Path, folder: Path) -> dict[int, Path]:
    """Write ``<size>.png`` for every size, ``app.ico`` and ``app.icns`` into ``folder``; the PNGs by size."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PIL import Image
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    folder.mkdir(parents=True, exist_ok=True)
    renderer = QSvgRenderer(str(svg))
    if not renderer.isValid():
        raise SystemExit(f"{svg} is no usable SVG.")
    drawn = {}
    for size in SIZES:
        picture = QImage(size, size, QImage.Format.Format_ARGB32)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        drawn[size] = folder / f"{size}.png"
        picture.save(str(drawn[size]))
    with Image.open(drawn[max(SIZES)]) as largest:
        largest.save(folder / "app.ico", sizes=ICO_SIZES)
        largest.save(folder / "app.icns")
    return drawn
