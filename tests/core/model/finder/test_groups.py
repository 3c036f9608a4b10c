"""Maps to joints to hands: places to a fraction of a pixel, fingers in order, parts and pairs of hands told apart."""

from __future__ import annotations

import numpy as np
import pytest

from bone_age_gui.core.model.finder.groups import group
from bone_age_gui.core.model.finder.maps import peaks
from bone_age_gui.core.values.joints import JointKind
from joints import SPEC, maps_of, placed_hand


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("degrees", [0, 50, 137, 180, -95])
def test_one_hand_at_any_angle_gives_its_seventeen_joints_five_rays_and_direction(
    degrees: float, mirrored: bool
) -> None:
    drawn = placed_hand((46.3, 51.7), 42.0, degrees, mirrored)
    hands, loose = group(peaks(maps_of(drawn), SPEC), SPEC)
    assert len(hands) == 1
    assert not loose
    hand = hands[0]
    assert len(hand.joints) == len(drawn) == 17
    for kind in JointKind:
        wanted = sorted(tuple(np.round(place, 0)) for other, place, _ in drawn.values() if other is kind)
        assert len(wanted) == hand.count(kind)
    for joint in hand.joints:
        nearest = min(np.linalg.norm(place - joint.at) for kind, place, _ in drawn.values() if kind is joint.kind)
        assert nearest < 0.2
    assert [ray.dip is None for ray in hand.rays] in ([True, *[False] * 4], [*[False] * 4, True])
    for ray in hand.rays:
        assert ray.mcp is not None
        assert ray.pip is not None
        assert np.linalg.norm(ray.pip.at - ray.mcp.at) == pytest.approx(0.26 * 42, abs=0.5)
    knuckles = np.mean([drawn[f"mcp{ray}"][1] for ray in "2345"], axis=0) - drawn["wrist"][1]
    assert hand.direction == pytest.approx(knuckles / np.linalg.norm(knuckles), abs=0.01)
    tips = [drawn[f"dip{ray}"][1] for ray in "2345"]
    assert hand.length == pytest.approx(max(np.linalg.norm(tip - drawn["wrist"][1]) for tip in tips), abs=0.5)


def test_the_rays_run_clockwise() -> None:
    hands, _ = group(peaks(maps_of(placed_hand((46, 52), 40.0)), SPEC), SPEC)
    assert [ray.mcp.x for ray in hands[0].rays if ray.mcp] == sorted(ray.mcp.x for ray in hands[0].rays if ray.mcp)


def test_two_hands_stay_two() -> None:
    left, right = placed_hand((24, 60), 34.0, -8), placed_hand((70, 58), 32.0, 12, mirrored=True)
    hands, loose = group(peaks(maps_of(left, right), SPEC), SPEC)
    assert [len(hand.joints) for hand in hands] == [17, 17]
    assert not loose
    assert sorted(hand.wrist_at[0] for hand in hands) == pytest.approx([24, 70], abs=0.3)


def test_a_hand_without_its_wrist_still_knows_where_it_must_lie() -> None:
    hands, loose = group(peaks(maps_of(placed_hand((46, 60), 44.0), without=("wrist", "radius", "ulna")), SPEC), SPEC)
    assert len(hands) == 1
    assert hands[0].wrist is None
    assert hands[0].wrist_at == pytest.approx((46, 60), abs=1)
    assert not loose


def test_finger_tips_alone_are_no_hand() -> None:
    hidden = tuple(name for name in placed_hand((0, 0), 1) if not name.startswith("dip"))
    hands, loose = group(peaks(maps_of(placed_hand((46, 60), 44.0), without=hidden), SPEC), SPEC)
    assert not hands
    assert {joint.kind for joint in loose} == {JointKind.DIP}
    assert len(loose) == 4


def test_a_carpus_alone_is_no_hand() -> None:
    hidden = tuple(name for name in placed_hand((0, 0), 1) if name not in ("wrist", "radius", "ulna"))
    hands, loose = group(peaks(maps_of(placed_hand((46, 60), 44.0), without=hidden), SPEC), SPEC)
    assert not hands
    assert len(loose) == 3


def test_a_finger_without_its_knuckle_stays_with_its_hand() -> None:
    hands, loose = group(peaks(maps_of(placed_hand((46, 60), 44.0), without=("mcp4",)), SPEC), SPEC)
    assert len(hands) == 1
    assert not loose
    assert sum(ray.mcp is None for ray in hands[0].rays) == 1


def test_a_peak_that_points_elsewhere_is_loose() -> None:
    maps = maps_of(placed_hand((40, 60), 36.0))
    maps[2, 85:90, 85:90] = 3.0  # knuckles where there is no hand, their offsets zero
    maps[0, 5, 90] = 2.0
    hands, loose = group(peaks(maps, SPEC), SPEC)
    assert len(hands[0].joints) == 17
    assert any(joint.kind is JointKind.DIP and (joint.x, joint.y) == (90, 5) for joint in loose)


def test_nothing_gives_nothing() -> None:
    assert group(peaks(np.full((8, 96, 96), -6, np.float32), SPEC), SPEC) == ((), ())


def test_any_peaks_can_be_grouped_and_none_is_lost() -> None:
    rng = np.random.default_rng(11)
    for _ in range(200):
        maps = rng.normal(-4, 2.2, (8, 96, 96)).astype(np.float32)
        maps[:6] = np.where(rng.random((6, 96, 96)) < 0.997, -6, maps[:6] + 4)
        maps[6:] *= 0.4
        seen = peaks(maps, SPEC)
        hands, loose = group(seen, SPEC)
        kept = [*loose, *(joint for hand in hands for joint in hand.joints)]
        ends = (JointKind.RADIUS, JointKind.ULNA)  # one end of a bone may have a peak under both names
        assert sum(joint.kind not in ends for joint in kept) == sum(peak.kind not in ends for peak in seen)
        assert sum(joint.kind in ends for joint in kept) <= sum(peak.kind in ends for peak in seen)
        for hand in hands:
            assert 1 <= len(hand.rays) <= 5
            assert np.hypot(*hand.direction) == pytest.approx(1)
            assert 0 < hand.score <= 1


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_radius_lies_on_the_thumbs_side_where_the_maps_cannot_tell(mirrored: bool) -> None:
    drawn = placed_hand((46, 60), 44.0, 20, mirrored)
    swapped = dict(drawn)
    for name, other in (("radius", "ulna"), ("ulna", "radius")):
        _, place, before = drawn[name]
        swapped[f"{name} too"] = (drawn[other][0], place, before)
    hands, _ = group(peaks(maps_of(swapped), SPEC), SPEC)
    assert hands[0].radius is not None
    assert hands[0].ulna is not None
    assert hands[0].radius.at == pytest.approx(drawn["radius"][1], abs=0.3)
    assert hands[0].ulna.at == pytest.approx(drawn["ulna"][1], abs=0.3)


def test_a_thumb_has_no_dip() -> None:
    drawn = placed_hand((46, 60), 44.0, -30)
    place = drawn["pip1"][1]
    outwards = place - drawn["mcp1"][1]
    extra = {**drawn, "dip1": (JointKind.DIP, place + 0.5 * outwards, "pip1")}
    hands, loose = group(peaks(maps_of(extra), SPEC), SPEC)
    assert len(hands[0].joints) == 17
    assert hands[0].thumb in (0, 4)
    assert hands[0].rays[hands[0].thumb].dip is None
    assert [joint.kind for joint in loose] == [JointKind.DIP]
