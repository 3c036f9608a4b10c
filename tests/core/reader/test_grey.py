"""Modality, window, photometric and padding tags, each against the formula of the standard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.types import Radiograph
from bone_age_gui.wording.pixels import pixel_steps
from films import hand_like, quantise, write_dicom

FILM = hand_like(300, 240)
STORED = quantise(FILM, 12).astype(np.float64)


def read(tmp_path: Path, **tags: Any) -> Radiograph:
    return read_radiograph(write_dicom(tmp_path / "film.dcm", FILM, **tags))


def close(film: Radiograph, grey: np.ndarray) -> bool:
    """True if the film shows ``grey`` (0 to 1)."""
    return bool(np.abs(film.pixels - np.clip(grey, 0, 1) * 65535).max() <= 1)


def lut_item(data: np.ndarray, first: int = 0, depth: int = 16) -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [data.size % 65536, first, depth])
    item.add_new("LUTData", "OW", data.astype("<u2").tobytes())
    return item


def codes(film: Radiograph) -> set[str]:
    return {notice.code for notice in film.notices}


def test_linear_window(tmp_path: Path) -> None:
    film = read(tmp_path, WindowCenter=1500, WindowWidth=2000)
    assert close(film, (STORED - 1499.5) / 1999 + 0.5)
    assert "window 1500 / 2000 (linear)" in pixel_steps(film.made_by)


def test_first_of_several_windows(tmp_path: Path) -> None:
    film = read(tmp_path, WindowCenter=[1500, 100], WindowWidth=[2000, 10])
    assert close(film, (STORED - 1499.5) / 1999 + 0.5)


def test_linear_exact_window(tmp_path: Path) -> None:
    film = read(tmp_path, WindowCenter=1500, WindowWidth=2000, VOILUTFunction="LINEAR_EXACT")
    assert close(film, (STORED - 1500) / 2000 + 0.5)


def test_sigmoid_window(tmp_path: Path) -> None:
    film = read(tmp_path, WindowCenter=1500, WindowWidth=2000, VOILUTFunction="SIGMOID")
    assert close(film, 1 / (1 + np.exp(-4 * (STORED - 1500) / 2000)))


def test_full_window_changes_nothing(tmp_path: Path) -> None:
    film = read(tmp_path, WindowCenter=2048, WindowWidth=4096)
    assert close(film, STORED / 4095)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_window_is_counted_after_the_rescale(tmp_path: Path, photometric: str) -> None:
    stored = 4095 - STORED if photometric == "MONOCHROME1" else STORED
    film = read(
        tmp_path,
        photometric=photometric,
        RescaleSlope=2,
        RescaleIntercept=-100,
        WindowCenter=3000,
        WindowWidth=5000,
    )
    grey = np.clip((2 * stored - 100 - 2999.5) / 4999 + 0.5, 0, 1)
    assert close(film, 1 - grey if photometric == "MONOCHROME1" else grey)


def test_negative_slope_turns_the_film(tmp_path: Path) -> None:
    film = read(tmp_path, photometric="MONOCHROME1", RescaleSlope=-1, RescaleIntercept=4095)
    assert film.inverted, "a rescale that undoes the photometric interpretation leaves bone dark"


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ExplicitVRBigEndian], ids=["little", "big"])
def test_modality_and_voi_tables(tmp_path: Path, syntax: Any) -> None:
    modality = np.arange(4096) // 2
    voi = np.round(np.sqrt(np.arange(2048) / 2047) * 4095)
    order = ">u2" if syntax == ExplicitVRBigEndian else "<u2"
    items = [lut_item(modality, depth=11), lut_item(voi, depth=12)]
    for item, data in zip(items, (modality, voi), strict=True):
        item.LUTData = data.astype(order).tobytes()
    film = read(tmp_path, syntax=syntax, ModalityLUTSequence=[items[0]], VOILUTSequence=[items[1]])
    assert close(film, voi[STORED.astype(int) // 2] / 4095)
    assert {"modality look-up table applied", "VOI look-up table applied"} <= set(pixel_steps(film.made_by))


def test_table_with_an_offset_is_extended_at_its_ends(tmp_path: Path) -> None:
    voi = np.linspace(0, 65535, 2000).round()
    film = read(tmp_path, VOILUTSequence=[lut_item(voi, first=500)])
    assert close(film, voi[np.clip(STORED.astype(int) - 500, 0, 1999)] / 65535)


def test_table_wins_over_the_window(tmp_path: Path) -> None:
    voi = np.arange(4096) * 16 + 15
    film = read(tmp_path, VOILUTSequence=[lut_item(voi)], WindowCenter=100, WindowWidth=10)
    assert "VOI look-up table applied" in pixel_steps(film.made_by)
    assert not any("window" in step for step in pixel_steps(film.made_by))


def test_broken_table_is_left_out_and_said(tmp_path: Path) -> None:
    broken = lut_item(np.zeros(4096))
    film = read(tmp_path, ModalityLUTSequence=[broken], VOILUTSequence=[broken])
    assert close(film, STORED / 4095)
    assert {"modality_lut", "voi_lut"} <= codes(film)


@pytest.mark.parametrize(("centre", "width"), [(2048, 0), (2048, -5), (90000, 100), (-9000, 1)])
def test_useless_window_is_left_out_and_said(tmp_path: Path, centre: int, width: int) -> None:
    film = read(tmp_path, WindowCenter=centre, WindowWidth=width)
    assert close(film, STORED / 4095)
    assert "window" in codes(film)


@pytest.mark.parametrize(("photometric", "shape"), [("MONOCHROME1", "INVERSE"), ("MONOCHROME2", "IDENTITY")])
def test_presentation_shape_does_not_invert_twice(tmp_path: Path, photometric: str, shape: str) -> None:
    film = read(tmp_path, photometric=photometric, PresentationLUTShape=shape)
    assert close(film, STORED / 4095)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_padding_is_black_and_outside_the_range(tmp_path: Path, photometric: str) -> None:
    padded = (FILM // 8).astype(np.uint16)
    padded[:, :30] = 65535 if photometric == "MONOCHROME2" else 0
    film = read_radiograph(
        write_dicom(tmp_path / "film.dcm", padded, photometric=photometric, PixelPaddingValue=4095, bits=12)
    )
    assert film.pixels[:, :30].max() == 0
    assert film.pixels[:, 40:].max() == 65535


def test_unused_high_bits_are_ignored(tmp_path: Path) -> None:
    path = write_dicom(tmp_path / "film.dcm", FILM)
    raw = bytearray(path.read_bytes())
    raw[-FILM.size * 2 + 1 :: 2] = bytes(value | 0xA0 for value in raw[-FILM.size * 2 + 1 :: 2])
    path.write_bytes(raw)
    assert close(read_radiograph(path), STORED / 4095)


def test_little_used_range_is_stretched(tmp_path: Path) -> None:
    film = read_radiograph(write_dicom(tmp_path / "film.dcm", FILM // 16, bits=16))
    assert (film.pixels.min(), film.pixels.max()) == (0, 65535)
    assert any(step.startswith("stretched") for step in pixel_steps(film.made_by))


def test_grey_looking_rgb_capture_is_read(tmp_path: Path) -> None:
    flat = quantise(FILM, 8)
    path = write_dicom(
        tmp_path / "film.dcm",
        FILM,
        bits=8,
        modality="SC",
        SamplesPerPixel=3,
        PlanarConfiguration=0,
        PhotometricInterpretation="RGB",
    )
    from pydicom import dcmread

    dataset = dcmread(path)
    dataset.PixelData = np.dstack([flat] * 3).tobytes()
    dataset.save_as(path)
    film = read_radiograph(path)
    assert close(film, flat / 255)
    assert "colour channels made grey" in pixel_steps(film.made_by)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(("centre", "width"), [(100, 200), (200, 100), (3900, 300), (700, 60)])
def test_a_window_that_hides_most_of_the_hand_is_left_out(
    tmp_path: Path, photometric: str, centre: int, width: int
) -> None:
    if photometric == "MONOCHROME1":
        centre = 4095 - centre
    film = read(tmp_path, photometric=photometric, WindowCenter=centre, WindowWidth=width)
    assert close(film, STORED / 4095)
    assert "window" in codes(film)
    assert not any(step.startswith("window") for step in pixel_steps(film.made_by))


def test_a_table_that_hides_most_of_the_hand_is_left_out(tmp_path: Path) -> None:
    black = np.where(np.arange(4096) < 3900, 0, np.arange(4096))
    film = read(tmp_path, VOILUTSequence=[lut_item(black, depth=12)])
    assert close(film, STORED / 4095)
    assert "voi_lut" in codes(film)


@pytest.mark.parametrize(("centre", "width"), [(2000, 3000), (2500, 2600), (1800, 1600)])
def test_a_window_that_cuts_a_little_is_used(tmp_path: Path, centre: int, width: int) -> None:
    assert codes(read(tmp_path, WindowCenter=centre, WindowWidth=width)) == set()
