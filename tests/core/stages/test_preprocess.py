"""The stages: what each does to the greys, what it records, and that nothing depends on how a film is stored."""

import json
from dataclasses import asdict, replace

import cv2
import numpy as np
import pytest
from PIL import Image

from bone_age_gui.core.stages.preprocess import (
    PreprocessingSpec,
    SharpeningSpec,
    clean,
    correct_gamma,
    equalise,
    fit_network,
    network_input,
    run_stages,
    scale_to_8_bits,
    sharpen,
)
from bone_age_gui.core.stages.reduction import reduce_film
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.wording.stages import stage_caption
from bundles import SPEC
from films import hand_like
from refused import refused

SEED_1 = replace(SPEC, cleaning=None, framing="stretch")


def everywhere(picture: np.ndarray) -> np.ndarray:
    return np.ones(picture.shape, bool)


def test_the_stages_come_in_the_order_of_seed_1_after_the_cleaning_of_seed_2() -> None:
    stages = run_stages(hand_like(600, 480), SPEC)
    assert [stage.key for stage in stages] == ["cleaned", "equalised", "sharpened", "gamma", "network"]
    assert [stage.pixels.dtype.name for stage in stages] == ["uint16", *["uint8"] * 4]
    assert {stage.pixels.shape for stage in stages} == {(280, 280)}
    assert not any(stage.pixels.flags.writeable for stage in stages)
    assert "O = I ^ 2.5" in stage_caption(stages[3].fact)
    assert stages[2].parameters == {"sigma": 0.8, "strength": 1.0}


def test_a_bundle_may_leave_the_cleaning_out_as_seed_1_does() -> None:
    stages = run_stages(hand_like(600, 480), SEED_1)
    assert [stage.key for stage in stages] == ["equalised", "sharpened", "gamma", "network"]
    assert stages[0].pixels.shape == (299, 239)
    assert stages[-1].pixels.shape == (280, 280)


def test_without_enhancement_the_network_sees_the_plain_grey_film() -> None:
    plain = replace(SEED_1, equalisation_bins=None, sharpening=None, gamma=None)
    film = hand_like(299, 239)
    (stage,) = run_stages(film, plain)
    grey = (film.astype(float) - film.min()) / (int(film.max()) - int(film.min())) * 255
    whole = cv2.resize(np.round(grey).astype(np.uint8), (280, 280), interpolation=cv2.INTER_AREA)
    assert np.abs(stage.pixels.astype(int) - whole).max() <= 1


def test_equalisation_gives_every_grey_its_share_and_agrees_with_opencv() -> None:
    picture = (hand_like(200, 160) >> 8 << 8).astype(np.uint16)
    ours = equalise(picture, everywhere(picture), 256)
    theirs = cv2.equalizeHist((picture >> 8).astype(np.uint8))
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.97
    ramp = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    counts = np.bincount(equalise(ramp, everywhere(ramp), 256).ravel(), minlength=256)
    assert (counts == 256).all()


def test_equalisation_looks_at_the_exposed_field_alone() -> None:
    """A white margin changes nothing inside: the classic way to turn a hand black."""
    film = hand_like(200, 160)
    exposed = everywhere(film)
    alone = equalise(film, exposed, 256)
    wide = np.full((300, 260), 65535, np.uint16)
    wide[50:250, 50:210] = film
    field = np.zeros(wide.shape, bool)
    field[50:250, 50:210] = True
    result = equalise(wide, field, 256)
    assert np.array_equal(result[50:250, 50:210], alone)
    assert (result[~field] == 0).all()


def test_equalisation_is_blind_to_bit_depth_and_window() -> None:
    film = hand_like(200, 160)
    flat = (film.astype(np.float64) * 0.05 + 9000).round().astype(np.uint16)  # a film of very low contrast
    twelve = (film >> 4).astype(np.uint16)
    plain = equalise(film, everywhere(film), 256).astype(int)
    assert np.abs(equalise(flat, everywhere(flat), 256) - plain).mean() < 2
    assert np.abs(equalise(twelve, everywhere(twelve), 256) - plain).mean() < 0.5


