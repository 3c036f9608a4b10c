"""Joints of a hand as the finder gives them: values in film pixels, without a model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np


class JointKind(StrEnum):
    """Classes of joints; no finger is named."""

    DIP = "DIP"
    PIP = "PIP"
    """The joint in the middle of a finger, and the thumb's joint between its phalanges."""
    MCP = "MCP"
    RADIUS = "Radius"
    """The growth plate at the far end of the radius."""
    ULNA = "Ulna"
    WRIST = "Wrist"
    """The middle of the carpal bones."""


@dataclass(frozen=True)
class Joint:
    """One joint on a film: ``x`` and ``y`` in film pixels (centre of the first pixel: 0, 0), ``score`` 0 to 1."""

    kind: JointKind
    x: float
    y: float
    score: float

    @property
    def at(self) -> np.ndarray:
        """(x, y), float64 (2,)."""
        return np.array([self.x, self.y])


@dataclass(frozen=True)
class Ray:
    """The joints of one finger or the thumb that were seen, ``None`` where one was not."""

    mcp: Joint | None
    pip: Joint | None
    dip: Joint | None

    @property
    def joints(self) -> tuple[Joint, ...]:
        """The joints that were seen, from the palm outwards."""
        return tuple(joint for joint in (self.mcp, self.pip, self.dip) if joint is not None)


@dataclass(frozen=True)
class HandJoints:
    """The joints of one hand.

    Attributes
    ----------
    wrist, radius, ulna : Joint or None
        ``None`` where it was not seen.
    rays : tuple of Ray
        Fingers and thumb in order around the wrist, clockwise on the film (y runs down).
    thumb : int or None
        Place of the thumb in ``rays``; ``None`` where fewer than five rays were seen.
    wrist_at : tuple of float
        Where the wrist lies or, where it was not seen, where the knuckles say that it must lie, film pixels.
    direction : tuple of float
        Unit vector (x, y) from the wrist to the middle of the knuckles: upright is (0, -1).
    length : float
        From ``wrist_at`` to the farthest joint, film pixels.
    score : float
        Mean score of a whole hand's 17 joints; one that was not seen counts as 0.
    """

    wrist: Joint | None
    radius: Joint | None
    ulna: Joint | None
    rays: tuple[Ray, ...]
    thumb: int | None
    wrist_at: tuple[float, float]
    direction: tuple[float, float]
    length: float
    score: float

    @property
    def joints(self) -> tuple[Joint, ...]:
        """All joints that were seen, the wrist's first."""
        middle = tuple(joint for joint in (self.wrist, self.radius, self.ulna) if joint is not None)
        return middle + tuple(joint for ray in self.rays for joint in ray.joints)

    @property
    def angle_degrees(self) -> float:
        """How far the fingers point off upright, clockwise on the film, -180 to 180."""
        return float(np.degrees(np.arctan2(self.direction[0], -self.direction[1])))

    @property
    def thumb_side(self) -> int:
        """1 where the thumb lies clockwise of the fingers (right of an upright hand), -1 on the left, 0 unseen."""
        if self.thumb is None or not (joints := self.rays[self.thumb].joints):
            return 0
        ahead, wrist = self.direction, np.array(self.wrist_at)
        x, y = np.mean([joint.at - wrist for joint in joints], axis=0)
        return int(np.sign(ahead[0] * y - ahead[1] * x))

    def count(self, kind: JointKind) -> int:
        """How many joints of a kind were seen."""
        return sum(joint.kind is kind for joint in self.joints)


@dataclass(frozen=True)
class Finding:
    """What the finder says of one film.

    Attributes
    ----------
    hands : tuple of HandJoints
        Best first. A hand is any group of joints that hang together, also a part of one.
    loose : tuple of Joint
        Joints that belong to no hand.
    hand_score : float
        The finder's score, 0 to 1, that the film shows a hand or a part of one.
    two_score : float
        The same for more than one hand.
    """

    hands: tuple[HandJoints, ...]
    loose: tuple[Joint, ...]
    hand_score: float
    two_score: float


def moved(hand: HandJoints, matrix: np.ndarray) -> HandJoints:
    """A hand under an affine (2, 3) without shear: every joint, its wrist, direction and length."""
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    wrist = matrix[:, :2] @ hand.wrist_at + matrix[:, 2]
    direction = matrix[:, :2] @ hand.direction / scale

    def one(joint: Joint | None) -> Joint | None:
        return None if joint is None else moved_joint(joint, matrix)

    return replace(
        hand,
        wrist=one(hand.wrist),
        radius=one(hand.radius),
        ulna=one(hand.ulna),
        rays=tuple(Ray(one(ray.mcp), one(ray.pip), one(ray.dip)) for ray in hand.rays),
        wrist_at=(float(wrist[0]), float(wrist[1])),
        direction=(float(direction[0]), float(direction[1])),
        length=hand.length * scale,
    )


def moved_joint(joint: Joint, matrix: np.ndarray) -> Joint:
    """A joint under an affine (2, 3)."""
    at = matrix[:, :2] @ joint.at + matrix[:, 2]
    return replace(joint, x=float(at[0]), y=float(at[1]))
