"""The exposed field and the hand are found on films as clinics make them: borders, bars, margins, markers."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from bone_age_gui.core.stages.hand import HandRegion, find_hand
from bone_age_gui.core.stages.preprocess import run_stages
from bone_age_gui.core.stages.reduction import reduce_film
from bundles import SPEC
from films import hand_like

CLEANING = SPEC.cleaning
assert CLEANING is not None


def film_in(
    canvas: tuple[int, int], at: tuple[int, int], size: tuple[int, int], around: int, seed: int = 0
) -> np.ndarray:
    """A drawn film of ``size`` (height, width) on a canvas of one grey value; its air is grey, as scatter makes it."""
    film = np.full(canvas, around, np.uint16)
    inner = 16000 + 0.6 * hand_like(*size, seed=seed)
    film[at[0] : at[0] + size[0], at[1] : at[1] + size[1]] = inner.astype(np.uint16)
    return film


def holds_the_hand(region: HandRegion, top: int, left: int, height: int, width: int) -> bool:
    """The box reaches from the finger tips (9 % down) to the wrist (72 %) and from little finger to thumb."""
    x, y, tall, wide = *region.centre, region.height / 2, region.width / 2
    rows = y - tall <= top + 0.10 * height and y + tall >= top + 0.70 * height
    columns = x - wide <= left + 0.26 * width and x + wide >= left + 0.80 * width
    return rows and columns


def test_a_plain_film_is_all_field_and_the_hand_fills_the_square() -> None:
    region = find_hand(hand_like(299, 239), CLEANING)
    assert region.is_hand
    assert region.field.mean() > 0.9
    assert holds_the_hand(region, 0, 0, 299, 239)
    assert region.height < 1.35 * 299


@pytest.mark.parametrize("aspect", [0.5, 2 / 3, 1.5])
def test_the_box_has_the_shape_that_is_asked_for_and_holds_the_hand(aspect: float) -> None:
    region = find_hand(hand_like(299, 239), CLEANING, aspect)
    assert region.is_hand
    assert region.width / region.height == pytest.approx(aspect)
    assert holds_the_hand(region, 0, 0, 299, 239)


def test_a_tall_box_around_a_hand_holds_less_air_than_a_square() -> None:
    square, tall = (find_hand(hand_like(299, 239), CLEANING, aspect) for aspect in (1.0, 2 / 3))
    assert tall.width * tall.height < 0.8 * square.width * square.height


@pytest.mark.parametrize("around", [0, 65535, 45000])
def test_a_collimated_field_is_cut_out_of_its_border(around: int) -> None:
    film = film_in((299, 280), (60, 70), (180, 150), around)
    region = find_hand(film, CLEANING)
    assert region.is_hand
    inside = np.zeros(film.shape, bool)
    inside[60:240, 70:220] = True
    assert region.field[~inside].mean() < 0.02
    assert region.field[inside].mean() > 0.75
    assert holds_the_hand(region, 60, 70, 180, 150)


def test_a_turned_field_is_cut_out_along_its_own_edges() -> None:
    film = film_in((299, 299), (60, 80), (180, 140), 0)
    turn = cv2.getRotationMatrix2D((150, 150), 18, 1)
    film = cv2.warpAffine(film, turn, (299, 299))
    field = cv2.warpAffine(np.pad(np.ones((180, 140), np.uint8), ((60, 59), (80, 79))), turn, (299, 299)) > 0
    region = find_hand(film, CLEANING)
    assert region.is_hand
    assert region.field[~field].mean() < 0.02
    assert region.field[field].mean() > 0.75


@pytest.mark.parametrize("edge", ["top", "bottom", "left", "right"])
def test_a_bright_bar_along_an_edge_is_set_aside(edge: str) -> None:
    film = hand_like(299, 239)
    bar = {"top": np.s_[:12], "bottom": np.s_[-12:], "left": np.s_[:, :10], "right": np.s_[:, -10:]}[edge]
    film[bar] = 65535
    region = find_hand(film, CLEANING)
    assert region.is_hand
    assert region.field[bar].mean() < 0.2
    assert holds_the_hand(region, 0, 0, 299, 239)


def test_a_marker_is_not_taken_for_the_hand() -> None:
    film = hand_like(299, 239)
    film[150:190, 8:30] = 65535
    plain, marked = find_hand(hand_like(299, 239), CLEANING), find_hand(film, CLEANING)
    assert abs(marked.height - plain.height) < 0.15 * plain.height
    assert np.hypot(marked.centre[0] - plain.centre[0], marked.centre[1] - plain.centre[1]) < 20


def test_a_small_hand_in_a_corner_comes_to_the_same_size_as_a_large_one() -> None:
    small = find_hand(film_in((299, 299), (140, 150), (140, 112), 18300), CLEANING)
    large = find_hand(hand_like(299, 239), CLEANING)
    assert small.is_hand
    assert small.height / 140 == pytest.approx(large.height / 299, rel=0.2)


@pytest.mark.parametrize("film", ["black", "white", "noise", "stripe"])
def test_where_no_hand_can_be_told_apart_the_whole_film_stays(film: str) -> None:
    pixels = {
        "black": np.zeros((200, 160), np.uint16),
        "white": np.full((200, 160), 65535, np.uint16),
        "noise": np.random.default_rng(3).integers(0, 65536, (200, 160)).astype(np.uint16),
        "stripe": np.repeat(np.arange(160, dtype=np.uint16)[None] % 2 * 60000, 200, axis=0),
    }[film]
    region = find_hand(pixels, CLEANING)
    assert region.height <= 1.3 * 200
    assert region.field.any()
    if not region.is_hand:
        assert region.field.all()
        assert region.centre == (80, 100)
        wide = find_hand(pixels, CLEANING, 2.0)
        assert (wide.width, wide.height) == (400, 200)


def test_the_crop_does_not_depend_on_the_size_of_the_file() -> None:
    """The same film at three sizes: after the reduction the square is the same to a few thousandths."""
    crops = []
    for height in (600, 1200, 2400):
        film = cv2.resize(hand_like(2400, 1920), (height * 4 // 5, height), interpolation=cv2.INTER_AREA)
        crops.append(run_stages(film, SPEC)[0].parameters["crop"])
    for crop in crops[1:]:
        assert crop == pytest.approx(crops[0], abs=0.015)


def test_parameters_are_obeyed() -> None:
    film = reduce_film(hand_like(600, 480), 299)
    near, far = (find_hand(film, replace(CLEANING, widest=w, height_per_palm=20.0)) for w in (1.1, 1.6))
    assert far.height / near.height == pytest.approx(1.6 / 1.1, rel=1e-6)
