"""Made films: what is seen is demanded where it lies, what is cut off is not, and no hand means no joint."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bone_age_gui.core.model.finder.groups import group
from bone_age_gui.core.model.finder.maps import peaks
from joints import SPEC
from training.finder.films import JointFilm
from training.finder.joints import COUNT
from training.finder.no_hand import KINDS, no_hand
from training.finder.phantom import phantom_film
from training.finder.placing import SIDE, collimate, cut_part, half_plane, place, place_two
from training.finder.scenes import Scene, make_scene

PHANTOM = Path(__file__).parents[3] / "resources" / "sample" / "phantom_hand.png"


@pytest.fixture(scope="module")
def phantom() -> JointFilm:
    return phantom_film(PHANTOM)


def scenes(film: JointFilm, count: int, side: int = SIDE) -> list[Scene]:
    rng = np.random.default_rng(7)
    return [make_scene([film, film], np.array([0.5, 0.5]), rng, side) for _ in range(count)]


@pytest.mark.parametrize("side", [SIDE, 128])
def test_scenes_have_the_networks_shapes_and_ranges(phantom: JointFilm, side: int) -> None:
    for scene in scenes(phantom, 40, side):
        assert scene.film.shape == (side, side)
        assert scene.film.dtype == np.float32
        assert scene.film.min() >= 0
        assert scene.film.max() <= 1
        assert scene.heat.shape == (6, side // 2, side // 2)
        assert np.isfinite(scene.offsets).all()
        assert set(scene.hands) <= {-1.0, 0.0, 1.0}
        if scene.hands[0] == 0:
            assert scene.heat.max() == 0
        if scene.hands[1] == 1:
            assert scene.hands[0] == 1


def test_the_targets_of_a_whole_hand_are_read_as_that_hand(phantom: JointFilm) -> None:
    """Truth and decoding agree on places and on who belongs to whom."""
    whole = 0
    for scene in scenes(phantom, 150):
        heat = np.clip(scene.heat, 1e-4, 1 - 1e-4)
        maps = np.concatenate([np.log(heat / (1 - heat)), scene.offsets]).astype(np.float32)
        joints = peaks(maps, SPEC)
        hands, loose = group(joints, SPEC)
        if len(joints) == COUNT and scene.hands[1] == 0:
            whole += 1
            assert len(hands) == 1
            assert not loose
            assert len(hands[0].rays) == 5
    assert whole > 20


def test_the_phantoms_joints_lie_on_bone(phantom: JointFilm) -> None:
    at = np.rint(phantom.joints).astype(int)
    assert (phantom.pixels[at[:, 1], at[:, 0]] > np.percentile(phantom.pixels, 60)).all()


def test_a_cut_takes_the_joints_beyond_it(phantom: JointFilm) -> None:
    rng = np.random.default_rng(2)
    placed = place(phantom, rng, length=100.0, centre=np.array([96.0, 96.0]))
    before = placed.seen[0].copy()
    inside = half_plane(rng, placed.hands[0].mean(0))
    placed.cut(inside)
    at = np.clip(np.rint(placed.hands[0]), 0, SIDE - 1).astype(int)
    assert not (placed.seen[0] & ~inside[at[:, 1], at[:, 0]]).any()
    assert 0 < placed.seen[0].sum() < before.sum()
    assert not (placed.seen[0] & placed.unsure[0]).any()


def test_fields_and_cuts_never_leave_a_joint_both_seen_and_unsure(phantom: JointFilm) -> None:
    rng = np.random.default_rng(4)
    for _ in range(30):
        placed = place(phantom, rng)
        collimate(placed, rng)
        cut_part(placed, rng)
        assert not (placed.seen[0] & placed.unsure[0]).any()


def test_two_hands_lie_on_their_own_sides(phantom: JointFilm) -> None:
    placed = place_two(phantom, phantom, np.random.default_rng(5))
    assert len(placed.hands) == 2
    assert np.linalg.norm(placed.hands[0].mean(0) - placed.hands[1].mean(0)) > 0.3 * SIDE


@pytest.mark.parametrize("kind", range(len(KINDS)))
def test_every_kind_of_picture_without_a_hand_can_be_made(kind: int) -> None:
    rng = np.random.default_rng(kind)
    for _ in range(5):
        picture = KINDS[kind](rng)
        assert picture.shape == (SIDE, SIDE)
        assert np.isfinite(picture).all()


def test_pictures_without_a_hand_differ() -> None:
    rng = np.random.default_rng(0)
    pictures = [no_hand(rng) for _ in range(20)]
    assert len({picture.tobytes() for picture in pictures}) == 20
    assert all(picture.min() >= 0 and picture.max() <= 255 for picture in pictures)
