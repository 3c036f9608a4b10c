"""Sharp, smooth, drawn with enough greys; and an estimate that is steady."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from bone_age_gui.core.legibility import (
    doubts_of_estimate,
    doubts_of_film,
    is_of_estimate,
    measures_of,
    refusal_of_estimate,
    refusal_of_film,
)
from bone_age_gui.core.model.finder.groups import group
from bone_age_gui.core.model.finder.maps import peaks
from bone_age_gui.core.model.quality_card import Legibility, LegibilityLimits, Typical
from bone_age_gui.core.values.joints import HandJoints, moved
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.types import Sex
from joints import SPEC, maps_of, placed_hand
from windows import make_estimate

DOUBT = LegibilityLimits(
    least_sharpness=0.12,
    most_roughness=0.3,
    most_blocks=1.3,
    most_clipped=0.1,
    least_levels=16,
    least_length=90.0,
    most_unsteadiness=4.0,
)
REFUSAL = LegibilityLimits(
    least_sharpness=0.1,
    most_roughness=0.4,
    most_blocks=1.6,
    most_clipped=0.2,
    least_levels=8,
    least_length=70.0,
    most_unsteadiness=8.0,
)
LIMITS = Legibility(
    doubt=DOUBT,
    refusal=REFUSAL,
    spread=Typical(np.log(10), 0.2),
    spread_without_sex=Typical(np.log(16), 0.2),
    novelty=Typical(0.0, 0.2),
    measured="",
)
SIZE = 480


def hand() -> HandJoints:
    """A hand on a map of 96 pixels, brought to the film's size."""
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


def refusal(pixels: np.ndarray, limits: Legibility = LIMITS) -> str | None:
    error = refusal_of_film(measures_of(pixels, hand()), limits)
    return f"{error.code} {error.why}" if error is not None else None


def as_jpeg(pixels: np.ndarray, quality: int) -> np.ndarray:
    stored = cv2.imencode(".jpg", (pixels >> 8).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE), np.uint16) * 257


def test_a_good_film_is_fine() -> None:
    assert codes(film()) == []
    assert refusal(film()) is None


def test_a_blurred_film_is_not_sharp() -> None:
    assert codes(cv2.GaussianBlur(film(), (0, 0), 6)) == ["not_sharp"]
    assert refusal(cv2.GaussianBlur(film(), (0, 0), 6)) == "illegible not_sharp"


def test_noise_is_seen() -> None:
    noise = np.random.default_rng(2).normal(0, 24000, (SIZE, SIZE))
    noisy = (film() + noise).clip(0, 65535).astype(np.uint16)
    assert codes(noisy)[0] == "noisy"
    assert refusal(noisy) == "illegible noisy"


def test_a_hand_of_few_greys_is_badly_exposed() -> None:
    poor = (film() // 8192 * 8192).astype(np.uint16)
    assert "few_greys" in codes(poor)
    assert refusal(poor) is not None


def test_blocks_of_a_strongly_compressed_film_are_seen_and_hide_less_of_a_finer_one() -> None:
    seen = {}
    for factor in (0.5, 2.0):
        sized = cv2.resize(film(), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        place = moved(hand(), np.array([[factor, 0, 0], [0, factor, 0]]))
        seen[factor] = [measures_of(pixels, place) for pixels in (sized, as_jpeg(sized, 8))]
    sharp, strong = seen[0.5]
    assert [doubt.code for doubt in doubts_of_film(sharp, LIMITS)] == []
    assert "blocks" in [doubt.code for doubt in doubts_of_film(strong, LIMITS)]
    error = refusal_of_film(strong, LIMITS)
    assert error is not None
    assert (error.code, error.why) == ("illegible", "blocks")
    assert refusal_of_film(seen[2.0][1], LIMITS) is None


@pytest.mark.parametrize(("low", "high", "why"), [(39900, 65535, "black"), (0, 30000, "white")])
def test_bones_that_are_clipped_are_seen_and_refused_where_most_are(low: int, high: int, why: str) -> None:
    cut = np.clip(film(), low, high)
    smooth = replace(LIMITS, doubt=replace(DOUBT, most_roughness=1), refusal=replace(REFUSAL, most_roughness=1))
    assert [(doubt.code, doubt.why) for doubt in doubts_of_film(measures_of(cut, hand()), smooth)] == [("clipped", why)]
    assert refusal(cut, smooth) == f"illegible clipped_{why}"


@pytest.mark.parametrize(
    ("length", "doubts", "why"), [(95, [], None), (80, ["few_pixels"], None), (60, None, "few_pixels")]
)
def test_a_small_copy_of_a_film_has_too_few_pixels(length: float, doubts: list[str] | None, why: str | None) -> None:
    factor = length / hand().length
    small = cv2.resize(film(), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    seen = measures_of(small, moved(hand(), np.array([[factor, 0, 0], [0, factor, 0]])))
    by_length = replace(
        LIMITS,
        doubt=replace(DOUBT, most_roughness=1, least_sharpness=0, most_blocks=None),
        refusal=replace(REFUSAL, most_roughness=1, least_sharpness=0, most_blocks=None),
    )
    error = refusal_of_film(seen, by_length)
    assert (error.why if error is not None else None) == why
    if doubts is not None:
        assert [doubt.code for doubt in doubts_of_film(seen, by_length)] == doubts


def test_a_card_of_an_earlier_version_refuses_and_measures_less() -> None:
    unmeasured = replace(DOUBT, most_blocks=None, most_clipped=None, least_length=None)
    earlier = replace(LIMITS, doubt=unmeasured, refusal=None)
    for spoilt in (as_jpeg(film(), 4), np.clip(film(), 0, 30000), cv2.GaussianBlur(film(), (0, 0), 6)):
        assert refusal(spoilt, earlier) is None
        said = [doubt.code for doubt in doubts_of_film(measures_of(spoilt, hand()), earlier)]
        assert not set(said) & {"blocks", "clipped"}
    estimate = make_estimate(distribution=spread_over(60), novelty=5.0, sex=Sex.MALE)
    assert refusal_of_estimate(estimate, earlier, ()) is None


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_the_measures_follow_the_hand_and_not_the_film(factor: float) -> None:
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


@pytest.mark.parametrize(
    ("spread", "novelty", "doubts", "refused"),
    [
        (16, 1.6, ["unsteady"], False),
        (40, 2.0, ["unsteady"], True),
        (16, 1.6, ["unsteady", "not_whole"], False),
        (16, 1.6, ["unsteady", "noisy"], True),
        (10, 1.0, ["not_sharp"], False),
        (10, 2.2, ["unlike_training", "clipped"], True),
    ],
)
def test_far_beyond_the_limit_or_by_two_signs_an_estimate_is_refused(
    spread: float, novelty: float, doubts: list[str], refused: bool
) -> None:
    estimate = make_estimate(distribution=spread_over(spread), novelty=novelty, sex=Sex.MALE)
    error = refusal_of_estimate(estimate, LIMITS, [Notice(code, doubt=True) for code in doubts])
    assert is_of_estimate(error) == refused
    assert (error is not None) == refused


def test_without_limits_or_distance_nothing_is_said() -> None:
    estimate = make_estimate(distribution=spread_over(60), novelty=5.0)
    assert doubts_of_estimate(estimate, None) == ()
    assert doubts_of_estimate(replace(estimate, novelty=None), LIMITS) == ()
