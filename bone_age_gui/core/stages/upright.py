"""A hand upright and at one size, from its joints."""

from __future__ import annotations

import numpy as np

from bone_age_gui.core.values.joints import HandJoints


def upright_matrix(hand: HandJoints, side: int, share: float, middle: float) -> np.ndarray:
    """Affine (2, 3) from film pixels to a square in which a hand stands upright and at one size.

    ``share`` is the hand's length in sides of the square; the point ``middle`` lengths from the wrist towards the
    fingers comes to the square's centre.
    """
    scale = side * share / max(hand.length, 1e-6)
    x, y = hand.direction
    turn = scale * np.array([[-y, x], [-x, -y]])
    centre = np.array(hand.wrist_at) + middle * hand.length * np.array(hand.direction)
    return np.hstack([turn, ((side - 1) / 2 - turn @ centre)[:, None]])
