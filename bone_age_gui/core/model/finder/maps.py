"""From the finder's maps to joints: peaks with sub-pixel places, and the hands that their offsets make of them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from bone_age_gui.core.model.finder.card import FinderSpec
from bone_age_gui.core.values.joints import JointKind

KINDS = (JointKind.DIP, JointKind.PIP, JointKind.MCP, JointKind.RADIUS, JointKind.ULNA, JointKind.WRIST)
"""Classes in the order of the maps."""
OFFSET_PARTS = 16
"""An offset of one is this fraction of the map's side."""
MOST_PEAKS = 40
"""Peaks of one class that are looked at, strongest first: two hands have ten."""


@dataclass(frozen=True)
class Peak:
    """One peak: class, place in map pixels float (2,), score, and where the joint before it should lie."""

    kind: JointKind
    at: np.ndarray
    score: float
    before: np.ndarray


def peaks(maps: np.ndarray, spec: FinderSpec) -> list[Peak]:
    """All peaks of the six heat maps.

    Parameters
    ----------
    maps : numpy.ndarray
        float32 (8, h, w): six logits of heat, two offsets.
    spec : FinderSpec
        Least score and reach of a peak.
    """
    heat = 1 / (1 + np.exp(-np.clip(maps[: len(KINDS)].astype(np.float64), -30, 30)))
    unit = maps.shape[-1] / OFFSET_PARTS
    size = 2 * spec.peak_reach + 1
    answer = []
    for kind, layer in zip(KINDS, heat, strict=True):
        highest = cv2.dilate(layer, np.ones((size, size), np.uint8))
        rows, columns = np.nonzero((layer >= highest) & (layer >= spec.least_score))
        order = np.argsort(-layer[rows, columns])[:MOST_PEAKS]
        for row, column in zip(rows[order], columns[order], strict=True):
            at = np.array([column, row], float) + _sub_pixel(layer, row, column)
            before = at + maps[len(KINDS) :, row, column] * unit
            answer.append(Peak(kind, at, float(layer[row, column]), before))
    return answer


def _sub_pixel(layer: np.ndarray, row: int, column: int) -> np.ndarray:
    """Top of the parabola through the logarithms beside a peak, (x, y), at most half a pixel away."""
    padded = np.log(np.pad(layer[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2], 0) + 1e-6)
    if padded.shape != (3, 3):
        return np.zeros(2)
    shift = []
    for low, middle, high in (padded[1], padded[:, 1]):
        bend = low - 2 * middle + high
        shift.append(0.5 * (low - high) / bend if bend < -1e-6 else 0.0)
    return np.clip(shift, -0.5, 0.5)
