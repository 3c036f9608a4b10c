"""What the line asks of a model, whoever gives it: to find the joints, to prepare a film, to estimate."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from bone_age_gui.core.model.bundle import Bundle
from bone_age_gui.core.values.joints import Finding
from bone_age_gui.core.values.types import Estimate, Sex


class JointFinder(Protocol):
    """Finds the joints of the hands on a film; ``core.model.finder.network.Finder`` is one."""

    def find(self, pixels: np.ndarray, /) -> Finding:
        """Joints in film pixels of a film, uint16 (height, width), bone bright."""


class Preparer(Protocol):
    """What the line asks of a model before the age is estimated."""

    @property
    def bundle(self) -> Bundle:
        """The model that estimates."""

    @property
    def finder(self) -> JointFinder | None:
        """The finder of its bundle, ``None`` where the bundle brings none."""


class Estimator(Preparer, Protocol):
    """What the line asks of a model that is loaded; ``core.model.predictor.Predictor`` is one.

    Described here, so that a worker process that walks the line up to the network loads no age network.
    """

    def estimate(self, inputs: np.ndarray, sex: Sex | None) -> Estimate:
        """Estimate one film: ``inputs`` float32 (1, channels, height, width).

        Raises ``BoneAgeError``: ``inference_failed implausible_answer``.
        """
