"""Where the network looked, laid over the stage that it saw or over the film itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QTransform

from bone_age_gui.core.values.types import Stage

Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class HeatMap:
    """A heat map and the part of a picture that it belongs to.

    Attributes
    ----------
    values : numpy.ndarray
        float32 (h, w), 0 to 1, in the frame of the network's input.
    shape : tuple of int
        Height and width of that input, pixels.
    box : tuple of float
        Left, top, width and height of the part in shares of the picture's width and height.
    tilt : float
        Degrees, clockwise, by which the part lies turned about its centre.
    """

    values: np.ndarray
    shape: tuple[int, int]
    box: Box = WHOLE
    tilt: float = 0.0

    def place_in(self, picture: tuple[int, int]) -> QTransform:
        """From pixels of the network's input to those of a picture of this height and width."""
        height, width = self.shape
        left, top, wide, tall = self.box
        across, down = wide * picture[1], tall * picture[0]
        centre = ((left + wide / 2) * picture[1], (top + tall / 2) * picture[0])
        to_size = QTransform().translate(-width / 2, -height / 2) * QTransform().scale(across / width, down / height)
        return to_size * QTransform().rotate(self.tilt) * QTransform().translate(*centre)


def heat_on_network(values: np.ndarray | None, stage: Stage) -> HeatMap | None:
    """The heat map over the stage that it was made from; nothing over another stage."""
    if values is None or stage.key != "network":
        return None
    return HeatMap(values, (stage.pixels.shape[0], stage.pixels.shape[1]))


def heat_on_film(values: np.ndarray | None, stages: Sequence[Stage], film: tuple[int, int]) -> HeatMap | None:
    """The heat map over the part of the film (height, width) that the network saw."""
    network = next((stage for stage in stages if stage.key == "network"), None)
    if values is None or network is None:
        return None
    shape = (network.pixels.shape[0], network.pixels.shape[1])
    cleaned = next((stage for stage in stages if stage.key == "cleaned"), None)
    if cleaned is not None and "crop" in cleaned.parameters:
        return HeatMap(values, shape, tuple(cleaned.parameters["crop"]), float(cleaned.parameters.get("tilt", 0.0)))
    if network.parameters.get("framing") == "pad":
        return HeatMap(values, shape, _padded_box(film, shape[1] / shape[0]))
    return HeatMap(values, shape)


def _padded_box(film: tuple[int, int], aspect: float) -> Box:
    """The box of that aspect around the whole film, as shares of the film."""
    height, width = film
    wide, tall = max(1.0, height * aspect / width), max(1.0, width / aspect / height)
    return (1 - wide) / 2, (1 - tall) / 2, wide, tall
