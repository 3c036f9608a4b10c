"""The crop by joints: only where thresholds see the hand elsewhere, and then like theirs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bone_age_gui.core.model.finder.groups import group
from bone_age_gui.core.model.finder.maps import peaks
from bone_age_gui.core.stages.hand import HandRegion
from bone_age_gui.core.stages.joint_crop import (
    JointCrop,
    JointCropSpec,
    UsualPose,
    crop_of_joints,
    reduced,
    settled,
)
from bone_age_gui.core.values.joints import HandJoints, Joint
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


def mirrored(joints: HandJoints) -> HandJoints:
    """The hand on the film's mirror image, 96 pixels wide."""
    rays = tuple(
        replace(ray, **{name: _across(getattr(ray, name)) for name in ("mcp", "pip", "dip")})
        for ray in reversed(joints.rays)
    )
    return replace(
        joints, wrist=_across(joints.wrist), radius=_across(joints.radius), ulna=_across(joints.ulna), rays=rays,
        thumb=None if joints.thumb is None else len(rays) - 1 - joints.thumb,
        wrist_at=(95 - joints.wrist_at[0], joints.wrist_at[1]), direction=(-joints.direction[0], joints.direction[1]),
    )  # fmt: skip


def _across(joint: Joint | None) -> Joint | None:
    return replace(joint, x=95 - joint.x) if joint is not None else None


@pytest.mark.parametrize("degrees", [-170, -100, -40, 0, 10, 40, 75, 130, 180])
def test_a_hand_that_lies_otherwise_is_turned_into_the_usual_pose(degrees: float) -> None:
    joints = hand(degrees)
    pose = UsualPose(angle=-7.0 * joints.thumb_side, most_off=15.0)  # so far left of upright, wherever the thumb lies
    tilt = pose.tilt_of(joints)
    assert joints.thumb_side != 0
    off = (joints.angle_degrees + 7.0 + 180) % 360 - 180
    assert tilt == (pytest.approx(off) if abs(off) > 15 else 0)
    assert pose.tilt_of(mirrored(joints)) == pytest.approx(-tilt)
    crop = JointCrop(joints, replace(CROP, pose=pose))
    assert crop.tilt == tilt == crop_of_joints(joints, crop.spec, ASPECT, LIMIT).tilt
    assert JointCrop(joints, CROP).tilt is None


def test_the_thumbs_side_is_seen_however_the_hand_lies() -> None:
    sides = {hand(degrees).thumb_side for degrees in range(0, 360, 30)}
    assert len(sides) == 1
    assert {mirrored(hand(degrees)).thumb_side for degrees in range(0, 360, 30)} == {-side for side in sides}
    assert replace(hand(), thumb=None).thumb_side == 0
