"""Colour channels: grey if they look grey, refused if they don't."""

from __future__ import annotations

import cv2
import numpy as np

from bone_age_gui.core.reader import refusals as refuse

COLOURED = 40 / 255
"""Difference between channels, as a share of full scale, from which a pixel counts as coloured."""
COLOURED_SHARE = 0.02
"""Share of coloured pixels that a film may have: a coloured marker or caption."""
TINT = 12 / 255
"""Mean difference between channels that a film may have: the tint of a scan."""


def grey_of_colour(channels: np.ndarray) -> np.ndarray:
    """Luminance of a grey-looking RGB picture.

    Parameters
    ----------
    channels : numpy.ndarray
        uint8 or uint16, shape (height, width, 3), red first, full scale.

    Returns
    -------
    numpy.ndarray
        uint16, shape (height, width), 0 to 65535.

    Raises
    ------
    BoneAgeError
        ``colour`` for anything that is not grey but for a marker or a slight tint.
    """
    top = np.iinfo(channels.dtype).max
    red, green, blue = cv2.split(channels)
    spread = cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue))
    if cv2.mean(spread)[0] > TINT * top or np.count_nonzero(spread > COLOURED * top) > COLOURED_SHARE * spread.size:
        raise refuse.colour()
    grey = green if not spread.any() else cv2.cvtColor(channels, cv2.COLOR_RGB2GRAY)
    return full_range(grey)


def full_range(grey: np.ndarray) -> np.ndarray:
    """uint8 or uint16 to uint16 with 255 becoming 65535."""
    return grey.astype(np.uint16) * 257 if grey.dtype == np.uint8 else grey