def test_an_unexposed_film_gives_black_and_no_warning() -> None:
    film = np.zeros((120, 120), np.uint16)
    nothing = np.zeros(film.shape, bool)
    assert not equalise(film, nothing, 256).any()
    assert not scale_to_8_bits(film, nothing).any()


def test_sharpening_is_a_gaussian_less_its_laplacian() -> None:
    picture = (hand_like(120, 100) >> 8).astype(np.uint8)
    smooth = cv2.GaussianBlur(picture.astype(np.float64), (0, 0), 0.8)
    padded = np.pad(smooth, 1, mode="reflect")
    edges = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:] - 4 * smooth
    expected = np.clip(smooth - 1.0 * edges, 0, 255)
    assert np.abs(sharpen(picture, SharpeningSpec(0.8, 1.0)) - expected).max() <= 0.51


@pytest.mark.parametrize("grey, expected", [(0, 0), (255, 255), (128, round(255 * (128 / 255) ** 2.5))])
def test_gamma_is_the_power_of_the_paper(grey: int, expected: int) -> None:
    assert correct_gamma(np.full((2, 2), grey, np.uint8), 2.5).tolist() == [[expected] * 2] * 2


def test_padding_keeps_proportions_and_stretching_does_not() -> None:
    tall = np.full((200, 100), 200, np.uint8)
    padded, stretched = fit_network(tall, 280, 280, "pad"), fit_network(tall, 280, 280, "stretch")
    assert padded[:, :60].max() == 0
    assert padded[:, 80:200].min() == 200
    assert stretched.min() == 200


@pytest.mark.parametrize("shape, bars", [((100, 100), np.s_[:30]), ((200, 50), np.s_[:, :50])])
def test_a_picture_is_padded_to_a_shape_that_is_no_square(shape: tuple[int, int], bars: tuple) -> None:
    padded = fit_network(np.full(shape, 200, np.uint8), 192, 288, "pad")
    assert padded.shape == (288, 192)
    assert padded[bars].max() == 0
    assert padded[140:150, 90:100].min() == 200
    edges = (padded[144] > 0).sum(), (padded[:, 96] > 0).sum()
    assert edges[1] / edges[0] == pytest.approx(shape[0] / shape[1], rel=0.05)


def as_public_copies(grey: np.ndarray, long_side: int, size: tuple[int, int]) -> np.ndarray:
    """A film (uint8) as the square training copies were made, by Pillow, with the stretch undone by area averages."""
    square = Image.fromarray(grey).resize((long_side, long_side), Image.Resampling.BILINEAR)
    return cv2.resize(np.asarray(square), size, interpolation=cv2.INTER_AREA).astype(int)


def test_a_film_is_reduced_as_the_training_films_were_and_never_enlarged() -> None:
    film = hand_like(600, 480)
    assert reduce_film(film, 300).shape == (300, 240)
    assert reduce_film(film, 700) is film
    grey = (film >> 8).astype(np.uint8)
    ours = reduce_film(grey.astype(np.uint16) * 256, 299) / 256
    assert np.abs(ours - as_public_copies(grey, 299, (239, 299))).max() <= 1.5


def test_a_wide_film_is_reduced_likewise() -> None:
    grey = (hand_like(600, 480).T >> 8).astype(np.uint8)
    ours = reduce_film(np.ascontiguousarray(grey).astype(np.uint16) * 256, 299) / 256
    assert np.abs(ours - as_public_copies(np.ascontiguousarray(grey), 299, (299, 239))).max() <= 1.5


def test_a_very_large_film_is_reduced_in_steps_to_the_same_picture() -> None:
    film = cv2.resize(hand_like(600, 480), (1600, 2000), interpolation=cv2.INTER_CUBIC)
    grey = (film >> 8).astype(np.uint8)
    ours = reduce_film(grey.astype(np.uint16) * 256, 299) / 256
    assert np.abs(ours - as_public_copies(grey, 299, (239, 299))).max() <= 3


