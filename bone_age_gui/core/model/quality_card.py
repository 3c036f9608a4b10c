"""The limits on a bundle's card between films that are fine, doubtful and refused, measured on films never learned."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

from bone_age_gui.core.values.bounds import Prose, Share, Within

Fingers = Annotated[int, Within(0, 5)]


@dataclass(frozen=True)
class QualityRules:
    """Limits of ``core.quality``.

    Attributes
    ----------
    least_hand_score : float
        Least score of the finder, 0 to 1, that there is a hand; below it none is believed.
    least_score, sure_score : float
        Mean score of a whole hand's joints: below the first it is no hand, below the second it is doubtful.
    least_rays, whole_rays, whole_tips : int
        Fingers (two joints or more) that make a hand; how many of the five of a whole one show two joints or more, and
        how many DIP joints it shows.
    least_joints_of_part : int
        Joints from which a film is said to show a part of a hand instead of none.
    rival_share : float
        A second hand counts from this share of the best one's score.
    most_two_score : float
        Score of the finder, 0 to 1, that there is more than one hand, above which that is a doubt.
    most_clipped : float
        Share of the greys about the joints that may be pure white or pure black.
    most_novelty : float
        Distance of the age network's features to those of the training films, above which a film is unlike them.
    measured : str
        The command that printed the figures, and on which films.
    """

    least_hand_score: Share
    least_score: Share
    sure_score: Share
    least_rays: Fingers
    whole_rays: Fingers
    whole_tips: Fingers
    least_joints_of_part: Annotated[int, Within(1, 20)]
    rival_share: Share
    most_two_score: Share
    most_clipped: Share
    most_novelty: Annotated[float, Within(0.01, 3.5e38)]
    measured: Prose


@dataclass(frozen=True)
class Typical:
    """Middle and deviation of the natural logarithm of a measure over films that are fine."""

    middle: Annotated[float, Within(-20, 20)]
    deviation: Annotated[float, Within(1e-6, 1e6)]

    def apart(self, value: float) -> float:
        """How many deviations a positive value lies above the middle; infinite where it is not finite."""
        if not math.isfinite(value):
            return math.inf
        return (math.log(max(value, 1e-9)) - self.middle) / self.deviation


@dataclass(frozen=True)
class LegibilityLimits:
    """What a film may show: once for films that are fine, once farther out for films that can be read at all.

    Attributes
    ----------
    least_sharpness, most_roughness : float
        How sharp the edges about the joints are, and how rough the greys between them (noise).
    most_blocks : float or None
        How much larger the steps between the blocks of a compressed picture are than those within them, as a ratio.
    most_clipped : float or None
        Share of the hand that may lie at the film's darkest or at its brightest grey.
    least_levels : float
        Grey levels that the hand is drawn with.
    least_length : float or None
        Pixels from the wrist to the farthest fingertip.
    most_unsteadiness : float
        The largest sum of spread and novelty, each in deviations above its middle (below counts as none): films that
        were damaged until their estimate moved lie above it.
    """

    least_sharpness: Annotated[float, Within(0, 10)]
    most_roughness: Annotated[float, Within(0.001, 10)]
    most_blocks: Annotated[float, Within(1, 1e6)] | None
    most_clipped: Share | None
    least_levels: Annotated[float, Within(0, 65536)]
    least_length: Annotated[float, Within(0, 65536)] | None
    most_unsteadiness: Annotated[float, Within(0, 1000)]


@dataclass(frozen=True)
class Legibility:
    """Limits of ``core.legibility``, from films that are fine.

    Attributes
    ----------
    doubt, refusal : LegibilityLimits
        Beyond the first a film is doubtful, beyond the second refused; ``refusal`` is ``None`` on cards of earlier
        versions, by which no film is refused for this.
    spread, spread_without_sex, novelty : Typical
        Of the distribution's standard deviation in months, where the child's sex is given and where not, and of the
        distance to the training films.
    measured : str
        The command that made the limits, on which films.
    """

    doubt: LegibilityLimits
    refusal: LegibilityLimits | None
    spread: Typical
    spread_without_sex: Typical
    novelty: Typical
    measured: Prose

    def unsteadiness(self, spread_months: float, novelty: float, *, has_sex: bool) -> float:
        """Spread and novelty of a film together, in deviations above the middle; both are high in a damaged film.

        A low one does not make up for a high one.
        """
        spread = self.spread if has_sex else self.spread_without_sex
        return max(spread.apart(spread_months), 0.0) + max(self.novelty.apart(novelty), 0.0)
