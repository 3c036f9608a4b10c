"""Two looks at a film: the whole film first, then each hand upright and at one size, where joints are placed best."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from bone_age_gui.core.model.finder.card import FinderSpec
from bone_age_gui.core.model.finder.groups import group
from bone_age_gui.core.model.finder.maps import peaks
from bone_age_gui.core.model.finder.square import finder_square, whole_film_matrix
from bone_age_gui.core.stages.upright import upright_matrix
from bone_age_gui.core.values.joints import Finding, HandJoints, Joint, moved, moved_joint

Network = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""float32 (1, 1, side, side) in 0..1 -> maps float32 (1, 8, side / 2, side / 2) and hands float32 (1, 2), logits."""
KEPT_SCORE = 0.8
"""A closer look that sees a hand with less than this share of its score has lost it."""
STEADY_COSINE = 0.985
"""About ten degrees."""
STEADY_RATIO = 1.15
LOOSE_REACH = 0.12
"""A joint of the first look that lies this near to one of a hand's (lengths of the hand) is no other."""
SAME_REACH, SAME_SHARE = 0.08, 0.5
"""Joints of a kind nearer than this (lengths of the hand) are one; a hand that shares this share of its joints too."""


def find_joints(network: Network, pixels: np.ndarray, spec: FinderSpec) -> Finding:
    """Find the joints of all hands on a film.

    Parameters
    ----------
    network : callable
        The finder's network.
    pixels : numpy.ndarray
        uint8 or uint16, shape (height, width), bone bright.
    spec : FinderSpec
        How the maps are read.

    Returns
    -------
    Finding
        In film pixels.
    """
    first, scores = _look(network, pixels, whole_film_matrix((pixels.shape[0], pixels.shape[1]), spec.side), spec)
    hands = []
    for index, hand in enumerate(first[0]):
        worth = index < spec.most_hands and hand.score >= spec.worth_a_look
        hands.append(_closer(network, pixels, hand, spec) if worth else hand)
    distinct = _distinct(hands)
    loose = tuple(joint for joint in first[1] if not any(_is_at(joint, hand) for hand in distinct))
    return Finding(distinct, loose, scores[0], scores[1])


def _distinct(hands: Sequence[HandJoints]) -> tuple[HandJoints, ...]:
    """Best first; a part of a hand that a closer look completed to one that is there already is left out."""
    distinct: list[HandJoints] = []
    for hand in sorted(hands, key=lambda hand: -hand.score):
        same = [sum(_is_of(joint, other) for joint in hand.joints) for other in distinct]
        if max(same, default=0) < SAME_SHARE * len(hand.joints):
            distinct.append(hand)
    return tuple(distinct)


def _is_at(joint: Joint, hand: HandJoints) -> bool:
    """Whether a joint lies where the hand has one, of whatever kind: the first look took it for another."""
    reach = LOOSE_REACH * hand.length
    return any(np.hypot(*(joint.at - own.at)) < reach for own in hand.joints)


def _is_of(joint: Joint, hand: HandJoints) -> bool:
    """Whether a joint is one that the hand has already."""
    reach = SAME_REACH * hand.length
    return any(joint.kind is own.kind and np.hypot(*(joint.at - own.at)) < reach for own in hand.joints)


def _closer(network: Network, pixels: np.ndarray, hand: HandJoints, spec: FinderSpec) -> HandJoints:
    """The hand as a closer look sees it, or as it was where that look lost it; again if it did not stand upright."""
    for _ in range(spec.most_looks):
        closer = _upright(network, pixels, hand, spec)
        if closer is None:
            break
        steady = _steady(hand, closer)
        hand = closer
        if steady:
            break
    return hand


def _steady(before: HandJoints, after: HandJoints) -> bool:
    """Whether a closer look would show the hand as the last one did."""
    cosine = float(np.dot(before.direction, after.direction))
    return cosine > STEADY_COSINE and 1 / STEADY_RATIO < before.length / after.length < STEADY_RATIO


def _upright(network: Network, pixels: np.ndarray, hand: HandJoints, spec: FinderSpec) -> HandJoints | None:
    """What a look at the hand, upright and at one size, sees of it; ``None`` where it was lost."""
    matrix = upright_matrix(hand, spec.side, spec.close_length, spec.close_middle)
    (hands, _), _ = _look(network, pixels, matrix, spec)
    near = [other for other in hands if _distance(other, hand) < hand.length / 3]
    best = max(near, key=lambda other: other.score, default=None)
    return best if best is not None and best.score >= KEPT_SCORE * hand.score else None


def _distance(one: HandJoints, other: HandJoints) -> float:
    return float(np.hypot(*(np.array(one.wrist_at) - np.array(other.wrist_at))))


def _look(
    network: Network, pixels: np.ndarray, matrix: np.ndarray, spec: FinderSpec
) -> tuple[tuple[tuple[HandJoints, ...], tuple[Joint, ...]], tuple[float, float]]:
    """Hands and loose joints under an affine, moved back to the film; and the network's two scores."""
    maps, hand_logits = network(finder_square(pixels, matrix, spec.side)[None, None])
    hands, loose = group(peaks(maps[0], spec), spec)
    ratio = spec.side / maps.shape[-1]
    whole = matrix.copy()
    whole[:, 2] += 0.5
    to_map = whole / ratio
    to_map[:, 2] -= 0.5
    back = cv2.invertAffineTransform(to_map)
    scores = 1 / (1 + np.exp(-hand_logits[0].astype(float)))
    on_film = tuple(moved(hand, back) for hand in hands)
    return (on_film, tuple(moved_joint(joint, back) for joint in loose)), (float(scores[0]), float(scores[1]))
