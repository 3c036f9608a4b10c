"""Whether a film is estimated: does it show one whole hand, and can its bones be read?

Three outcomes. *Fine*: no doubt, no refusal. *Doubtful*: an estimate, with its doubts said first wherever it appears.
*Refused*: no estimate, a reason and what to do. A person may insist: then a refusal becomes a doubt of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from bone_age_gui.core.legibility import (
    clipped,
    clipped_notice,
    doubts_of_estimate,
    doubts_of_film,
    measures_of,
    refusal_of_estimate,
    refusal_of_film,
)
from bone_age_gui.core.model.card import Card
from bone_age_gui.core.model.quality_card import Legibility, QualityRules
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.joints import Finding, HandJoints, JointKind
from bone_age_gui.core.values.quality import HandSide, Notice, Quality
from bone_age_gui.core.values.types import Estimate, Radiograph

ALL_RAYS = 5
"""Four fingers and a thumb."""
LEAST_BESIDE_WRIST, LEAST_BEHIND_WRIST, LEAST_BEYOND_TIP = 0.2, 0.19, 0.06
"""In lengths of the hand: half a wrist with its flesh, the ends of radius and ulna, and half a last phalanx. On 1,499
films of *report* and *tune* the film reaches 0.40, 0.198 and 0.11 at the least."""
_ALONG_THE_EDGE = 1e-9
UNCHECKED = Quality(doubts=(Notice("unchecked", loud=True, doubt=True),))
"""What is said of every film where the bundle brings no finder."""
_INSISTED = {
    "no_hand": (Notice("insisted", "no_hand", loud=True, doubt=True), Notice("no_hand", loud=True, doubt=True)),
    "part_of_hand": (
        Notice("insisted", "part_of_hand", loud=True, doubt=True),
        Notice("part_of_hand", loud=True, doubt=True),
    ),
    "two_hands": (Notice("insisted", "two_hands", loud=True, doubt=True),),
    "illegible": (Notice("insisted", "illegible", loud=True, doubt=True),),
}
"""By the code of the refusal: what a person's word makes of it."""
_LEFT_OF_TWO = Notice("two_hands", "left", loud=True, doubt=True)
_RIGHT_OF_TWO = Notice("two_hands", "right", loud=True, doubt=True)


def judge(film: Radiograph, finding: Finding, rules: QualityRules, side: HandSide | None = None) -> Quality:
    """What a finding means for a film, before the age is estimated.

    Parameters
    ----------
    film : Radiograph
        The film, for its exposure.
    finding : Finding
        What the finder saw, in pixels of this film.
    rules : QualityRules
        The limits on the bundle's card.
    side : HandSide, optional
        Which hand a person chose of two, as pictured.

    Returns
    -------
    Quality
        With a refusal (codes ``no_hand part_of_hand two_hands``) or with doubts, or with neither.
    """
    hands = [hand for hand in finding.hands if is_hand(hand, rules)]
    if not hands or finding.hand_score < rules.least_hand_score:
        return Quality(finding=finding, refusal=_no_whole_hand(film, finding, rules))
    rivals = [hand for hand in hands[1:] if hand.score >= rules.rival_share * hands[0].score]
    if rivals and side is None:
        return Quality(finding=finding, hand=None, refusal=BoneAgeError("two_hands"))
    hand = _chosen([hands[0], *rivals], side)
    shape = _doubts_of_shape(hand, finding, rules)
    if not any(doubt.code == "not_whole" for doubt in shape):
        shape = (*_doubts_of_edges(film.pixels, hand), *shape)
    doubts = (*shape, *_doubts_of_exposure(film.pixels, hand, rules))
    return Quality(finding=finding, hand=hand, doubts=doubts)


def judge_legibility(film: Radiograph, quality: Quality, legibility: Legibility) -> Quality:
    """The same with the doubts of a film whose bones are hard to read, or refused (``illegible``) where nobody could.

    What is no whole hand stays as it is.
    """
    if quality.hand is None:
        return quality
    measures, codes = measures_of(film.pixels, quality.hand), {doubt.code for doubt in quality.doubts}
    doubts = [doubt for doubt in doubts_of_film(measures, legibility) if doubt.code not in codes]
    return replace(quality, doubts=(*quality.doubts, *doubts), refusal=refusal_of_film(measures, legibility))


def insist(quality: Quality) -> Quality:
    """The same with a person's word against the refusal, and two doubts: of two hands the one that is seen best."""
    if quality.refusal is None:
        return quality
    own_doubts = _INSISTED[quality.refusal.code]
    if quality.refusal.code == "two_hands" and quality.finding is not None:
        best, *others = quality.finding.hands
        is_left = all(best.wrist_at[0] <= other.wrist_at[0] for other in others[:1])
        which = _LEFT_OF_TWO if is_left else _RIGHT_OF_TWO
        return replace(quality, hand=best, doubts=(*own_doubts, which, *quality.doubts), refusal=None)
    return replace(quality, doubts=(*own_doubts, *quality.doubts), refusal=None)


def insist_on_estimate(doubts: Iterable[Notice]) -> tuple[Notice, ...]:
    """A person's word against a refusal of the estimate, unless the film itself was insisted on."""
    return () if any(each.code == "insisted" for each in doubts) else _INSISTED["illegible"]