def test_a_film_short_of_the_size_on_one_side_is_reduced_along_the_other() -> None:
    assert reduce_film(hand_like(600, 200), 300).shape == (300, 100)


@pytest.mark.parametrize("width, height", [(280, 280), (192, 288), (300, 200)])
def test_the_crop_shows_the_film_where_it_says(width: int, height: int) -> None:
    film = hand_like(299, 239)
    assert SPEC.cleaning is not None
    picture, exposed, outline = clean(film, SPEC.cleaning, width, height)
    assert picture.shape == exposed.shape == (height, width)
    left, top, wide, tall = np.array(outline["crop"]) * (239, 299, 239, 299)
    assert wide / tall == pytest.approx(width / height)
    y, x = np.nonzero(exposed)
    rows, columns = top + (y + 0.5) * tall / height - 0.5, left + (x + 0.5) * wide / width - 0.5
    where = (rows.clip(0, 298).round().astype(int), columns.clip(0, 238).round().astype(int))
    assert np.corrcoef(picture[y, x], film[where])[0, 1] > 0.99
    assert (picture[~exposed] == 0).all()


@pytest.mark.parametrize("long_side", [1200, 2400])
def test_the_network_sees_nearly_the_same_from_a_small_and_a_large_copy(long_side: int) -> None:
    original = hand_like(2400, 1920)
    size = (long_side * 4 // 5, long_side)
    copy = cv2.resize(original, size, interpolation=cv2.INTER_AREA)
    small = cv2.resize(original, (239, 299), interpolation=cv2.INTER_AREA)
    one, two = (run_stages(film, SPEC)[-1].pixels.astype(int) for film in (copy, small))
    assert np.abs(one - two).mean() < 3


def test_the_network_input_is_the_last_stage_normalised() -> None:
    stages = run_stages(hand_like(600, 480), SPEC)
    inputs = network_input(stages, SPEC)
    assert (inputs.shape, inputs.dtype) == ((1, 1, 280, 280), np.float32)
    back = inputs[0, 0] * SPEC.deviation + SPEC.mean
    assert np.allclose(back * 255, stages[-1].pixels, atol=1e-3)


def test_the_same_film_gives_the_same_pixels_again() -> None:
    film = hand_like(900, 700)
    first, second = run_stages(film, SPEC), run_stages(film.copy(), SPEC)
    for one, two in zip(first, second, strict=True):
        assert np.array_equal(one.pixels, two.pixels)
        assert one.parameters == two.parameters


@pytest.mark.parametrize("spec", [SPEC, SEED_1, replace(SPEC, sharpening=None, gamma=None)])
def test_a_specification_survives_the_card(spec: PreprocessingSpec) -> None:
    assert PreprocessingSpec.from_dict(json.loads(json.dumps(spec.to_dict()))) == spec


@pytest.mark.parametrize(
    "change",
    [
        {"gamma": "2.5.1"},
        {"gamma": -1.0},
        {"framing": "squash"},
        {"network_width": 4},
        {"network_height": 4},
        {"equalisation_bins": 1000},
        {"deviation": 0},
        {"surprise": 1},
        {"sharpening": {"sigma": 0.8}},
        {"cleaning": 3},
        {"film_long_side": True},
        {"mean": None},
    ],
)
def test_an_impossible_specification_is_refused(change: dict) -> None:
    values = {**asdict(SPEC), **change}
    with pytest.raises(BoneAgeError) as caught:
        PreprocessingSpec.from_dict(values)
    assert caught.value.code == "bad_card"


def test_a_missing_field_is_refused_not_defaulted() -> None:
    values = SPEC.to_dict()
    del values["gamma"]
    with refused(match="gamma"):
        PreprocessingSpec.from_dict(values)
