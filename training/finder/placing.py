"""Where a hand lies on a made film: turned, mirrored, stretched, small, large, cut off, in a field, in pairs."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from training.finder.films import JointFilm
from training.finder.joints import hand_length

SIDE = 192
EDGE = 3
"""A joint that lies nearer to a cut than this (pixels) is neither demanded nor forbidden."""
USUAL_SHARE = 0.8
"""Hands of a usual size on their film."""
UPRIGHT_SHARE = 0.35
"""Hands that stand nearly upright, as the second look sees them all."""
PART_SHARE = 0.18
"""Share of films on which a straight cut takes a part of the hand away."""


@dataclass
class Placed:
    """A made film: pixels float32 (192, 192) in 0..255; joints (17, 2); seen and unsure bool (17,) per hand."""

    pixels: np.ndarray
    hands: list[np.ndarray]
    seen: list[np.ndarray]
    unsure: list[np.ndarray]

    def cut(self, inside: np.ndarray) -> None:
        """Drop the joints outside a mask, bool (192, 192); those near its rim become unsure."""
        mask = inside.astype(np.uint8)
        kernel = np.ones((2 * EDGE + 1, 2 * EDGE + 1), np.uint8)
        deep, touched = cv2.erode(mask, kernel, borderValue=1), cv2.dilate(mask, kernel)
        for joints, seen, unsure in zip(self.hands, self.seen, self.unsure, strict=True):
            at = np.clip(np.rint(joints), 0, SIDE - 1).astype(int)
            well, near = deep[at[:, 1], at[:, 0]] > 0, touched[at[:, 1], at[:, 0]] > 0
            unsure |= seen & near & ~well
            seen &= well


def place(film: JointFilm, rng: np.random.Generator, length: float | None = None, centre: np.ndarray | None = None,
          outside: float | None = None) -> Placed:  # fmt: skip
    """Put a film's hand on an empty canvas at any angle; ``length`` from the wrist to the farthest DIP in pixels."""
    joints = film.joints.astype(np.float64)
    if length is None:
        length = _some_length(rng)
    linear = _linear(rng) * (length / hand_length(joints))
    middle = (joints.min(0) + joints.max(0)) / 2
    if centre is None:
        room = max(SIDE / 2 - length * 0.62, SIDE * 0.12)
        centre = SIDE / 2 + rng.uniform(-room, room, 2)
    matrix = np.hstack([linear, (centre - linear @ middle)[:, None]])
    pixels = _warp(film.pixels, matrix, rng, outside)
    moved = joints @ linear.T + matrix[:, 2]
    inside = cv2.warpAffine(np.ones(film.pixels.shape, np.uint8), matrix, (SIDE, SIDE), flags=cv2.INTER_NEAREST)
    on_canvas = ((moved >= 0) & (moved <= SIDE - 1)).all(1)
    placed = Placed(pixels, [moved], [on_canvas], [np.zeros(17, bool)])
    placed.cut(np.pad(inside[1:-1, 1:-1], 1) > 0)
    return placed


def _some_length(rng: np.random.Generator) -> float:
    """Most hands fill a third to nine tenths of the film, some far less or far more."""
    if rng.random() < USUAL_SHARE:
        return float(SIDE * rng.uniform(0.38, 0.85))
    return float(SIDE * np.exp(rng.uniform(np.log(0.17), np.log(2.2))))


def _linear(rng: np.random.Generator) -> np.ndarray:
    """Turn, mirror, stretch and shear, without size."""
    angle = rng.normal(0, 0.15) if rng.random() < UPRIGHT_SHARE else rng.uniform(0, 2 * np.pi)
    cos, sin = np.cos(angle), np.sin(angle)
    linear = np.array([[cos, -sin], [sin, cos]])
    stretch = np.exp(rng.uniform(-0.06, 0.06))
    linear = np.array([[stretch, rng.normal(0, 0.03)], [0, 1 / stretch]]) @ linear
    if rng.random() < 0.5:
        linear = linear @ np.diag([-1.0, 1.0])
    return linear


