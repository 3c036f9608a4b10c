"""Square pixels and upright pictures: the one place where a film is resampled or turned while it is read."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.types import PixelSpacing

NEARLY_SQUARE = 1.01
"""Up to this ratio of height and width a pixel counts as square."""
MOST_OBLONG = 8.0
"""Beyond this ratio the numbers are taken for a mistake."""


@dataclass(frozen=True)
class SquarePixels:
    """A film with square pixels: its pixels, how many of them lie in one of before, and what was done."""

    pixels: np.ndarray
    rows_scale: float = 1.0
    columns_scale: float = 1.0
    steps: tuple[Fact, ...] = ()

    def spacing(self, before: PixelSpacing | None) -> PixelSpacing | None:
        """The spacing of its pixels, from that of before."""
        if before is None:
            return None
        return replace(before, row_mm=before.row_mm / self.rows_scale, column_mm=before.column_mm / self.columns_scale)


def oblong(height: float | None, width: float | None) -> float:
    """Height of a pixel in its widths, 1.0 where the numbers make no sense or say that it is square.

    Parameters
    ----------
    height, width : float or None
        In any common unit: spacing in mm, parts of an aspect ratio, or one over the resolution.
    """
    if not height or not width or not (math.isfinite(height) and math.isfinite(width)) or min(height, width) <= 0:
        return 1.0
    ratio = height / width
    return ratio if NEARLY_SQUARE < max(ratio, 1 / ratio) <= MOST_OBLONG else 1.0


def pixel_ratio(spacing: PixelSpacing | None, aspect: Sequence[float]) -> float:
    """Height of a pixel in its widths, by the spacing, else by the aspect ratio (PS3.3 C.7.6.3.1.7)."""
    if spacing is not None:
        return oblong(spacing.row_mm, spacing.column_mm)
    return oblong(*aspect) if len(aspect) == 2 else 1.0


def square(pixels: np.ndarray, ratio: float, max_pixels: int) -> SquarePixels:
    """Resample a film whose pixels are not square, so that nothing is lost: the longer side gets more pixels.

    Parameters
    ----------
    pixels : numpy.ndarray
        uint16, shape (height, width).
    ratio : float
        Height of a pixel in its widths, as ``oblong`` gives it.
    max_pixels : int
        Above this the other side gets fewer pixels instead.
    """
    if ratio == 1.0:
        return SquarePixels(pixels)
    height, width = pixels.shape
    enlarged = round(height * ratio) * width if ratio > 1 else height * round(width / ratio)
    if enlarged <= max_pixels:
        rows, columns = (round(height * ratio), width) if ratio > 1 else (height, round(width / ratio))
        method = cv2.INTER_LINEAR
    else:
        rows, columns = (height, round(width / ratio)) if ratio > 1 else (round(height * ratio), width)
        method = cv2.INTER_AREA
    step = Fact("oblong", {"ratio": ratio, "columns": columns, "rows": rows})
    resampled = np.asarray(cv2.resize(pixels, (columns, rows), interpolation=method))
    return SquarePixels(resampled, rows / height, columns / width, (step,))


_TURNS: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    2: np.fliplr,
    3: lambda film: np.rot90(film, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda film: np.rot90(film, -1),
    7: lambda film: np.rot90(film, 2).T,
    8: np.rot90,
}
"""How to put the picture upright, by the value of the EXIF orientation."""


def upright(pixels: np.ndarray, orientation: int) -> tuple[np.ndarray, tuple[Fact, ...]]:
    """The picture as its EXIF or TIFF orientation says, and what was done; other numbers than 2 to 8 do nothing."""
    turn = _TURNS.get(orientation)
    if turn is None:
        return pixels, ()
    return np.ascontiguousarray(turn(pixels)), (Fact("turned", {"orientation": orientation}),)