def unlike_training(novelty: float | None, rules: QualityRules | None) -> tuple[Notice, ...]:
    """A doubt where the age network's features lie farther from all training films than nearly all hands do."""
    if rules is None or novelty is None or novelty <= rules.most_novelty:
        return ()
    return (Notice("unlike_training", loud=True, doubt=True),)


def estimate_doubts(estimate: Estimate, card: Card, film: Radiograph | None = None) -> tuple[Notice, ...]:
    """Why an estimate may be wrong, by the network's own output.

    A phantom is unlike all films that were learned, and the film says so: that is its one doubt.
    """
    if film is not None and film.is_phantom:
        return ()
    far = unlike_training(estimate.novelty, card.quality)
    return far or doubts_of_estimate(estimate, card.legibility)


def estimate_refusal(
    estimate: Estimate, card: Card, of_film: Iterable[Notice], film: Radiograph | None = None
) -> BoneAgeError | None:
    """Why an estimate is not given unless a person insists, by the network's own output and the doubts of the film.

    A phantom is not refused for it.
    """
    if film is not None and film.is_phantom:
        return None
    return refusal_of_estimate(estimate, card.legibility, (*of_film, *estimate_doubts(estimate, card, film)))


def is_hand(hand: HandJoints, rules: QualityRules) -> bool:
    """Enough fingers about a wrist to be a hand, be it with a part cut off."""
    return full_rays(hand) >= rules.least_rays and hand.score >= rules.least_score and _has_carpus(hand)


def full_rays(hand: HandJoints) -> int:
    """Fingers and thumb of which at least two joints were seen."""
    return sum(len(ray.joints) >= 2 for ray in hand.rays)


def _has_carpus(hand: HandJoints) -> bool:
    return any(joint is not None for joint in (hand.wrist, hand.radius, hand.ulna))


def _is_part(finding: Finding, rules: QualityRules) -> bool:
    seen = [*finding.loose, *(joint for hand in finding.hands for joint in hand.joints)]
    return finding.hand_score >= rules.least_hand_score and len(seen) >= rules.least_joints_of_part


def _chosen(hands: list[HandJoints], side: HandSide | None) -> HandJoints:
    """The best hand, or the leftmost or rightmost of those that are pictured."""
    if side is None:
        return hands[0]
    across = sorted(hands, key=lambda hand: hand.wrist_at[0])
    return across[0] if side is HandSide.LEFT else across[-1]


def _doubts_of_shape(hand: HandJoints, finding: Finding, rules: QualityRules) -> tuple[Notice, ...]:
    doubts = []
    all_begun = len(hand.rays) >= ALL_RAYS and full_rays(hand) >= rules.whole_rays
    no_fingers = not all_begun or hand.count(JointKind.DIP) < rules.whole_tips
    no_wrist = hand.wrist is None or hand.radius is None or hand.ulna is None
    if no_fingers and no_wrist:
        doubts.append(Notice("not_whole", "both", loud=True, doubt=True))
    elif no_fingers:
        doubts.append(Notice("not_whole", "fingers", loud=True, doubt=True))
    elif no_wrist:
        doubts.append(Notice("not_whole", "wrist", loud=True, doubt=True))
    elif hand.score < rules.sure_score:
        doubts.append(Notice("unclear_joints", loud=True, doubt=True))
    if finding.two_score > rules.most_two_score:
        doubts.append(Notice("perhaps_two_hands", loud=True, doubt=True))
    return tuple(doubts)


def _doubts_of_edges(pixels: np.ndarray, hand: HandJoints) -> tuple[Notice, ...]:
    """Whether the film ends where a whole hand goes on: beside or behind the wrist, or before the end of a finger."""
    ahead, aside = np.array(hand.direction), np.array([-hand.direction[1], hand.direction[0]])
    wrist, (height, width) = np.array(hand.wrist_at), pixels.shape

    def room(at: np.ndarray, direction: np.ndarray) -> float:
        return _room(at, direction, width, height) / hand.length

    beside = min(room(wrist, each) for each in (aside, -aside)) >= LEAST_BESIDE_WRIST
    behind = room(wrist, -ahead) >= LEAST_BEHIND_WRIST
    tips = all(room(ray.dip.at, ahead) >= LEAST_BEYOND_TIP for ray in hand.rays if ray.dip is not None)
    if beside and behind and tips:
        return ()
    return (Notice("not_whole", "edge", loud=True, doubt=True),)


def _room(at: np.ndarray, direction: np.ndarray, width: int, height: int) -> float:
    """Pixels from a point to the edge of a film along a unit vector; negative beyond the edge."""
    ends = [
        ((last if step > 0 else 0) - place) / step
        for place, step, last in zip(at, direction, (width - 1, height - 1), strict=True)
        if abs(step) > _ALONG_THE_EDGE
    ]
    return float(min(ends))


def _doubts_of_exposure(pixels: np.ndarray, hand: HandJoints, rules: QualityRules) -> tuple[Notice, ...]:
    """Whether the bones themselves are burnt white or lost in black."""
    black, white = clipped(pixels, hand)
    return (clipped_notice(black, white),) if max(black, white) > rules.most_clipped else ()


def _no_whole_hand(film: Radiograph, finding: Finding, rules: QualityRules) -> BoneAgeError:
    if _is_part(finding, rules):
        return BoneAgeError("part_of_hand")
    if film.body_part:
        return BoneAgeError("no_hand", "tags", body_part=film.body_part)
    return BoneAgeError("no_hand")
