"""How a film is first looked at: the display window of its own histogram, and which way the hand points.

For viewing only; the network sees the film as it was read.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from bone_age_gui.core.stages.hand import CleaningSpec, find_hand

LONG_SIDE = 256
"""Pixels of the small copy that is analysed."""
FIELD = CleaningSpec(
    blur_sigma=1.0, bar_share=0.8, bar_limit=0.08, rectangularity=0.85, erosion=0.012, rounds=6, palm_reach=3.6,
    height_per_palm=6.0, tightest=1.06, widest=1.16, tilt_limit=0.0,
)  # fmt: skip
"""How the exposed field is found: as the shipped model does it, but before any model is loaded."""
LOW, HIGH = 1.0, 99.7
"""Percentiles of the exposed field that become black and white."""
MARGIN = 0.04
"""Of the distance between them, added at the bright end, so that dense bone is not burnt out."""
NARROWEST = 256.0
"""Grey values; a film that holds less is blank, and shown as it is."""


@dataclass(frozen=True)
class FirstLook:
    """What is known of a film before anybody has looked at it.

    Attributes
    ----------
    black, white : float
        Grey values (0 to 65535) to be shown as black and as white.
    tilt : float or None
        Degrees, clockwise, between straight up and where the fingers point; ``None`` where no hand was found.
    """

    black: float = 0.0
    white: float = 65535.0
    tilt: float | None = None


def first_look(pixels: np.ndarray) -> FirstLook:
    """Analyse a film (uint16, (h, w), bone bright); milliseconds."""
    height, width = pixels.shape
    scale = LONG_SIDE / max(height, width)
    small = pixels
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint16)
    if min(small.shape) < 16 or int(small.max()) - int(small.min()) < NARROWEST:
        return FirstLook()
    region = find_hand(small, FIELD)
    black, white = np.percentile(small[region.field], [LOW, HIGH])
    if white - black < NARROWEST:
        return FirstLook(tilt=region.tilt if region.is_hand else None)
    white = min(white + MARGIN * (white - black), 65535.0)
    return FirstLook(float(black), float(white), region.tilt if region.is_hand else None)
