"""A film's greys in its own units: what black and white of the pixels mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.types import GreyUnits, Radiograph
from films import hand_like, write_dicom, write_picture


def ends(film: Radiograph) -> tuple[float, float]:
    assert film.units is not None
    return film.units.black, film.units.white


def test_a_dicom_without_a_window_has_the_range_of_its_bits(tmp_path: Path) -> None:
    film = read_radiograph(write_dicom(tmp_path / "film.dcm", hand_like(), bits=12))
    assert ends(film) == pytest.approx((0, 4095))
    assert not film.has_window


@pytest.mark.parametrize(
    ("function", "black", "white"), [("LINEAR", 1999.5 - 1999.5, 1999.5 + 1999.5), ("LINEAR_EXACT", 0.0, 4000.0)]
)
def test_a_window_is_the_range(tmp_path: Path, function: str, black: float, white: float) -> None:
    path = write_dicom(tmp_path / "film.dcm", hand_like(), bits=12, WindowCenter="2000", WindowWidth="4000",
                       VOILUTFunction=function)  # fmt: skip
    film = read_radiograph(path)
    assert ends(film) == pytest.approx((black, white), abs=0.01)
    assert film.has_window


def test_the_units_are_those_after_the_rescale_and_turned_with_monochrome_1(tmp_path: Path) -> None:
    path = write_dicom(tmp_path / "film.dcm", hand_like(), bits=12, photometric="MONOCHROME1", RescaleSlope="2",
                       RescaleIntercept="-1000")  # fmt: skip
    assert ends(read_radiograph(path)) == pytest.approx((4095 * 2 - 1000, -1000))


def test_a_sigmoid_window_has_no_linear_units(tmp_path: Path) -> None:
    path = write_dicom(tmp_path / "film.dcm", hand_like(), bits=12, WindowCenter="1000", WindowWidth="2000",
                       VOILUTFunction="SIGMOID")  # fmt: skip
    film = read_radiograph(path)
    assert film.units is None
    assert film.has_window


def test_every_pixel_of_a_picture_comes_back_by_its_units(tmp_path: Path) -> None:
    pixels = (hand_like().astype(np.float64) / 65535 * 3000 + 200).astype(np.uint16)
    film = read_radiograph(write_picture(tmp_path / "film.png", pixels, bits=16))
    black, white = ends(film)
    back = black + film.pixels.astype(np.float64) / 65535 * (white - black)
    assert np.abs(back - pixels).max() < 1


def test_a_film_that_was_turned_round_has_its_units_turned(tmp_path: Path) -> None:
    film = read_radiograph(write_picture(tmp_path / "film.png", 65535 - hand_like()))
    assert film.inverted
    assert film.units == GreyUnits(255.0, 0.0)
