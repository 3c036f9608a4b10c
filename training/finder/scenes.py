"""Made films with their targets: what the finder learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from bone_age_gui.core.model.finder.maps import OFFSET_PARTS
from bone_age_gui.core.model.finder.square import stretched_greys
from training.finder.exposure import degrade, expose
from training.finder.films import JointFilm
from training.finder.joints import CLASS_NAMES, CLASS_OF, COUNT, hand_length, offsets
from training.finder.no_hand import no_hand
from training.finder.placing import PART_SHARE, SIDE, Placed, collimate, cut_part, place, place_two

NO_HAND_SHARE, TWO_SHARE, COLLIMATED_SHARE = 0.14, 0.08, 0.25
LEAST_DEVIATION = 0.012
"""Deviation of the greys (0..1) about a joint below which nobody can see it."""
ENOUGH = 4
"""Visible joints from which a film surely shows a part of a hand."""


@dataclass(frozen=True)
class Scene:
    """One lesson. Maps are (.., 96, 96).

    ``film`` float32 (192, 192) in 0..1; ``heat`` float32 (6, 96, 96) in 0..1; ``counts`` bool (96, 96), false where
    nothing is demanded; ``offsets`` float32 (2, 96, 96), valid where ``near`` is true; ``hands`` float32 (2,) with
    -1 for "not to be judged".
    """

    film: np.ndarray
    heat: np.ndarray
    counts: np.ndarray
    offsets: np.ndarray
    near: np.ndarray
    hands: np.ndarray


def make_scene(films: Sequence[JointFilm], weights: np.ndarray, rng: np.random.Generator, side: int = SIDE) -> Scene:
    """Draw one made film; ``weights`` are the chances of the films (they add up to 1), ``side`` the film's pixels."""
    chance = rng.random()
    first, second = (films[index] for index in rng.choice(len(films), 2, p=weights))
    if chance < NO_HAND_SHARE:
        placed = Placed(no_hand(rng), [], [], [])
    elif chance < NO_HAND_SHARE + TWO_SHARE:
        placed = place_two(first, second, rng)
    else:
        placed = place(first, rng)
        if rng.random() < COLLIMATED_SHARE:
            collimate(placed, rng)
        if rng.random() < PART_SHARE:
            cut_part(placed, rng)
    exposed = expose(placed.pixels, rng)
    _excuse_lost(stretched_greys(exposed), placed)
    film = _boxed(degrade(exposed, rng), placed, rng)
    if side != SIDE:
        film = cv2.resize(film, (side, side), interpolation=cv2.INTER_AREA)
    return Scene(film, *_targets(placed, side // 2), _hands(placed))


def _boxed(pixels: np.ndarray, placed: Placed, rng: np.random.Generator) -> np.ndarray:
    """The made film as a film of some shape in the middle of the square, greys stretched as the app does."""
    high, wide = SIDE, SIDE
    if rng.random() < 0.7:
        narrow = int(SIDE * rng.uniform(0.55, 1))
        high, wide = (SIDE, narrow) if rng.random() < 0.8 else (narrow, SIDE)
    top, left = (SIDE - high) // 2, (SIDE - wide) // 2
    part = (slice(top, top + high), slice(left, left + wide))
    film = np.zeros((SIDE, SIDE), np.float32)
    film[part] = stretched_greys(np.round(pixels[part]))
    inside = np.zeros((SIDE, SIDE), bool)
    inside[part] = True
    if inside.all():
        return film
    placed.cut(inside)
    return film


def _excuse_lost(film: np.ndarray, placed: Placed) -> None:
    """Where clipping or darkness leaves nothing to see about a joint, it is not demanded."""
    mean = cv2.boxFilter(film, -1, (15, 15))
    deviation = np.sqrt(np.maximum(cv2.boxFilter(film * film, -1, (15, 15)) - mean * mean, 0))
    for joints, seen, unsure in zip(placed.hands, placed.seen, placed.unsure, strict=True):
        at = np.clip(np.rint(joints), 0, SIDE - 1).astype(int)
        lost = deviation[at[:, 1], at[:, 0]] < LEAST_DEVIATION
        unsure |= seen & lost
        seen &= ~lost


def _targets(placed: Placed, side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    heat = np.zeros((len(CLASS_NAMES), side, side), np.float32)
    counts = np.ones((side, side), bool)
    vectors = np.zeros((2, side, side), np.float32)
    near = np.zeros((side, side), bool)
    for joints, seen, unsure in zip(placed.hands, placed.seen, placed.unsure, strict=True):
        at = (joints + 0.5) * (side / SIDE) - 0.5
        sigma = float(np.clip(0.02 * hand_length(at), 0.8, 2.2))
        steps = offsets(at) * (OFFSET_PARTS / side)
        for index in range(COUNT):
            if seen[index]:
                _stamp(heat[CLASS_OF[index]], at[index], sigma)
                window = _window(at[index], 1.8 * sigma, side)
                vectors[(slice(None), *window)] = steps[index][:, None, None]
                near[window] = True
            elif unsure[index]:
                counts[_window(at[index], 4.0, side)] = False
    return heat, counts, vectors, near


def _window(at: np.ndarray, reach: float, side: int) -> tuple[slice, slice]:
    low = np.clip(np.ceil(at - reach), 0, side).astype(int)
    high = np.clip(np.floor(at + reach) + 1, 0, side).astype(int)
    return slice(low[1], high[1]), slice(low[0], high[0])


def _stamp(heat: np.ndarray, at: np.ndarray, sigma: float) -> None:
    """Raise a map to a Gaussian about a point."""
    window = _window(at, 3.5 * sigma, len(heat))
    rows, columns = (np.arange(part.start, part.stop) for part in window)
    bump = np.exp(-((columns[None] - at[0]) ** 2 + (rows[:, None] - at[1]) ** 2) / (2 * sigma**2))
    heat[window] = np.maximum(heat[window], bump)


def _hands(placed: Placed) -> np.ndarray:
    """1 where a film shows a part of a hand, or two; 0 where not; -1 where too little is seen to say."""
    counts = [int(seen.sum()) for seen in placed.seen]
    maybe = [int((seen | unsure).sum()) for seen, unsure in zip(placed.seen, placed.unsure, strict=True)]
    some = 1.0 if any(count >= ENOUGH for count in counts) else (0.0 if not any(maybe) else -1.0)
    two = 1.0 if len(counts) == 2 and min(counts) >= 2 * ENOUGH else (0.0 if sum(m > 0 for m in maybe) < 2 else -1.0)
    return np.array([some, two], np.float32)