def _warp(pixels: np.ndarray, matrix: np.ndarray, rng: np.random.Generator, outside: float | None) -> np.ndarray:
    scale = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
    if scale < 0.6:
        pixels = cv2.GaussianBlur(pixels, (0, 0), 0.4 / scale)
    edge = np.concatenate([pixels[2], pixels[-3], pixels[:, 2], pixels[:, -3]])
    values = (0.0, 255.0, float(np.median(edge)), float(rng.uniform(0, 255)))
    value = outside if outside is not None else values[rng.choice(4, p=(0.4, 0.1, 0.35, 0.15))]
    replicate = outside is None and rng.random() < 0.25
    mode = cv2.BORDER_REPLICATE if replicate else cv2.BORDER_CONSTANT
    warped = cv2.warpAffine(pixels, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=mode, borderValue=value)
    return warped.astype(np.float32)


def half_plane(rng: np.random.Generator, through: np.ndarray) -> np.ndarray:
    """Mask bool (192, 192) of one side of a line at any angle through a point."""
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[:SIDE, :SIDE]
    return np.asarray((x - through[0]) * np.cos(angle) + (y - through[1]) * np.sin(angle) > 0)


def cut_part(placed: Placed, rng: np.random.Generator) -> None:
    """Take everything on one side of a line through the hand away, as a narrow field or a border does."""
    joints = placed.hands[0]
    weights = rng.dirichlet(np.ones(len(joints)) * 0.5)
    inside = half_plane(rng, weights @ joints)
    _blank(placed, inside, rng)


def collimate(placed: Placed, rng: np.random.Generator) -> None:
    """A four-sided field at any angle about the hand, sometimes too narrow for it."""
    joints = placed.hands[0]
    angle = rng.uniform(0, np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = joints @ turn
    low, high = turned.min(0), turned.max(0)
    margin = rng.uniform(-0.05, 0.6, (2, 2)) * (high - low).max()
    low, high = low - margin[0], high + margin[1]
    corners = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]]) @ turn.T
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillConvexPoly(mask, np.rint(corners).astype(np.int32), 1)
    _blank(placed, mask > 0, rng)
    if rng.random() < 0.4:
        cv2.polylines(placed.pixels, [np.rint(corners).astype(np.int32)], True, float(rng.uniform(0, 255)),
                      int(rng.integers(1, 4)))  # fmt: skip


def _blank(placed: Placed, inside: np.ndarray, rng: np.random.Generator) -> None:
    value = (0.0, 255.0, float(rng.uniform(0, 255)))[rng.choice(3, p=(0.55, 0.2, 0.25))]
    soft = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), rng.uniform(0.4, 1.5))
    if rng.random() < 0.3:  # scatter lets a shadow of the hand through
        soft = soft + (1 - soft) * rng.uniform(0.05, 0.2)
        placed.pixels = placed.pixels * soft + value * (1 - soft)
        placed.unsure = [unsure | seen for unsure, seen in zip(placed.unsure, placed.seen, strict=True)]
    else:
        placed.pixels = placed.pixels * soft + value * (1 - soft)
    placed.cut(inside)
    for seen, unsure in zip(placed.seen, placed.unsure, strict=True):
        unsure &= ~seen


def place_two(first: JointFilm, second: JointFilm, rng: np.random.Generator) -> Placed:
    """Two hands side by side at any angle to the film, each on its half."""
    angle = rng.uniform(0, 2 * np.pi)
    aside = np.array([np.cos(angle), np.sin(angle)]) * SIDE * rng.uniform(0.2, 0.3)
    length = SIDE * rng.uniform(0.28, 0.62)
    outside = float(rng.choice([0.0, 40.0, 255.0]))
    hands = []
    for film, sign in ((first, -1), (second, 1)):
        jitter = rng.normal(0, 6, 2)
        hands.append(place(film, rng, length * rng.uniform(0.85, 1.15), SIDE / 2 + sign * aside + jitter, outside))
    y, x = np.mgrid[:SIDE, :SIDE]
    side = (x - SIDE / 2) * np.cos(angle) + (y - SIDE / 2) * np.sin(angle) > 0
    hands[0].cut(~side)
    hands[1].cut(side)
    if rng.random() < 0.3:
        pixels = np.maximum(hands[0].pixels * ~side, hands[1].pixels * side)
    else:
        soft = cv2.GaussianBlur(side.astype(np.float32), (0, 0), rng.uniform(0.3, 3))
        level = [np.median(hand.pixels) for hand in hands]
        pixels = hands[0].pixels * (1 - soft) + (hands[1].pixels + level[0] - level[1]) * soft
    return Placed(np.clip(pixels, 0, 255), *[[*getattr(hands[0], name), *getattr(hands[1], name)]
                                             for name in ("hands", "seen", "unsure")])  # fmt: skip
