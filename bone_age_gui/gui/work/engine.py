"""A loaded model with the growth reference, as the window hands it around."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bone_age_gui.core.growth import GrowthReference
    from bone_age_gui.core.model.predictor import Predictor


@dataclass(frozen=True)
class Engine:
    """What an estimate needs beside the film."""

    predictor: Predictor
    reference: GrowthReference
    demands_sex: bool = False
    """Whether no film is estimated without its sex."""
