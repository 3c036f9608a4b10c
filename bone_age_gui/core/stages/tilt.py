"""Which way a hand on a film points.

The long axis of a hand with its forearm comes from the second moments of its outline. Which end of it the fingers are
is seen by counting: across the fingers there are several bright runs with air between them, across the forearm is one.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from bone_age_gui.core.values.crop_frame import turning

MIN_ELONGATION = 1.3  # long over short axis; rounder outlines (no forearm, spread fingers) have no axis to go by
MIN_FINGERS = 2.0  # runs across the fingers, on average
MIN_LEAD = 1.0  # by which they outnumber those at the other end


def tilt_of_hand(hand: np.ndarray, palm: tuple[int, int], radius: float) -> float:
    """Angle between straight up and where the fingers point.

    Parameters
    ----------
    hand : numpy.ndarray
        uint8, (h, w), 1 where the hand is.
    palm, radius
        Centre (x, y) and radius of the palm, pixels.

    Returns
    -------
    float
        Degrees, clockwise, -180 to 180; 0 where it cannot be seen.
    """
    axis, elongation = _long_axis(hand)
    if elongation < MIN_ELONGATION:
        return 0.0
    tilt = axis + 90
    one_end, other_end = _runs_at_both_ends(hand, palm, radius, tilt)
    if max(one_end, other_end) < MIN_FINGERS or abs(one_end - other_end) < MIN_LEAD:
        return 0.0
    if other_end > one_end:
        tilt += 180
    return (tilt + 180) % 360 - 180


def _long_axis(hand: np.ndarray) -> tuple[float, float]:
    """Direction of the long axis (degrees, clockwise from the x axis) and its length over the short one's."""
    moments = cv2.moments(hand, binaryImage=True)
    across, down, mixed = (moments[key] / moments["m00"] for key in ("mu20", "mu02", "mu11"))
    spread = math.hypot((across - down) / 2, mixed)
    mean = (across + down) / 2
    return math.degrees(math.atan2(2 * mixed, across - down) / 2), math.sqrt((mean + spread) / max(mean - spread, 1e-6))


def _runs_at_both_ends(hand: np.ndarray, palm: tuple[int, int], radius: float, tilt: float) -> tuple[float, float]:
    """Mean number of runs across the hand 1.3 to 2.8 palm radii above and below the palm, once turned by ``-tilt``."""
    reach = math.ceil(3 * radius)
    turn = turning(tilt)
    matrix = np.column_stack([turn, reach - turn @ palm])
    turned = cv2.warpAffine(hand, matrix, (2 * reach, 2 * reach), flags=cv2.INTER_NEAREST)
    runs = (np.diff(turned.astype(np.int8), axis=1, prepend=0) > 0).sum(axis=1)
    near, far = round(1.3 * radius), round(2.8 * radius)
    return float(runs[reach - far : reach - near].mean()), float(runs[reach + near : reach + far].mean())
