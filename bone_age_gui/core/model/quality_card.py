"""The limits on a bundle's card between films that are fine, doubtful and refused, measured on films never learned."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class QualityRules:
    """Limits of ``core.quality``.

    Attributes
    ----------
    least_hand_score : float
        The finder's own answer whether there is a hand, 0 to 1; below it none is believed.
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
        The finder's own answer whether there is more than one hand, above which that is a doubt.
    most_clipped : float
        Share of the greys about the joints that may be pure white or pure black.
    most_novelty : float
        Distance of the age network's features to those of the training films, above which a film is unlike them.
    measured : str
        The command that printed the figures, and on which films.
    """

    least_hand_score: float
    least_score: float
    sure_score: float
    least_rays: int
    whole_rays: int
    whole_tips: int
    least_joints_of_part: int
    rival_share: float
    most_two_score: float
    most_clipped: float
    most_novelty: float
    measured: str
