"""Whether the bones can be read (sharpness, noise, blocks, clipping, grey levels), and whether the estimate is steady.

The film's own measures are taken about the joints, at one size of the hand whatever the film's. An estimate is unsteady
where the network spreads it over many months on a film that is unlike those that it learned from: either happens alone
with hands that are fine, both together where a film was damaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from bone_age_gui.core.model.estimate import standard_deviation
from bone_age_gui.core.model.quality_card import Legibility, LegibilityLimits
from bone_age_gui.core.values.errors import BoneAgeError
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
BLOCK = 8
"""Pixels of a block of JPEG, which begins at the film's corner."""
_LEAST_BLOCKS = 3
_SEEN = 0.05
"""Steps between neighbours, in deviations of the hand's greys, below which an eye or a network hardly sees one."""
_OF_FILM = {"noisy", "blocks", "not_sharp", "clipped", "few_greys", "few_pixels"}
_OF_ESTIMATE = {"unsteady", "unlike_training"}


@dataclass(frozen=True)
class Measures:
    """What is measured of a film about the joints of its hand.

    ``sharpness``: mean second difference of the softened greys, ``roughness``: deviation of what softening takes away;
    both in deviations of the square, by the median joint. ``levels``: grey levels that the hand is drawn with.
    ``blocks``: mean step between blocks of 8 pixels over that within them, less the smaller they are beside the hand.
    ``black`` and ``white``: shares of what lies about the joints at the film's darkest and at its brightest grey.
    ``length``: pixels from the wrist to the farthest fingertip.
    """

    sharpness: float
    roughness: float
    levels: int
    blocks: float
    black: float
    white: float
    length: float


def measures_of(pixels: np.ndarray, hand: HandJoints) -> Measures | None:
    """Measures of a film, uint16 (h, w); ``None`` where no joint lies on it."""
    squares = [square for joint in hand.joints if (square := _square(pixels, joint.at, hand.length)).size]
    if not squares:
        return None
    sharp, rough = np.median([_sharp_and_rough(square) for square in squares], axis=0)
    levels = np.count_nonzero(np.bincount(_box(pixels, hand).ravel()))  # a third of the time of sorting them
    return Measures(float(sharp), float(rough), int(levels), _blocks(pixels, hand), *clipped(pixels, hand), hand.length)


def doubts_of_film(measures: Measures | None, legibility: Legibility | None) -> tuple[Notice, ...]:
    """Doubts ``not_sharp``, ``noisy``, ``blocks``, ``clipped``, ``few_greys`` and ``few_pixels`` of a film."""
    if measures is None or legibility is None:
        return ()
    return tuple(_beyond(measures, legibility.doubt))


def refusal_of_film(measures: Measures | None, legibility: Legibility | None) -> BoneAgeError | None:
    """A refusal ``illegible`` of a film that is too spoilt to be read, for the first of the same reasons."""
    if measures is None or legibility is None or legibility.refusal is None:
        return None
    return next((_refusal(each) for each in _beyond(measures, legibility.refusal)), None)


def doubts_of_estimate(estimate: Estimate, legibility: Legibility | None) -> tuple[Notice, ...]:
    """A doubt ``unsteady`` where spread and novelty together are beyond the limit."""
    if legibility is None or _unsteadiness(estimate, legibility) <= legibility.doubt.most_unsteadiness:
        return ()
    return (_doubt("unsteady"),)


def refusal_of_estimate(
    estimate: Estimate, legibility: Legibility | None, doubts: Iterable[Notice]
) -> BoneAgeError | None:
    """A refusal ``illegible`` where the estimate may be any age: spread and novelty are far beyond the limit, or the
    film's own measures and the network's estimate both say that it is spoilt.

    ``doubts`` are those of the film and of the estimate.
    """
    if legibility is None or legibility.refusal is None:
        return None
    codes = {doubt.code for doubt in doubts}
    if codes & _OF_ESTIMATE and codes & _OF_FILM:
        return BoneAgeError("illegible", "unsteady")
    if _unsteadiness(estimate, legibility) > legibility.refusal.most_unsteadiness:
        return BoneAgeError("illegible", "unsteady")
    return None


def is_of_estimate(error: BoneAgeError | None) -> bool:
    """Whether a refusal came of the estimate, and may be another one with another sex."""
    return error is not None and (error.code, error.why) == ("illegible", "unsteady")


