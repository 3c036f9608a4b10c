"""Stored bits: whatever lies beside the film in its cells, however they are justified, in every syntax."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEG2000Lossless, JPEGExtended12Bit, JPEGLSLossless

from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.types import Radiograph
from bone_age_gui.wording.pixels import pixel_steps
from films import LOSSLESS_SYNTAXES, hand_like, quantise, write_cells, write_dicom

FILM = hand_like(200, 160)
RIGHT = "right-justified, although the file says otherwise"
every_syntax = pytest.mark.parametrize("syntax", LOSSLESS_SYNTAXES, ids=lambda syntax: syntax.keyword)


def overlay() -> np.ndarray:
    """A frame and a filled square, as 0 and 1."""
    plane = np.zeros(FILM.shape, np.uint16)
    plane[20:24, 20:140] = plane[130:180, 20:80] = 1
    return plane


def read(path: Path, cells: np.ndarray, syntax: UID = ExplicitVRLittleEndian, **tags: Any) -> Radiograph:
    return read_radiograph(write_cells(path / "film.dcm", cells, syntax, **tags))


def shows(film: Radiograph, bits: int) -> bool:
    """True if the film is the drawn one in so many bits."""
    drawn = np.round(quantise(FILM, bits) * (65535 / (2**bits - 1)))
    return film.bits == bits and bool(np.abs(film.pixels - drawn).max() <= 1)


@every_syntax
@pytest.mark.parametrize(("stored", "high"), [(12, 15), (12, 13), (10, 15), (10, 11), (8, 15), (14, 15)])
def test_the_film_lies_below_the_high_bit(tmp_path: Path, syntax: UID, stored: int, high: int) -> None:
    cells = quantise(FILM, stored).astype(np.uint16) << (high + 1 - stored)
    film = read(tmp_path, cells, syntax, BitsStored=stored, HighBit=high)
    assert shows(film, stored)
    assert f"left-justified: shifted by {high + 1 - stored} bits" in pixel_steps(film.made_by)


@every_syntax
@pytest.mark.parametrize(("stored", "high"), [(12, 15), (10, 15), (10, 11)])
def test_a_high_bit_that_the_values_contradict_is_not_believed(
    tmp_path: Path, syntax: UID, stored: int, high: int
) -> None:
    film = read(tmp_path, quantise(FILM, stored), syntax, BitsStored=stored, HighBit=high)
    assert shows(film, stored)
    assert RIGHT in pixel_steps(film.made_by)


@every_syntax
def test_left_justified_values_under_right_justified_tags(tmp_path: Path, syntax: UID) -> None:
    film = read(tmp_path, quantise(FILM, 12) << 4, syntax, BitsStored=12, HighBit=11)
    assert shows(film, 12)
    assert any(step.startswith("left-justified, although") for step in pixel_steps(film.made_by))


@every_syntax
def test_more_bits_than_the_file_says(tmp_path: Path, syntax: UID) -> None:
    assert shows(read(tmp_path, quantise(FILM, 12), syntax, BitsStored=10, HighBit=9), 12)


@every_syntax
@pytest.mark.parametrize("junk", ["overlay", "full overlay", "ones", "noise"])
@pytest.mark.parametrize("high", [11, 15])
def test_what_lies_above_the_film_is_dropped(tmp_path: Path, syntax: UID, junk: str, high: int) -> None:
    rng = np.random.default_rng(0)
    above = {
        "overlay": overlay(),
        "full overlay": overlay() * 15,
        "ones": np.full(FILM.shape, 15, np.uint16),
        "noise": np.where(rng.random(FILM.shape) < 0.1, rng.integers(0, 16, FILM.shape), 0).astype(np.uint16),
    }[junk]
    film = read(tmp_path, quantise(FILM, 12) | above << 12, syntax, BitsStored=12, HighBit=high)
    assert shows(film, 12)
    assert "bits beside the film dropped" in pixel_steps(film.made_by)


@every_syntax
@pytest.mark.parametrize("stored", [10, 12, 14])
def test_what_lies_below_the_film_is_dropped(tmp_path: Path, syntax: UID, stored: int) -> None:
    spare = 16 - stored
    cells = quantise(FILM, stored) << spare | overlay() * (2**spare - 1)
    assert shows(read(tmp_path, cells, syntax, BitsStored=stored, HighBit=15), stored)


@every_syntax
@pytest.mark.parametrize("stored", [9, 10, 12, 15])
@pytest.mark.parametrize("form", ["extended", "cut", "overlay", "left", "extended under a wrong high bit"])
def test_signed_values(tmp_path: Path, syntax: UID, stored: int, form: str) -> None:
    middle = 2 ** (stored - 1)
    signed = quantise(FILM, stored).astype(np.int16) - middle
    codes = signed.view(np.uint16)
    cut = codes & np.uint16(2**stored - 1)
    cells = {
        "extended": codes,
        "cut": cut,
        "overlay": cut | overlay() << stored,
        "left": codes << (16 - stored),
        "extended under a wrong high bit": codes,
    }[form]
    high = 15 if form in ("left", "extended under a wrong high bit") else stored - 1
    tags = {"BitsStored": stored, "HighBit": high, "PixelRepresentation": 1}
    film = read(tmp_path, cells, syntax, RescaleSlope=1, RescaleIntercept=middle, **tags)
    assert shows(film, stored)


@every_syntax
def test_signed_values_of_all_bits(tmp_path: Path, syntax: UID) -> None:
    cells = (FILM.astype(np.int32) - 32768).astype(np.int16)
    assert shows(read(tmp_path, cells, syntax, RescaleSlope=1, RescaleIntercept=32768), 16)


@every_syntax
@pytest.mark.parametrize("representation", [0, 1])
def test_signed_streams(tmp_path: Path, syntax: UID, representation: int) -> None:
    """The sign of a JPEG 2000 stream outranks the tag; other syntaxes have none."""
    if "2000" not in syntax.name and representation == 0:
        pytest.skip("only JPEG 2000 states a sign")
    cells = quantise(FILM, 12).astype(np.int16) - 2048
    tags = {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": representation}
    film = read(
        tmp_path, cells, syntax, RescaleSlope=1, RescaleIntercept=2048, WindowCenter=2048, WindowWidth=4096, **tags
    )
    assert np.abs(film.pixels - np.round(quantise(FILM, 12) * (65535 / 4095))).max() <= 1


@every_syntax
@pytest.mark.parametrize(("stored", "allocated"), [(8, 8), (6, 8), (7, 8)])
def test_films_of_one_byte(tmp_path: Path, syntax: UID, stored: int, allocated: int) -> None:
    cells = quantise(FILM, stored)
    spare = allocated - stored
    assert shows(read(tmp_path, cells, syntax, BitsStored=stored, HighBit=stored - 1), stored)
    if spare:
        assert shows(read(tmp_path, cells << spare, syntax, BitsStored=stored, HighBit=allocated - 1), stored)
        assert shows(read(tmp_path, cells | overlay().astype(np.uint8) << stored, syntax, BitsStored=stored), stored)


@pytest.mark.parametrize("syntax", [JPEGLSLossless, JPEG2000Lossless, JPEGExtended12Bit])
def test_the_precision_of_a_stream_outranks_the_high_bit(tmp_path: Path, syntax: UID) -> None:
    film = read_radiograph(write_dicom(tmp_path / "film.dcm", FILM, syntax=syntax, HighBit=15))
    assert film.bits == 12
    assert np.abs(film.pixels.astype(np.int32) - FILM).mean() < 400


@pytest.mark.parametrize(
    "tags", [{"BitsStored": 0}, {"BitsStored": 16, "HighBit": 3}, {"BitsStored": None}, {"HighBit": 99}]
)
def test_senseless_bits_are_taken_for_the_whole_cell(tmp_path: Path, tags: dict[str, Any]) -> None:
    assert shows(read(tmp_path, FILM, **tags), 16)


@every_syntax
def test_a_darker_stream_of_fewer_bits_keeps_its_scale(tmp_path: Path, syntax: UID) -> None:
    half = write_dicom(tmp_path / "film.dcm", FILM // 2, syntax=syntax)
    assert np.abs(read_radiograph(half).pixels.astype(np.int32) - FILM // 2).max() < 20


@pytest.mark.parametrize("signed", [False, True])
def test_padding_is_cut_like_the_values(tmp_path: Path, signed: bool) -> None:
    """65535, or -32768, marks the border of a film of 12 bits."""
    values = quantise(FILM // 2, 12).astype(np.int32) + 40 - 2048 * signed
    cells = values.astype(np.int16).view(np.uint16)
    cells[:, :30] = 0x8000 if signed else 0xFFFF
    tags = {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": int(signed)}
    padding = -32768 if signed else 65535
    film = read(tmp_path, cells, PixelPaddingValue=padding, **tags)
    assert film.pixels[:, :30].max() == 0 or signed


def saturated(bits: int) -> np.ndarray:
    """The film with its bones at the upper end of the range."""
    return np.minimum(quantise(FILM, 16).astype(np.int32) * 5 // 4, 65535).astype(np.uint16) >> (16 - bits)


@pytest.mark.parametrize("stored", [10, 11])
@pytest.mark.parametrize("signed", [False, True])
def test_a_lossy_codec_that_overshoots_leaves_no_specks(tmp_path: Path, stored: int, signed: bool) -> None:
    rng = np.random.default_rng(0)
    film = saturated(stored).astype(np.int32)
    overshot = film + np.where((film > 2**stored * 0.97) & (rng.random(film.shape) < 0.2), 30, 0)
    middle = 2 ** (stored - 1) * signed
    tags = {"BitsStored": stored, "HighBit": stored - 1, "PixelRepresentation": int(signed)}
    cells = (overshot - middle).astype(np.int16).view(np.uint16)
    made = read(tmp_path, cells, RescaleSlope=1, RescaleIntercept=middle, **tags)
    assert np.abs(made.pixels - film * (65535 / (2**stored - 1))).max() < 65535 * 40 / 2**stored
    assert "values beyond the range cut to it" in pixel_steps(made.made_by)


@pytest.mark.parametrize("bits", [10, 11])
def test_a_film_of_fewer_bits_in_a_jpeg_of_twelve(tmp_path: Path, bits: int) -> None:
    path = write_dicom(tmp_path / "film.dcm", FILM, bits=12, syntax=JPEGExtended12Bit)
    from pydicom import dcmread
    from pydicom.encaps import encapsulate

    dataset = dcmread(path)
    dataset.BitsStored, dataset.HighBit = bits, bits - 1
    stream = imagecodecs.jpeg8_encode(saturated(bits), 80, bitspersample=12)
    dataset.PixelData = encapsulate([bytes(stream)])
    dataset.save_as(path)
    film = read_radiograph(path)
    assert film.bits == bits
    assert np.abs(film.pixels - saturated(bits) * (65535 / (2**bits - 1))).max() < 65535 * 0.2


def test_an_overlay_in_a_dark_corner_is_no_overshoot(tmp_path: Path) -> None:
    corner = np.zeros_like(FILM)
    corner[2:8, 2:40:2] = 1
    film = read(tmp_path, quantise(FILM, 12) | corner << 12, BitsStored=12, HighBit=11)
    assert shows(film, 12)
