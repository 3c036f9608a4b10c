"""A film is fine, doubtful or refused by the joints that a finder saw on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bone_age_gui.core.model.finder.groups import group
from bone_age_gui.core.model.finder.maps import peaks
from bone_age_gui.core.model.quality_card import QualityRules
from bone_age_gui.core.quality import insist, judge, unlike_training
from bone_age_gui.core.values.joints import Finding, moved
from bone_age_gui.core.values.quality import HandSide, Quality
from bone_age_gui.core.values.types import Radiograph
from joints import SPEC, maps_of, placed_hand
from refused import message_of

RULES = QualityRules(
    least_hand_score=0.5,
    least_score=0.3,
    sure_score=0.4,
    least_rays=3,
    whole_rays=5,
    whole_tips=3,
    least_joints_of_part=3,
    rival_share=0.6,
    most_two_score=0.9,
    most_clipped=0.5,
    most_novelty=2.0,
    measured="",
)
FILM = np.random.default_rng(3).integers(1000, 60000, (96, 96)).astype(np.uint16)


def finding(*hands: dict, without: tuple[str, ...] = (), hand_score: float = 0.99, two_score: float = 0.01) -> Finding:
    hands_seen, loose = group(peaks(maps_of(*hands, without=without), SPEC), SPEC)
    return Finding(hands_seen, loose, hand_score, two_score)


def judged(seen: Finding, side: HandSide | None = None, pixels: np.ndarray = FILM, **film: object) -> Quality:
    return judge(Radiograph(pixels, **film), seen, RULES, side)  # type: ignore[arg-type]


def whole() -> dict:
    return placed_hand((42, 76), 60)


def codes(quality: Quality) -> list[str]:
    return [doubt.code for doubt in quality.doubts]


def test_a_whole_hand_is_fine() -> None:
    quality = judged(finding(whole()))
    assert (quality.refusal, quality.doubts) == (None, ())
    assert quality.hand is not None
    assert len(quality.hand.joints) == 17


@pytest.mark.parametrize("degrees", [0, 50, 90, 180, 270])
def test_a_hand_is_fine_at_any_angle(degrees: float) -> None:
    quality = judged(finding(placed_hand((48, 48), 42, degrees)))
    assert (quality.refusal, quality.doubts) == (None, ())


@pytest.mark.parametrize(
    ("missing", "outcome"),
    [
        (("dip2", "dip3", "dip4", "dip5"), "not_whole"),
        (("wrist",), "not_whole"),
        (("radius",), "not_whole"),
        (("radius", "ulna"), "not_whole"),
        (("pip1",), "not_whole"),
        (("mcp1", "pip1"), "not_whole"),
        (("mcp2", "pip2", "dip2", "mcp1", "pip1", "mcp3", "pip3", "dip3"), "part_of_hand"),
        (tuple(f"{kind}{ray}" for kind in ("mcp", "pip", "dip") for ray in "12345"), "part_of_hand"),
        (("wrist", "radius", "ulna", *(f"{kind}{ray}" for kind in ("mcp", "pip") for ray in "12345")), "part_of_hand"),
    ],
)  # fmt: skip
def test_a_part_of_a_hand_is_never_fine(missing: tuple[str, ...], outcome: str) -> None:
    quality = judged(finding(whole(), without=missing))
    assert outcome in (codes(quality) if quality.refusal is None else [quality.refusal.code])


def test_a_film_without_a_hand_is_refused_and_names_what_the_tags_say() -> None:
    quality = judged(Finding((), (), 0.02, 0.01), body_part="CHEST")
    assert quality.refusal is not None
    assert quality.refusal.code == "no_hand"
    assert "CHEST" in message_of(quality.refusal)


def test_joints_are_not_believed_where_the_network_itself_sees_no_hand() -> None:
    quality = judged(finding(whole(), hand_score=0.2))
    assert quality.refusal is not None
    assert quality.refusal.code == "no_hand"


def two_hands() -> Finding:
    return finding(placed_hand((24, 80), 44, mirrored=True), placed_hand((72, 80), 44), two_score=0.99)


def test_two_hands_are_refused_until_one_is_chosen() -> None:
    quality = judged(two_hands())
    assert quality.refusal is not None
    assert (quality.refusal.code, quality.hand) == ("two_hands", None)


@pytest.mark.parametrize(("weak", "said", "at"), [(0, "right", 72), (1, "left", 24)])
def test_who_insists_on_two_hands_gets_the_one_that_is_seen_best(weak: int, said: str, at: float) -> None:
    seen = two_hands()
    by_place = sorted(seen.hands, key=lambda hand: hand.wrist_at[0])
    weaker = replace(by_place[weak], score=0.9 * by_place[weak].score)
    quality = insist(judged(replace(seen, hands=(by_place[1 - weak], weaker))))
    assert [(doubt.code, doubt.why) for doubt in quality.doubts] == [("insisted", "two_hands"), ("two_hands", said)]
    assert quality.hand is not None
    assert quality.hand.wrist_at[0] == pytest.approx(at, abs=1)


@pytest.mark.parametrize(("side", "at"), [(HandSide.LEFT, 24), (HandSide.RIGHT, 72)])
def test_a_chosen_hand_is_the_one_pictured_there(side: HandSide, at: float) -> None:
    quality = judged(two_hands(), side)
    assert quality.refusal is None
    assert quality.hand is not None
    assert quality.hand.wrist_at[0] == pytest.approx(at, abs=1)


def test_a_burnt_hand_is_doubtful() -> None:
    burnt = FILM.copy()
    burnt[10:90, 10:90] = 65535
    assert codes(judged(finding(whole()), pixels=burnt)) == ["clipped"]


def test_who_insists_gets_the_refusal_as_a_doubt() -> None:
    quality = insist(judged(Finding((), (), 0.02, 0.01)))
    assert quality.refusal is None
    assert codes(quality) == ["insisted", "no_hand"]
    fine = judged(finding(whole()))
    assert insist(fine) is fine


@pytest.mark.parametrize(("distance", "doubted"), [(1.9, False), (2.1, True), (float("inf"), True), (None, False)])
def test_a_film_far_from_all_training_films_is_doubtful(distance: float | None, doubted: bool) -> None:
    assert [doubt.code for doubt in unlike_training(distance, RULES)] == ["unlike_training"] * doubted


def test_weak_joints_are_doubtful() -> None:
    seen = finding(whole())
    weak = replace(seen, hands=(replace(seen.hands[0], score=0.35),))
    assert codes(judged(weak)) == ["unclear_joints"]


@pytest.mark.parametrize(
    ("kept", "doubted"),
    [
        ((slice(0, 96), slice(0, 96)), False),
        ((slice(0, 96), slice(0, 46)), True),  # beside the wrist
        ((slice(0, 86), slice(0, 96)), True),  # behind it
        ((slice(15, 96), slice(0, 96)), True),  # before the tip of the longest finger
    ],
)
def test_a_film_that_ends_across_the_hand_is_doubtful(kept: tuple[slice, slice], doubted: bool) -> None:
    rows, columns = kept
    shift = np.array([[1.0, 0.0, -columns.start], [0.0, 1.0, -rows.start]])
    seen = finding(whole())
    cut = replace(seen, hands=tuple(moved(hand, shift) for hand in seen.hands))
    assert codes(judged(cut, pixels=FILM[kept])) == ["not_whole"] * doubted
