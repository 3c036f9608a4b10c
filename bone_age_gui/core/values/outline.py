"""Where the hand lies on the film, as one closed line, for reports that mark what was measured."""

from __future__ import annotations

import cv2
import numpy as np

from bone_age_gui.core.values.crop_frame import film_to_stage
from bone_age_gui.core.values.types import Case

_WIDER = 1.3
"""Joints end before the finger tips: their hull, made so much larger about its middle, holds the hand."""
_LEAST_JOINTS = 3


def hand_outline(case: Case) -> tuple[tuple[float, float], ...]:
    """Corners (x, y) in film pixels, the top left corner of the film at (0, 0), not closed; empty where unknown.

    About the joints of the hand that was read, else about what was cut out for the network.
    """
    if case.radiograph is None:
        return ()
    height, width = case.radiograph.size or case.radiograph.pixels.shape
    hand = case.quality.hand if case.quality is not None else None
    places = np.array([joint.at for joint in hand.joints]).reshape(-1, 2) if hand is not None else np.zeros((0, 2))
    corners = _about(places) if len(places) >= _LEAST_JOINTS else _crop(case, (height, width))
    inside = np.clip(corners, 0, (width, height))
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in inside)


def _about(places: np.ndarray) -> np.ndarray:
    hull = cv2.convexHull(places.astype(np.float32)).reshape(-1, 2)
    middle = (hull.min(axis=0) + hull.max(axis=0)) / 2
    wider: np.ndarray = middle + _WIDER * (hull - middle)
    return wider


def _crop(case: Case, film: tuple[int, int]) -> np.ndarray:
    there = bool(case.stages) and case.stages[-1].pixels.size > 0
    matrix = film_to_stage(case.stages, case.stages[-1], film) if there else None
    if matrix is None:
        return np.zeros((0, 2))
    height, width = case.stages[-1].pixels.shape
    ends = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float64) - 0.5
    corners: np.ndarray = (np.linalg.inv(matrix[:, :2]) @ (ends - matrix[:, 2]).T).T + 0.5
    return corners