def _beyond(measures: Measures, limits: LegibilityLimits) -> Iterator[Notice]:
    """Doubts for what of a film lies beyond the limits, the most telling first."""
    if measures.roughness > limits.most_roughness:
        yield _doubt("noisy")
    if limits.most_blocks is not None and measures.blocks > limits.most_blocks:
        yield _doubt("blocks")
    if measures.sharpness < limits.least_sharpness:
        yield _doubt("not_sharp")
    if limits.most_clipped is not None and max(measures.black, measures.white) > limits.most_clipped:
        yield clipped_notice(measures.black, measures.white)
    if measures.levels < limits.least_levels:
        yield _doubt("few_greys")
    if limits.least_length is not None and measures.length < limits.least_length:
        yield Notice("few_pixels", "", {"pixels": measures.length}, loud=True, doubt=True)


def _refusal(doubt: Notice) -> BoneAgeError:
    """What is said where a film lies so far beyond a limit that it cannot be read."""
    if doubt.code == "noisy":
        return BoneAgeError("illegible", "noisy")
    if doubt.code == "blocks":
        return BoneAgeError("illegible", "blocks")
    if doubt.code == "not_sharp":
        return BoneAgeError("illegible", "not_sharp")
    if doubt.code == "few_greys":
        return BoneAgeError("illegible", "few_greys")
    if doubt.code == "few_pixels":
        return BoneAgeError("illegible", "few_pixels", pixels=doubt.details["pixels"])
    if doubt.why == "white":
        return BoneAgeError("illegible", "clipped_white", percent=doubt.details["percent"])
    return BoneAgeError("illegible", "clipped_black", percent=doubt.details["percent"])


def _doubt(code: str) -> Notice:
    return Notice(code, loud=True, doubt=True)


def _unsteadiness(estimate: Estimate, legibility: Legibility) -> float:
    """0 where the graph gives no distribution or no distance."""
    if estimate.distribution is None or estimate.novelty is None:
        return 0.0
    spread = standard_deviation(estimate.distribution)
    return legibility.unsteadiness(spread, estimate.novelty, has_sex=estimate.sex is not None)


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


def _box(pixels: np.ndarray, hand: HandJoints, step: int = 1) -> np.ndarray:
    """The film about all joints, uint16; from a corner whose places ``step`` divides."""
    places = np.array([joint.at for joint in hand.joints])
    height, width = pixels.shape
    left, top = np.clip(np.floor(places.min(axis=0)), 0, [width - 1, height - 1]).astype(int) // step * step
    right, bottom = np.clip(np.ceil(places.max(axis=0)), 0, [width - 1, height - 1]).astype(int)
    return pixels[top : bottom + 1, left : right + 1]


def _blocks(pixels: np.ndarray, hand: HandJoints) -> float:
    """The mean step across the edges of blocks over the usual one, across and down; 1 where there are no blocks.

    The finer a film is, the less of what exceeds 1 counts: its blocks hide less of a bone.
    """
    box = _box(pixels, hand, BLOCK).astype(np.float32)
    if min(box.shape) < _LEAST_BLOCKS * BLOCK:
        return 1.0
    excess, least_step = [], _SEEN * float(box.std()) + _FLAT
    for axis in (0, 1):
        steps = np.abs(np.diff(box, axis=axis)).mean(axis=1 - axis)
        by_place = [float(steps[place::BLOCK].mean()) for place in range(BLOCK)]
        usual = float(np.median(by_place))
        excess.append((by_place[-1] - usual) / (usual + least_step))
    coarseness = min(1.0, COARSE_SIDE / (2 * REACH * hand.length))
    return 1 + coarseness * float(np.mean(excess))


def clipped(pixels: np.ndarray, hand: HandJoints) -> tuple[float, float]:
    """Shares of what lies about the joints at the darkest and at the brightest grey of a film, uint16 (h, w)."""
    greys = _around_joints(pixels, hand)
    if greys.size == 0:
        return 0.0, 0.0
    low, high = int(pixels.min()), int(pixels.max())
    return (float(np.mean(greys <= low)), float(np.mean(greys >= high))) if high > low else (1.0, 1.0)


def clipped_notice(black: float, white: float) -> Notice:
    """A doubt ``clipped`` of a film with these shares."""
    if white >= black:
        return Notice("clipped", "white", {"percent": 100 * white}, loud=True, doubt=True)
    return Notice("clipped", "black", {"percent": 100 * black}, loud=True, doubt=True)


def _around_joints(pixels: np.ndarray, hand: HandJoints) -> np.ndarray:
    """The greys in a small square about every joint that was seen, one after the other, dtype of the film."""
    reach = max(1, round(0.03 * hand.length))
    height, width = pixels.shape
    parts = []
    for joint in hand.joints:
        x, y = round(joint.x), round(joint.y)
        part = pixels[max(y - reach, 0) : min(y + reach + 1, height), max(x - reach, 0) : min(x + reach + 1, width)]
        parts.append(part.ravel())
    return np.concatenate(parts) if parts else np.zeros(0, pixels.dtype)
