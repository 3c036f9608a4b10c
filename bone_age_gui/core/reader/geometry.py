"""Square pixels, the right way up: the one place where a film is resampled or turned while it is read."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.types import PixelSpacing, Radiograph

NEARLY_SQUARE = 1.01
"""Up to this ratio of height and width a pixel counts as square."""
MOST_OBLONG = 8.0
"""Beyond this ratio the numbers are taken for a mistake."""


@dataclass(frozen=True)
class StoredFilm:
    """A film whose pixels are in grey and lie as they are stored.

    Attributes
    ----------
    film : Radiograph
        All that is known of it; where its spacing is known, it is that of the pixels as they lie.
    aspect : tuple of float or None
        Height and width of a pixel in any unit, where the file says so.
    orientation : int
        As EXIF and TIFF count it; 1 is upright. Only pictures have another one, which know no spacing.
    """

    film: Radiograph
    aspect: Sequence[float | None] = ()
    orientation: int = 1


def put_straight(stored: StoredFilm, max_pixels: int) -> Radiograph:
    """The film with square pixels, and upright.

    A film that is resampled loses nothing: its longer side gets more pixels, or, where they would be more than
    ``max_pixels``, its shorter side fewer.
    """
    ratio = _pixel_ratio(stored.film.spacing, stored.aspect)
    return _upright(_square(stored.film, ratio, max_pixels), stored.orientation)


def _pixel_ratio(spacing: PixelSpacing | None, aspect: Sequence[float | None]) -> float:
    """Height of a pixel in its widths, by the spacing, else by the aspect ratio (PS3.3 C.7.6.3.1.7)."""
    if spacing is not None:
        return _oblong(spacing.row_mm, spacing.column_mm)
    return _oblong(*aspect) if len(aspect) == 2 else 1.0


def _oblong(height: float | None, width: float | None) -> float:
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


def _square(film: Radiograph, ratio: float, max_pixels: int) -> Radiograph:
    """The film with square pixels, from pixels that are ``ratio`` times as high as wide."""
    if ratio == 1.0:
        return film
    height, width = film.pixels.shape
    enlarged = round(height * ratio) * width if ratio > 1 else height * round(width / ratio)
    if enlarged <= max_pixels:
        rows, columns = (round(height * ratio), width) if ratio > 1 else (height, round(width / ratio))
        method = cv2.INTER_LINEAR
    else:
        rows, columns = (height, round(width / ratio)) if ratio > 1 else (round(height * ratio), width)
        method = cv2.INTER_AREA
    pixels = np.asarray(cv2.resize(film.pixels, (columns, rows), interpolation=method))
    spacing = film.spacing
    if spacing is not None:
        down, across = rows / height, columns / width
        spacing = replace(spacing, row_mm=spacing.row_mm / down, column_mm=spacing.column_mm / across)
    step = Fact("oblong", {"ratio": ratio, "columns": columns, "rows": rows})
    return replace(film, pixels=pixels, spacing=spacing, made_by=(*film.made_by, step))


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


def _upright(film: Radiograph, orientation: int) -> Radiograph:
    """The film as its EXIF or TIFF orientation says; other numbers than 2 to 8 do nothing."""
    turn = _TURNS.get(orientation)
    if turn is None:
        return film
    step = Fact("turned", {"orientation": orientation})
    return replace(film, pixels=np.ascontiguousarray(turn(film.pixels)), made_by=(*film.made_by, step))
