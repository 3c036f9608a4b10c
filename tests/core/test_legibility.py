"""Sharp, smooth, drawn with enough greys; and an estimate that is steady."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from bone_age_gui.core.legibility import doubts_of_estimate, doubts_of_film, measures_of
from bone_age_gui.core.model.finder.groups import group
from bone_age_gui.core.model.finder.maps import peaks
from bone_age_gui.core.model.quality_card import Legibility, Typical
from bone_age_gui.core.values.joints import HandJoints
from bone_age_gui.core.values.types import Sex
from joints import SPEC, maps_of, placed_hand
from windows import make_estimate

LIMITS = Legibility(
    least_sharpness=0.12,
    most_roughness=0.3,
    least_levels=16,
    spread=Typical(np.log(10), 0.2),
    spread_without_sex=Typical(np.log(16), 0.2),
    novelty=Typical(0.0, 0.2),
    most_unsteadiness=4.0,
    measured="",
)
SIZE = 480


def hand() -> HandJoints:
    """A hand on a map of 96 pixels, brought to the film's size."""
    from bone_age_gui.core.values.joints import moved

    hands, _ = group(peaks(maps_of(placed_hand((48, 80), 60)), SPEC), SPEC)
    return moved(hands[0], np.array([[SIZE / 96, 0, 0], [0, SIZE / 96, 0]]))


def film() -> np.ndarray:
    """Bones with edges about every joint, uint16."""
    picture = np.full((SIZE, SIZE), 9000, np.float32)
    for joint in hand().joints:
        x, y = round(joint.x), round(joint.y)
        for side in (-1, 1):
            cv2.rectangle(picture, (x - 10, y + side * 14 - 11), (x + 10, y + side * 14 + 11), 40000, -1)
    grain = np.random.default_rng(1).normal(0, 300, picture.shape)
    return (cv2.GaussianBlur(picture, (0, 0), 1.2) + grain).clip(0, 65535).astype(np.uint16)


def codes(pixels: np.ndarray) -> list[str]:
    return [doubt.code for doubt in doubts_of_film(measures_of(pixels, hand()), LIMITS)]


def test_a_good_film_is_fine() -> None:
    assert codes(film()) == []


def test_a_blurred_film_is_not_sharp() -> None:
    assert codes(cv2.GaussianBlur(film(), (0, 0), 6)) == ["not_sharp"]


def test_noise_is_seen() -> None:
    noise = np.random.default_rng(2).normal(0, 24000, (SIZE, SIZE))
    assert codes((film() + noise).clip(0, 65535).astype(np.uint16)) == ["noisy"]


def test_a_hand_of_few_greys_is_badly_exposed() -> None:
    assert "few_greys" in codes((film() // 8192 * 8192).astype(np.uint16))


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_the_measures_follow_the_hand_and_not_the_film(factor: float) -> None:
    from bone_age_gui.core.values.joints import moved

    large = cv2.resize(film(), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    one = measures_of(film(), hand())
    other = measures_of(large, moved(hand(), np.array([[factor, 0, 0], [0, factor, 0]])))
    assert one is not None
    assert other is not None
    assert other.sharpness == pytest.approx(one.sharpness, rel=0.35)


def test_joints_beside_the_film_measure_nothing() -> None:
    assert measures_of(np.zeros((2, 2), np.uint16), hand()) is None
    assert doubts_of_film(None, LIMITS) == doubts_of_film(measures_of(film(), hand()), None) == ()


def spread_over(months: float) -> np.ndarray:
    chances = np.exp(-0.5 * ((np.arange(241) - 120) / months) ** 2)
    return (chances / chances.sum()).astype(np.float32)


@pytest.mark.parametrize(
    ("spread", "novelty", "sex", "doubted"),
    [
        (10, 1.0, Sex.FEMALE, False),
        (16, 1.0, Sex.FEMALE, False),
        (10, 1.6, Sex.MALE, False),
        (16, 1.6, Sex.MALE, True),
        (16, 1.6, None, False),
        (10, float("inf"), Sex.MALE, True),
    ],
)
def test_wide_and_unlike_together_are_unsteady(spread: float, novelty: float, sex: Sex | None, doubted: bool) -> None:
    estimate = make_estimate(distribution=spread_over(spread), novelty=novelty, sex=sex)
    assert [doubt.code for doubt in doubts_of_estimate(estimate, LIMITS)] == ["unsteady"] * doubted


def test_without_limits_or_distance_nothing_is_said() -> None:
    estimate = make_estimate(distribution=spread_over(60), novelty=5.0)
    assert doubts_of_estimate(estimate, None) == ()
    assert doubts_of_estimate(replace(estimate, novelty=None), LIMITS) == ()
