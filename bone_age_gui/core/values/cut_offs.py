"""From which probability on a flag is firm: the two cut-offs of the rule of the flag (``values.flags``)."""

from __future__ import annotations

from dataclasses import dataclass

from bone_age_gui.core.values.errors import BoneAgeError

LOWER_RANGE, UPPER_RANGE = (0.01, 0.5), (0.5, 0.99)
"""Where the cut-offs may lie: the limit itself is at 0.5, and between them it must not be crossed firmly."""


@dataclass(frozen=True)
class CutOffs:
    """Probabilities (0 to 1) that the bone age lies beyond the limit: firm below one and above the other.

    Raises ``BoneAgeError`` (``cut_offs``) where they are no such numbers.
    """

    normal_below: float = 0.25
    beyond_above: float = 0.75

    def __post_init__(self) -> None:
        lower, upper = LOWER_RANGE, UPPER_RANGE
        if not (lower[0] <= self.normal_below <= lower[1] and upper[0] <= self.beyond_above <= upper[1]):
            raise BoneAgeError("cut_offs", low=lower[0], middle=lower[1], high=upper[1])

    def leave_open(self, probability: float | None) -> bool:
        """True where the limit is too close for a firm flag; false without a probability, where it decides alone."""
        return probability is not None and self.normal_below <= probability <= self.beyond_above
