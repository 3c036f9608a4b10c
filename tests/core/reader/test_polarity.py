"""Films with dark bones are recognised and put right; right ones are left alone, whatever surrounds them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from bone_age_gui.core.reader.polarity import is_inverted, polarity_score
from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.wording.pixels import pixel_steps
from films import hand_like, write_dicom, write_picture

FILM = hand_like(600, 480)


def with_margin(film: np.ndarray, value: int) -> np.ndarray:
    return cv2.copyMakeBorder(film, 80, 40, 60, 90, cv2.BORDER_CONSTANT, value=(value,))


def surroundings() -> dict[str, np.ndarray]:
    """The film as scanners, collimators and exports leave it."""
    faint = (20000 + FILM // 12).astype(np.uint16)
    return {
        "plain": FILM,
        "white margin": with_margin(FILM, 65535),
        "grey margin": with_margin(FILM, 30000),
        "black margin": with_margin(FILM, 0),
        "low contrast": faint,
        "low contrast in white": with_margin(faint, 65535),
        "sideways": np.ascontiguousarray(np.rot90(FILM)),
        "upside down": np.ascontiguousarray(np.rot90(FILM, 2)),
        "gamma": (65535 * (FILM / 65535) ** 2).astype(np.uint16),
        "small": hand_like(120, 100),
    }


@pytest.mark.parametrize("name", surroundings())
def test_negatives_are_told_from_films(name: str) -> None:
    film = surroundings()[name]
    assert not is_inverted(film, stated=False)
    assert is_inverted(65535 - film, stated=False)


def test_the_negative_has_the_opposite_score() -> None:
    assert polarity_score(65535 - FILM) == pytest.approx(-polarity_score(FILM), abs=1e-3)


def test_nothing_to_tell_by() -> None:
    assert polarity_score(np.full((300, 300), 7, np.uint8)) == 0


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_inverted_picture_is_put_right(tmp_path: Path, suffix: str) -> None:
    film = read_radiograph(write_picture(tmp_path / f"film{suffix}", 65535 - FILM))
    assert film.inverted
    assert np.abs(film.pixels.astype(np.int32) - FILM).mean() < 600
    assert "bright background: turned to bright bone" in pixel_steps(film.made_by)
    assert [notice.code for notice in film.notices] == ["inverted"]


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_tags_that_claim_otherwise_are_overruled_loudly(tmp_path: Path, photometric: str) -> None:
    film = read_radiograph(write_dicom(tmp_path / "film.dcm", 65535 - FILM, photometric=photometric))
    assert film.inverted
    assert np.abs(film.pixels.astype(np.int32) - FILM).max() < 20
    assert [(notice.code, notice.loud) for notice in film.notices] == [("inverted", True)]


def test_other_body_parts_are_not_turned(tmp_path: Path) -> None:
    film = read_radiograph(write_dicom(tmp_path / "film.dcm", 65535 - FILM, body_part="CHEST"))
    assert not film.inverted
