"""The crop of the hand by its joints, where thresholds and joints disagree.

The age network knows the crops that thresholds make (``hand``). Where these find the hand, their crop stays; where it
lies elsewhere than the joints, the joints make one as near as possible to what thresholds make on other films.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from bone_age_gui.core.stages.hand import HandRegion
from bone_age_gui.core.values.bounds import Within
from bone_age_gui.core.values.joints import HandJoints, moved

LEAST_INSIDE = 0.9
"""Share of the joints that lie within an exposed field that is one."""


@dataclass(frozen=True)
class UsualPose:
    """How hands lay on the films that the network learned from: one that lies otherwise is turned to lie so.

    Attributes
    ----------
    angle : float
        Degrees clockwise by which the fingers of a hand with its thumb on the right point off upright; a hand with its
        thumb on the left points off by as much to the other side.
    most_off : float
        A hand that is off this pose by no more is left as it lies: the network has seen many such.
    """

    angle: Annotated[float, Within(-180, 180)]
    most_off: Annotated[float, Within(0, 180)]

    def tilt_of(self, hand: HandJoints) -> float:
        """Degrees clockwise by which a hand lies turned off the pose, -180 to 180; 0 where it is left as it lies."""
        off = (hand.angle_degrees - hand.thumb_side * self.angle + 180) % 360 - 180
        return off if abs(off) > self.most_off else 0.0


@dataclass(frozen=True)
class JointCropSpec:
    """How a crop follows from joints; lengths in units of the hand's length, wrist to the farthest joint.

    Attributes
    ----------
    height : float
        Height of the crop.
    middle : float
        Its centre, so far from the wrist towards the fingers.
    most_apart : float
        Centres farther apart than this disagree.
    most_scale : float
        Heights that differ by more than this factor disagree.
    most_turned : float
        Degrees by which a crop may be off the hand's own direction.
    pose : UsualPose or None
        By which a hand is turned; ``None`` where thresholds tell how it lies.

    With ``most_apart`` 0 every crop is the joints' own, and across, the middle of all joints is its centre.
    """

    height: Annotated[float, Within(0.2, 10)]
    middle: Annotated[float, Within(-2, 2)]
    most_apart: Annotated[float, Within(0, 10)]
    most_scale: Annotated[float, Within(1, 10)]
    most_turned: Annotated[float, Within(0, 180)]
    pose: UsualPose | None = None

    @property
    def is_always(self) -> bool:
        """Whether joints crop every film on which they are seen."""
        return self.most_apart == 0

    def tilt_of(self, hand: HandJoints) -> float | None:
        """Degrees clockwise by which a hand is to be turned back; ``None`` where joints do not say so."""
        return self.pose.tilt_of(hand) if self.pose is not None else None


@dataclass(frozen=True)
class JointCrop:
    """A hand and how a crop follows from it."""

    hand: HandJoints
    spec: JointCropSpec

    @property
    def tilt(self) -> float | None:
        """Degrees by which its rule turns its hand."""
        return self.spec.tilt_of(self.hand)


def settled(region: HandRegion, hand: HandJoints, spec: JointCropSpec, aspect: float, tilt_limit: float) -> HandRegion:
    """The crop that thresholds made, or the joints' own where it lies elsewhere.

    ``hand`` is in pixels of the film that was analysed; ``aspect`` is width over height. Without a usual pose a hand
    that points off upright by less than ``tilt_limit`` degrees is not turned, as with thresholds.
    """
    own = crop_of_joints(hand, spec, aspect, tilt_limit)
    apart = float(np.hypot(*(np.array(region.centre) - own.centre))) / hand.length
    scale = max(region.height, own.height) / max(min(region.height, own.height), 1e-6)
    turned = abs((region.tilt - hand.angle_degrees + 180) % 360 - 180)
    if region.is_hand and apart <= spec.most_apart and scale <= spec.most_scale and turned <= spec.most_turned:
        return region
    return replace(own, field=_field(region.field, hand))


def crop_of_joints(hand: HandJoints, spec: JointCropSpec, aspect: float, tilt_limit: float) -> HandRegion:
    """The crop that the joints ask for, without an exposed field (an empty mask)."""
    ahead, wrist = np.array(hand.direction), np.array(hand.wrist_at)
    centre = wrist + spec.middle * hand.length * ahead
    if spec.is_always:  # a network that learned from these crops has the thumb on all of them
        aside = np.array([-ahead[1], ahead[0]])
        across = [float(np.dot(np.array(joint.at) - wrist, aside)) for joint in hand.joints]
        centre = centre + (min(across) + max(across)) / 2 * aside
    tall = spec.height * hand.length
    tilt = spec.tilt_of(hand)
    if tilt is None:
        tilt = hand.angle_degrees if abs(hand.angle_degrees) > min(tilt_limit, spec.most_turned) else 0.0
    return HandRegion(np.zeros((0, 0), bool), (float(centre[0]), float(centre[1])), aspect * tall, tall, tilt, True)


def reduced(joints: JointCrop, film: tuple[int, int], small: tuple[int, int]) -> JointCrop:
    """The crop in the pixels of a reduced film; shapes are (height, width)."""
    down, across = small[0] / film[0], small[1] / film[1]
    # Pixel centres, not corners, lie on the integers: hence the halves.
    matrix = np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2]])
    return replace(joints, hand=moved(joints.hand, matrix))


def _field(field: np.ndarray, hand: HandJoints) -> np.ndarray:
    """The exposed field, or the whole film if joints lie outside: then something else was taken for the field."""
    height, width = field.shape
    inside = [
        bool(field[min(max(round(joint.y), 0), height - 1), min(max(round(joint.x), 0), width - 1)])
        for joint in hand.joints
    ]
    return field if np.mean(inside) >= LEAST_INSIDE else np.ones_like(field)
