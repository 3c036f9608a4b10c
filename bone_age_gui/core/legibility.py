"""Can the bones be read: sharp, not rough, drawn with enough greys? And how steady is the estimate?

The film's own measures are taken about the joints, at one size of the hand whatever the film's. An estimate is unsteady
where the network spreads it over many months on a film that is unlike those that it learned from: either happens alone
with hands that are fine, both together where a film was damaged.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from bone_age_gui.core.model.estimate import standard_deviation
from bone_age_gui.core.model.quality_card import Legibility
from bone_age_gui.core.values.joints import HandJoints
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.types import Estimate

REACH = 0.05
"""Half side of the square about a joint, in lengths of the hand."""
SIDE = 24
"""Pixels to which that square is brought: the hand then is about as long as the network sees it."""
COARSE_SIDE = 19
"""Pixels of that square on films of 299 pixels, on which the limits were measured: finer grain is no noise."""
_LEAST_PIXELS = 16
_FLAT = 1e-3


@dataclass(frozen=True)
class Measures:
    """What is measured of a film about the joints of its hand.

    ``sharpness``: mean second difference of the softened greys, ``roughness``: deviation of what softening takes away;
    both in deviations of the square, by the median joint. ``levels``: grey levels that the hand is drawn with.
    """

    sharpness: float
    roughness: float
    levels: int


def measures_of(pixels: np.ndarray, hand: HandJoints) -> Measures | None:
    """Measures of a film, uint16 (h, w); ``None`` where no joint lies on it."""
    squares = [square for joint in hand.joints if (square := _square(pixels, joint.at, hand.length)).size]
    if not squares:
        return None
    sharp, rough = np.median([_sharp_and_rough(square) for square in squares], axis=0)
    return Measures(float(sharp), float(rough), _levels(pixels, hand))


def doubts_of_film(seen: Measures | None, limits: Legibility | None) -> tuple[Notice, ...]:
    """Doubts ``not_sharp``, ``noisy`` and ``few_greys`` of a film by its measures."""
    if seen is None or limits is None:
        return ()
    doubts = []
    if seen.sharpness < limits.least_sharpness:
        doubts.append(Notice("not_sharp", loud=True, doubt=True))
    if seen.roughness > limits.most_roughness:
        doubts.append(Notice("noisy", loud=True, doubt=True))
    if seen.levels < limits.least_levels:
        doubts.append(Notice("few_greys", loud=True, doubt=True))
    return tuple(doubts)


def doubts_of_estimate(estimate: Estimate, limits: Legibility | None) -> tuple[Notice, ...]:
    """A doubt ``unsteady`` where spread and novelty together are beyond the limit."""
    if limits is None or estimate.distribution is None or estimate.novelty is None:
        return ()
    spread = standard_deviation(estimate.distribution)
    unsteadiness = limits.unsteadiness(spread, estimate.novelty, has_sex=estimate.sex is not None)
    return (Notice("unsteady", loud=True, doubt=True),) if unsteadiness > limits.most_unsteadiness else ()


def _square(pixels: np.ndarray, at: np.ndarray, length: float) -> np.ndarray:
    """Float32 (24, 24) about a point, empty where too little of it lies on the film."""
    reach = max(2, round(REACH * length))
    x, y = (round(float(each)) for each in at)
    height, width = pixels.shape
    part = pixels[max(y - reach, 0) : min(y + reach + 1, height), max(x - reach, 0) : min(x + reach + 1, width)]
    if min(part.shape) < 2 or part.size < _LEAST_PIXELS:
        return np.zeros((0, 0), np.float32)
    part = part.astype(np.float32)
    if min(part.shape) > COARSE_SIDE:  # as coarse as the films that the limits were measured on
        part = cv2.resize(part, (COARSE_SIDE, COARSE_SIDE), interpolation=cv2.INTER_AREA)
    return cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def _sharp_and_rough(square: np.ndarray) -> tuple[float, float]:
    soft = cv2.GaussianBlur(square, (0, 0), 1.0)
    deviation = float(soft.std()) + _FLAT
    edges = float(np.abs(cv2.Laplacian(soft, cv2.CV_32F)).mean())
    return edges / deviation, float((square - soft).std()) / deviation


def _levels(pixels: np.ndarray, hand: HandJoints) -> int:
    places = np.array([joint.at for joint in hand.joints])
    height, width = pixels.shape
    left, top = np.clip(np.floor(places.min(axis=0)), 0, [width - 1, height - 1]).astype(int)
    right, bottom = np.clip(np.ceil(places.max(axis=0)), 0, [width - 1, height - 1]).astype(int)
    counts = np.bincount(pixels[top : bottom + 1, left : right + 1].ravel())  # a third of the time of sorting them
    return int(np.count_nonzero(counts))
