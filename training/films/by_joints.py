"""Crops by the joints that the finder sees, as the program makes them where a model's card asks for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.model.preparing import PreparingModel
from bone_age_gui.core.quality import is_hand
from bone_age_gui.core.stages.joint_crop import JointCrop, JointCropSpec
from training.configs.read import bad_config
from training.configs.values import JointCrops


def always_by_joints(crops: JointCrops) -> JointCropSpec:
    """The card's rule by which every crop is the joints' own, upright."""
    return JointCropSpec(crops.height, crops.middle, most_apart=0.0, most_scale=1.0, most_turned=0.0)


class JointCropper:
    """The finder of a bundle, and the crop that follows from what it sees.

    Raises ``BoneAgeError`` for a bundle that cannot be opened, ``bad_config`` for one without a finder.
    """

    def __init__(self, crops: JointCrops) -> None:
        bundle = load_bundle(Path(crops.finder))
        finder, rules = PreparingModel(bundle).finder, bundle.card.quality
        if finder is None or rules is None:
            raise bad_config(f"{bundle.name} has no finder", "Correct joint_crops.finder")
        self._finder, self._rules, self._spec = finder, rules, always_by_joints(crops)

    def crop(self, film: np.ndarray) -> JointCrop | None:
        """The crop of a film's best hand (uint16, (h, w), bone bright); ``None`` where the program would refuse it."""
        finding = self._finder.find(film)
        hands = [hand for hand in finding.hands if is_hand(hand, self._rules)]
        if not hands or finding.hand_score < self._rules.least_hand_score:
            return None
        return JointCrop(hands[0], self._spec)
