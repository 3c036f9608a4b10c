"""Arrays to Qt images: windowing through one lookup table, sizes for every zoom, the heat map in colour."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QPixmap

GREYS = 65536
THUMBNAIL = 96
"""Longest side of a thumbnail in pixels."""

HEAT_OPACITY = 0.6


@dataclass(frozen=True)
class Windowing:
    """Display window on uint16 pixels: ``centre`` and ``width`` in grey values 0..65535, for viewing only."""

    centre: float = (GREYS - 1) / 2
    width: float = float(GREYS - 1)
    inverted: bool = False

    def table(self) -> np.ndarray:
        """Lookup table uint8 (65536,)."""
        greys = np.arange(GREYS, dtype=np.float32)
        low = self.centre - self.width / 2
        shown = np.clip((greys - low) * (255.0 / self.width) + 0.5, 0, 255).astype(np.uint8)
        return 255 - shown if self.inverted else shown

    def dragged(self, across: float, down: float) -> Windowing:
        """The window after a drag by fractions of the view: right widens it, down lowers the level (brightens)."""
        width = float(np.clip(self.width * 4.0**across, 256, 4 * GREYS))
        centre = float(np.clip(self.centre - down * self.width, 0, GREYS - 1))
        return Windowing(centre, width, self.inverted)


def png_bytes(picture: QImage | QPixmap) -> bytes:
    """A picture as a PNG file."""
    content = QBuffer()
    content.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(content, "PNG")  # type: ignore[call-overload]
    return bytes(content.data().data())


def as_uint16(pixels: np.ndarray) -> np.ndarray:
    """uint8 spread to uint16 (255 becomes 65535); uint16 as it is."""
    return pixels if pixels.dtype == np.uint16 else pixels.astype(np.uint16) * 257


def smaller_copies(pixels: np.ndarray, smallest: int = 256) -> list[np.ndarray]:
    """The picture at full, half, quarter... size by area averaging, down to about ``smallest`` pixels."""
    copies = [np.ascontiguousarray(pixels)]
    while min(copies[-1].shape) >= 2 * smallest:
        height, width = copies[-1].shape
        copies.append(cv2.resize(copies[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA))
    return copies


def grey_image(pixels: np.ndarray) -> QImage:
    """QImage from uint8 (h, w); copied, because Qt keeps no reference to the array."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_Grayscale8).copy()


def windowed_image(pixels: np.ndarray, windowing: Windowing) -> QImage:
    """QImage from uint16 (h, w) through a display window."""
    return grey_image(cv2.LUT(pixels, windowing.table()))


def thumbnail(pixels: np.ndarray, windowing: Windowing) -> np.ndarray:
    """uint8 (h, w), longest side `THUMBNAIL`, of a uint16 film through a display window."""
    scale = THUMBNAIL / max(pixels.shape)
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint16)
    return np.asarray(cv2.LUT(small, windowing.table()))


def heat_image(heat: np.ndarray, shape: tuple[int, int]) -> QImage:
    """The heat map (float32 (h, w), 0..1) in colour at the size of its stage; cold places are transparent."""
    height, width = shape
    smooth = np.clip(cv2.resize(heat.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC), 0, 1)
    levels = np.rint(smooth * 255).astype(np.uint8)
    blue_green_red = cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO)
    alpha = np.rint(255 * HEAT_OPACITY * np.sqrt(smooth)).astype(np.uint8)
    pixels = np.ascontiguousarray(np.dstack([blue_green_red, alpha]))
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_ARGB32).copy()
