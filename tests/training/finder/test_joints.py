"""Boxes without finger names get their order, and what makes no whole hand is left out."""

from __future__ import annotations

import numpy as np
import pytest

from joints import hand_points, placed_hand
from training.finder.joints import CLASS_NAMES, CLASS_OF, hand_direction, hand_length, offsets, order_joints

ORDER = ["wrist", "radius", "ulna", *[f"mcp{i}" for i in range(1, 6)], *[f"pip{i}" for i in range(1, 6)],
         *[f"dip{i}" for i in range(2, 6)]]  # fmt: skip


@pytest.mark.parametrize("degrees", [0, 77, 180, 290])
@pytest.mark.parametrize("mirrored", [False, True])
def test_the_thumb_comes_first_whatever_the_order_of_the_boxes(degrees: float, mirrored: bool) -> None:
    hand = placed_hand((150, 200), 130, degrees, mirrored)
    rng = np.random.default_rng(3)
    centres = {}
    for name in CLASS_NAMES:
        points = [place for kind, place, _ in hand.values() if kind.value == name]
        centres[name] = np.array(points)[rng.permutation(len(points))]
    joints = order_joints(centres)
    assert joints is not None
    assert joints == pytest.approx(np.array([hand[name][1] for name in ORDER]))
    before = {name: entry[2] for name, entry in hand_points().items()}
    for name, joint, step in zip(ORDER[1:], joints[1:], offsets(joints)[1:], strict=True):
        assert joint + step == pytest.approx(hand[before[name]][1])
    assert offsets(joints)[0] == pytest.approx(hand_direction(joints))
    tips = [np.linalg.norm(hand[f"dip{ray}"][1] - hand["wrist"][1]) for ray in "2345"]
    assert hand_length(joints) == pytest.approx(max(tips))
    assert [CLASS_NAMES[index] for index in CLASS_OF] == [hand[name][0].value for name in ORDER]


def test_a_missing_box_leaves_the_film_out() -> None:
    hand = placed_hand((150, 200), 130)
    centres = {
        name: np.array([place for kind, place, _ in hand.values() if kind.value == name]) for name in CLASS_NAMES
    }
    assert order_joints({**centres, "DIP": centres["DIP"][1:]}) is None
    assert order_joints({name: points for name, points in centres.items() if name != "Ulna"}) is None
