"""A hand that lies on its side or points down is turned until its fingers point up."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.stages.hand import find_hand
from bone_age_gui.core.stages.preprocess import run_stages
from bone_age_gui.core.stages.reduction import reduce_film
from bone_age_gui.core.stages.tilt import tilt_of_hand
from bone_age_gui.wording.stages import stage_caption
from bundles import SPEC

SAMPLE = Path(__file__).parents[3] / "resources" / "sample" / "phantom_hand.dcm"
CLEANING = SPEC.cleaning
assert CLEANING is not None


def drawn(tilt: float, fingers: int = 4, forearm: int = 90) -> np.ndarray:
    """A palm of radius 30 in the middle of 300 x 300, with fingers ``tilt`` degrees clockwise off upright."""
    mask = np.zeros((300, 300), np.uint8)
    cv2.circle(mask, (150, 150), 30, 1, -1)
    cv2.rectangle(mask, (135, 150), (165, 150 + forearm), 1, -1)
    for x in np.linspace(125, 175, fingers) if fingers else ():
        cv2.line(mask, (150, 140), (round(x), 60), 1, 7)
    turn = cv2.getRotationMatrix2D((150, 150), -tilt, 1)
    return cv2.warpAffine(mask, turn, (300, 300), flags=cv2.INTER_NEAREST)


@pytest.mark.parametrize("tilt", [0, 17, 45, 90, 133, 179, -30, -90, -120])
def test_the_fingers_tell_where_a_hand_points(tilt: float) -> None:
    assert tilt_of_hand(drawn(tilt), (150, 150), 30) == pytest.approx(tilt, abs=2)


@pytest.mark.parametrize(
    "mask",
    [drawn(90, fingers=0), drawn(90, fingers=1), cv2.circle(np.zeros((300, 300), np.uint8), (150, 150), 60, 1, -1)],
    ids=["no fingers", "fist and one finger", "round"],
)
def test_where_fingers_cannot_be_told_apart_nothing_is_turned(mask: np.ndarray) -> None:
    assert tilt_of_hand(mask, (150, 150), 30) == 0


def test_equal_ends_are_not_guessed_between() -> None:
    both = drawn(0, forearm=0) | drawn(180, forearm=0)
    assert tilt_of_hand(both, (150, 150), 30) == 0


def sample() -> np.ndarray:
    return reduce_film(read_radiograph(SAMPLE).pixels, 299)


def turned(film: np.ndarray, clockwise: float) -> np.ndarray:
    """The whole film, turned by any angle on a canvas of its darkest grey that holds all of it."""
    height, width = film.shape
    side = round(np.hypot(height, width))
    matrix = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), -clockwise, 1)
    matrix[:, 2] += ((side - width) / 2, (side - height) / 2)
    return cv2.warpAffine(film, matrix, (side, side), flags=cv2.INTER_LINEAR, borderValue=float(film.min()))


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_film_that_lies_on_its_side_or_head_gives_the_upright_film_s_picture(quarters: int) -> None:
    upright = run_stages(sample(), SPEC)
    lying = run_stages(np.ascontiguousarray(np.rot90(sample(), quarters)), SPEC)
    wanted = {1: -90, 2: 180, 3: 90}[quarters]
    off = (lying[0].parameters["tilt"] - wanted + 180) % 360 - 180
    assert abs(off) < 2
    assert f"turned upright by {abs(lying[0].parameters['tilt']):.0f}°" in stage_caption(lying[0].fact)
    assert np.corrcoef(upright[-1].pixels.ravel(), lying[-1].pixels.ravel())[0, 1] > 0.97


@pytest.mark.parametrize("clockwise", [40, -60, 100, -150])
def test_a_hand_at_any_angle_comes_to_the_place_of_an_upright_one(clockwise: float) -> None:
    """Seen in the cleaned picture before equalisation, which counts the empty corners of a turned film."""
    upright, lying = (run_stages(film, SPEC)[0].pixels for film in (sample(), turned(sample(), clockwise)))
    assert np.corrcoef(upright.ravel(), lying.ravel())[0, 1] > 0.95


def test_up_to_the_limit_a_hand_stays_as_it_lies_on_the_film() -> None:
    film = turned(sample(), 20)
    assert find_hand(film, CLEANING).tilt == 0
    assert find_hand(film, replace(CLEANING, tilt_limit=10)).tilt == pytest.approx(20, abs=3)
    assert find_hand(turned(sample(), 90), replace(CLEANING, tilt_limit=180)).tilt == 0
    assert "turned" not in stage_caption(run_stages(film, SPEC)[0].fact)
