"""The crop by joints: only where thresholds see the hand elsewhere, and then like theirs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bone_age_gui.core.model.finder.groups import group
from bone_age_gui.core.model.finder.maps import peaks
from bone_age_gui.core.stages.hand import HandRegion
from bone_age_gui.core.stages.joint_crop import JointCrop, JointCropSpec, crop_of_joints, reduced, settled
from bone_age_gui.core.values.joints import HandJoints
from joints import SPEC, maps_of, placed_hand

CROP = JointCropSpec(height=2.0, middle=0.4, most_apart=0.3, most_scale=1.4, most_turned=45.0)
ASPECT, LIMIT = 2 / 3, 30.0


def hand(degrees: float = 0.0) -> HandJoints:
    return group(peaks(maps_of(placed_hand((48, 60), 40, degrees)), SPEC), SPEC)[0][0]


def region(joints: HandJoints, **changes: object) -> HandRegion:
    like = crop_of_joints(joints, CROP, ASPECT, LIMIT)
    return replace(like, **({"field": np.ones((96, 96), bool)} | changes))  # type: ignore[arg-type]


def test_thresholds_that_agree_stay() -> None:
    by_thresholds = region(hand())
    assert settled(by_thresholds, hand(), CROP, ASPECT, LIMIT) is by_thresholds


@pytest.mark.parametrize(
    "changes", [{"centre": (20.0, 20.0)}, {"height": 20.0}, {"tilt": 120.0}, {"is_hand": False}], ids=str
)
def test_thresholds_that_see_the_hand_elsewhere_give_way(changes: dict[str, object]) -> None:
    joints = hand()
    crop = settled(region(joints, **changes), joints, CROP, ASPECT, LIMIT)
    assert crop.is_hand
    assert crop.height == pytest.approx(2.0 * joints.length)
    assert crop.centre == pytest.approx((48, 60 - 0.4 * joints.length), abs=1.5)
    assert crop.tilt == 0
    assert crop.width == pytest.approx(ASPECT * crop.height)


def test_only_hands_that_lie_are_turned() -> None:
    assert crop_of_joints(hand(20), CROP, ASPECT, LIMIT).tilt == 0
    assert crop_of_joints(hand(90), CROP, ASPECT, LIMIT).tilt == pytest.approx(hand(90).angle_degrees)
    assert hand(90).angle_degrees == pytest.approx(90, abs=6)


def test_a_field_that_leaves_the_joints_out_was_none() -> None:
    joints = hand()
    elsewhere = np.zeros((96, 96), bool)
    elsewhere[:20] = True
    crop = settled(region(joints, field=elsewhere, centre=(10.0, 10.0)), joints, CROP, ASPECT, LIMIT)
    assert crop.field.all()


def test_joints_follow_a_reduced_film() -> None:
    joints = hand()
    small = reduced(JointCrop(joints, CROP), (96, 96), (48, 48)).hand
    assert small.length == pytest.approx(joints.length / 2)
    assert np.array(small.wrist_at) + 0.5 == pytest.approx((np.array(joints.wrist_at) + 0.5) / 2)
    assert small.wrist is not None
    assert small.wrist.at == pytest.approx(small.wrist_at)
