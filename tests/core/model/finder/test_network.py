"""The finder: film pixels in, joints in film pixels out; a file that is not its card's is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from bone_age_gui.core.model.finder.network import Finder
from bone_age_gui.core.model.finder.square import finder_square, stretched_greys, whole_film_matrix
from bone_age_gui.core.model.graph import Tensor
from bone_age_gui.core.stages.upright import upright_matrix
from bone_age_gui.core.values.digest import file_sha256
from bone_age_gui.core.values.errors import BoneAgeError
from joints import SPEC, finder_file, maps_of, placed_hand
from refused import refused


@pytest.mark.parametrize("shape", [(96, 96), (192, 130), (300, 300), (1000, 760), (523, 901)])
def test_a_spot_on_the_film_lies_where_the_matrix_says(shape: tuple[int, int]) -> None:
    height, width = shape
    film = np.zeros(shape, np.float32)
    at = np.array([0.37 * width, 0.61 * height])
    y, x = np.mgrid[:height, :width]
    film = np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * (0.03 * max(shape)) ** 2))
    film = (60000 * film).astype(np.uint16)
    matrix = whole_film_matrix(shape, 192)
    square = finder_square(film, matrix, 192)
    assert square.dtype == np.float32
    assert square.min() == 0
    assert square.max() == 1
    row, column = np.unravel_index(cv2.GaussianBlur(square, (0, 0), 2).argmax(), square.shape)
    assert np.linalg.norm(matrix[:, :2] @ at + matrix[:, 2] - (column, row)) < 1


def test_greys_do_not_depend_on_exposure() -> None:
    film = np.random.default_rng(1).integers(0, 255, (50, 60)).astype(np.uint16)
    assert stretched_greys(film) == pytest.approx(stretched_greys(film * 100 + 7000), abs=1e-4)


def test_a_film_of_one_grey_is_black() -> None:
    assert not stretched_greys(np.full((20, 20), 130, np.uint8)).any()


def test_joints_come_back_in_film_pixels(tmp_path: Path) -> None:
    """The fixed answer of the second look is of an upright hand in the square's middle, which the first look sees."""
    length = SPEC.close_length * 96
    middle = (47.5, 47.5 + length / 2)
    drawn = placed_hand(middle, length)
    finder = Finder(tmp_path / "finder.onnx", finder_file(tmp_path / "finder.onnx", maps_of(drawn)))
    film = np.random.default_rng(0).integers(0, 65535, (800, 800)).astype(np.uint16)
    finding = finder.find(film)
    assert len(finding.hands) == 1
    hand = finding.hands[0]
    assert len(hand.joints) == 17
    assert hand.wrist is not None
    wanted = (np.array(middle) + 0.5) * (800 / 96) - 0.5
    assert hand.wrist.at == pytest.approx(wanted, abs=30)
    assert finding.hand_score > 0.9
    assert finding.two_score < 0.1


def test_upright_means_upright(tmp_path: Path) -> None:
    drawn = placed_hand((40, 50), 34.0, 60)
    card = finder_file(tmp_path / "finder.onnx", maps_of(drawn))
    hand = (
        Finder(tmp_path / "finder.onnx", replace(card, spec=replace(SPEC, most_hands=0)))
        .find(np.eye(192, dtype=np.uint8) * 200)
        .hands[0]
    )
    matrix = upright_matrix(hand, 280, 0.6, 0.5)
    wrist = matrix[:, :2] @ np.array(hand.wrist_at) + matrix[:, 2]
    tip = matrix[:, :2] @ (np.array(hand.wrist_at) + hand.length * np.array(hand.direction)) + matrix[:, 2]
    assert tip - wrist == pytest.approx((0, -0.6 * 280), abs=1e-6)
    assert (tip + wrist) / 2 == pytest.approx((139.5, 139.5), abs=1e-6)


def test_another_file_than_the_cards_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "finder.onnx"
    card = finder_file(path, maps_of())
    path.write_bytes(path.read_bytes() + b"\0")
    with refused(match="SHA-256") as caught:
        Finder(path, card)
    assert caught.value.code == "model_damaged"
    path.unlink()
    with refused(match="missing") as caught:
        Finder(path, card)
    assert caught.value.code == "model_damaged"


def test_a_file_that_is_no_graph_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "finder.onnx"
    card = finder_file(path, maps_of())
    path.write_bytes(b"no graph")
    with pytest.raises(BoneAgeError) as caught:
        Finder(path, replace(card, model=replace(card.model, sha256=file_sha256(path))))
    assert caught.value.code == "model_damaged"


def test_another_signature_than_the_cards_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "finder.onnx"
    card = finder_file(path, maps_of())
    with pytest.raises(BoneAgeError) as caught:
        Finder(path, replace(card, outputs=(card.outputs[0], Tensor("hands", "float32", ("N", 3)))))
    assert caught.value.code == "bad_signature"


def test_a_card_whose_side_is_not_the_graphs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "finder.onnx"
    card = finder_file(path, maps_of())
    with refused(match="256 x 256") as caught:
        Finder(path, replace(card, spec=replace(card.spec, side=256)))
    assert caught.value.code == "bad_signature"
