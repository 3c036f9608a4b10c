"""Channels to grey: opacity is laid on black, colours are grey if they look grey, and refused if they don't.

Channels may be red, green and blue or luminance and two colour differences, and tags and markers are often wrong about
which. A grey film says it itself: its three channels are equal, or two of them lie in the middle.
"""

from __future__ import annotations

import cv2
import numpy as np

from bone_age_gui.core.reader.raster import Raster
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact

COLOURED = 40 / 255
"""Difference between channels, as a share of full scale, from which a pixel counts as coloured."""
COLOURED_SHARE = 0.02
"""Share of coloured pixels that a film may have: a coloured marker or caption."""
TINT = 12 / 255
"""Mean difference between channels that a film may have: the tint of a scan."""


def grey_of_colour(channels: np.ndarray, *, is_ybr: bool = False) -> tuple[np.ndarray, Fact]:
    """Luminance of a grey-looking picture of three channels.

    Parameters
    ----------
    channels : numpy.ndarray
        uint8 or uint16, shape (height, width, 3), full scale: red first, or luminance first.
    is_ybr : bool
        What tags or markers say of the channels; the other meaning is taken where only that one is grey.

    Returns
    -------
    grey : numpy.ndarray
        uint16, shape (height, width), 0 to 65535.
    step : Fact
        What was done.

    Raises
    ------
    BoneAgeError
        ``colour`` for anything that is not grey but for a marker or a slight tint.
    """
    for meaning in (is_ybr, not is_ybr):
        grey = _grey_of_ybr(channels) if meaning else _grey_of_rgb(channels)
        if grey is not None:
            if meaning == is_ybr:
                return full_range(grey), Fact("colour")
            return full_range(grey), Fact("colour_ybr" if meaning else "colour_rgb")
    raise BoneAgeError("colour")


def grey_of_raster(raster: Raster) -> np.ndarray:
    """A picture in grey on black, as it lies: uint16, shape (height, width), 0 to 65535.

    Raises ``BoneAgeError`` (``colour``).
    """
    cells = raster.cells
    if cells.ndim == 2:
        grey = full_range(cells)
        return np.asarray(65535 - grey, np.uint16) if raster.is_inverse else grey
    count = cells.shape[2]
    if count < 3:
        grey = full_range(np.ascontiguousarray(cells[..., 0]))
    else:
        grey, _ = grey_of_colour(np.ascontiguousarray(cells[..., :3]), is_ybr=raster.is_ybr)
    if count % 2:
        return grey
    opacity = cells[..., -1].astype(np.float32) / np.iinfo(cells.dtype).max
    return np.round(grey * opacity).astype(np.uint16)  # before black


def _grey_of_rgb(channels: np.ndarray) -> np.ndarray | None:
    """Luminance of red, green and blue; ``None`` if they are coloured."""
    red, green, blue = cv2.split(channels)
    spread = cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue))
    if _is_coloured(spread, float(np.iinfo(channels.dtype).max)):
        return None
    return green if not spread.any() else cv2.cvtColor(channels, cv2.COLOR_RGB2GRAY)


def _grey_of_ybr(channels: np.ndarray) -> np.ndarray | None:
    """The luminance channel; ``None`` if the two others are coloured (ITU-T T.871: the middle is no colour)."""
    top = np.iinfo(channels.dtype).max
    middle = np.full(channels.shape[:2], top // 2 + 1, channels.dtype)
    luminance, blue, red = cv2.split(channels)
    # Over 1.772 and 1.402 of the distance from the middle lie between red, green and blue.
    spread = cv2.max(cv2.absdiff(blue, middle), cv2.absdiff(red, middle))
    return None if _is_coloured(cv2.convertScaleAbs(spread, alpha=1.772 * 255 / top), 255.0) else luminance


def _is_coloured(spread: np.ndarray, top: float) -> bool:
    """True if more than a tint or a marker stands out."""
    many = np.count_nonzero(spread > COLOURED * top) > COLOURED_SHARE * spread.size
    return bool(many or cv2.mean(spread)[0] > TINT * top)


def full_range(grey: np.ndarray) -> np.ndarray:
    """uint8 or uint16 to uint16 with 255 becoming 65535."""
    return grey.astype(np.uint16) * 257 if grey.dtype == np.uint8 else grey


def full_scale(values: np.ndarray, bits: int) -> np.ndarray:
    """uint8 or uint16 of so many significant bits, stretched to all bits of its type."""
    width = 8 * values.itemsize
    if bits >= width:
        return values
    scale = (2**width - 1) / (2**bits - 1)
    return np.round(values.astype(np.float32) * scale).astype(values.dtype)
