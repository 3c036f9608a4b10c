"""Where a place on the film lies in the pictures that were cut out of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from bone_age_gui.core.values.types import Stage


def turning(tilt: float) -> np.ndarray:
    """Matrix (2, 2) that turns (x, y) counter-clockwise, as seen on a film, by ``tilt`` degrees."""
    cosine, sine = math.cos(math.radians(tilt)), math.sin(math.radians(tilt))
    return np.array([[cosine, sine], [-sine, cosine]])


def film_to_stage(stages: Sequence[Stage], stage: Stage, film: tuple[int, int]) -> np.ndarray | None:
    """From pixels of a film to those of one of its stages.

    Parameters
    ----------
    stages : sequence of Stage
        All stages of the film: the first, ``cleaned``, says what was cut out.
    stage : Stage
        One of them.
    film : tuple of int
        Height and width of the film, pixels.

    Returns
    -------
    numpy.ndarray or None
        An affine, float64 (2, 3), for (x, y) with pixel centres on the integers; ``None`` where nothing was cut out, or
        where the stage has another shape than the crop.
    """
    cleaned = next((one for one in stages if one.key == "cleaned"), None)
    if cleaned is None or "crop" not in cleaned.parameters:
        return None
    left, top, wide, tall = cleaned.parameters["crop"]
    height, width = stage.pixels.shape
    film_height, film_width = film
    if not tall or abs(wide * film_width * height / (tall * film_height * width) - 1) > 0.02:
        return None
    turn = height / (tall * film_height) * turning(float(cleaned.parameters.get("tilt", 0.0)))
    centre = np.array([(left + wide / 2) * film_width, (top + tall / 2) * film_height])
    # Pixel centres, not corners, lie on the integers: hence the halves.
    shift = np.array([width / 2, height / 2]) - turn @ (centre - 0.5) - 0.5
    return np.column_stack([turn, shift])
