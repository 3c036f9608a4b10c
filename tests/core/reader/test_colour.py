"""A grey film in colour channels: its channels say what they are, whatever the tags and markers say."""

from __future__ import annotations

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEGBaseline8Bit

from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.errors import BoneAgeError
from films import LOSSLESS_SYNTAXES, cells_stream, hand_like, quantise, write_cells

FILM = hand_like(200, 160)
FLAT = quantise(FILM, 8)
RGB = np.dstack([FLAT] * 3)
YBR = np.dstack([FLAT, np.full_like(FLAT, 128), np.full_like(FLAT, 128)])
COLOURED = np.dstack([FLAT, FLAT // 2, 255 - FLAT])
every_syntax = pytest.mark.parametrize("syntax", LOSSLESS_SYNTAXES, ids=lambda syntax: syntax.keyword)


def difference(path: Path) -> float:
    return float(np.abs(read_radiograph(path).pixels.astype(np.int32) - FLAT.astype(np.int32) * 257).max())


@every_syntax
@pytest.mark.parametrize("tag", ["RGB", "YBR_FULL"])
@pytest.mark.parametrize("channels", [RGB, YBR], ids=["rgb", "ybr"])
def test_grey_channels_under_any_tag(tmp_path: Path, syntax: UID, tag: str, channels: np.ndarray) -> None:
    path = write_cells(tmp_path / "film.dcm", channels, syntax, PhotometricInterpretation=tag)
    assert difference(path) <= 257


@pytest.mark.parametrize("tag", ["RGB", "YBR_FULL", "YBR_FULL_422"])
@pytest.mark.parametrize("marker", ["JFIF", "Adobe", None])
@pytest.mark.parametrize("channels", ["rgb", "ybr"])
def test_colour_jpeg_under_any_tag_and_marker(tmp_path: Path, tag: str, marker: str | None, channels: str) -> None:
    space = "RGB" if channels == "rgb" else "YCBCR"
    stream = bytes(imagecodecs.jpeg8_encode(RGB, 98, colorspace="RGB", outcolorspace=space))
    head = 4 + int.from_bytes(stream[4:6], "big")
    marks = {"JFIF": b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", "Adobe": b"\xff\xee\0\x0eAdobe\0d\0\0\0\0\0"}
    stream = stream[:2] + marks.get(marker or "", b"") + stream[head:]
    path = write_cells(tmp_path / "film.dcm", RGB, PhotometricInterpretation=tag)
    from pydicom import dcmread

    dataset = dcmread(path)
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    dataset.PixelData = encapsulate([stream])
    dataset.save_as(path)
    assert difference(path) < 15 * 257


@every_syntax
@pytest.mark.parametrize("tag", ["RGB", "YBR_FULL"])
def test_colour_is_refused_under_any_tag(tmp_path: Path, syntax: UID, tag: str) -> None:
    path = write_cells(tmp_path / "film.dcm", COLOURED, syntax, PhotometricInterpretation=tag)
    with pytest.raises(BoneAgeError) as caught:
        read_radiograph(path)
    assert caught.value.code == "colour"


@every_syntax
def test_sixteen_bit_channels(tmp_path: Path, syntax: UID) -> None:
    if "JPEG Lossless" in syntax.name:
        pytest.skip("no encoder of three channels of 16 bits")
    deep = np.dstack([FILM] * 3)
    film = read_radiograph(write_cells(tmp_path / "film.dcm", deep, syntax))
    assert np.abs(film.pixels.astype(np.int32) - FILM).max() <= 1


@pytest.mark.parametrize("bits", [8, 10, 12])
def test_channels_of_fewer_bits_fill_the_range(tmp_path: Path, bits: int) -> None:
    stored = quantise(FILM, bits)
    path = write_cells(tmp_path / "film.dcm", np.dstack([stored] * 3), BitsStored=bits, HighBit=bits - 1)
    assert np.abs(read_radiograph(path).pixels - stored * (65535 / (2**bits - 1))).max() <= 1


def test_channels_in_planes(tmp_path: Path) -> None:
    path = write_cells(tmp_path / "film.dcm", RGB, PlanarConfiguration=1)
    path.write_bytes(path.read_bytes().replace(RGB.tobytes(), RGB.transpose(2, 0, 1).tobytes()))
    assert difference(path) == 0


def test_halved_colour_channels(tmp_path: Path) -> None:
    pairs = FLAT.reshape(-1, 2)
    middle = np.full_like(pairs[:, :1], 128)
    path = write_cells(
        tmp_path / "film.dcm",
        RGB,
        PhotometricInterpretation="YBR_FULL_422",
        PixelData=np.hstack([pairs, middle, middle]).tobytes(),
    )
    assert difference(path) == 0


@every_syntax
def test_one_channel_is_grey_whatever_the_tags_say(tmp_path: Path, syntax: UID) -> None:
    path = write_cells(tmp_path / "film.dcm", FLAT, syntax, PhotometricInterpretation="RGB")
    assert difference(path) == 0


@every_syntax
def test_palette(tmp_path: Path, syntax: UID) -> None:
    """A palette that turns the film round, over cells with an overlay above the film."""
    inverse = np.linspace(65535, 0, 128).round().astype("<u2").tobytes()
    tables = {
        f"{colour}PaletteColorLookupTable{part}": value
        for colour in ("Red", "Green", "Blue")
        for part, value in (("Descriptor", [128, 0, 16]), ("Data", inverse))
    }
    cells = (127 - quantise(FILM, 7)) | (np.arange(FLAT.size).reshape(FLAT.shape) % 7 == 0).astype(np.uint8) << 7
    tags = {"BitsStored": 7, "HighBit": 6, "PhotometricInterpretation": "PALETTE COLOR"}
    path = write_cells(tmp_path / "film.dcm", cells, syntax, **tags, **tables)
    assert np.abs(read_radiograph(path).pixels - quantise(FILM, 7) * (65535 / 127)).max() <= 257


def test_a_stream_says_how_many_channels_it_has(tmp_path: Path) -> None:
    """Tags that say three channels over a grey stream, and the reverse."""
    grey = cells_stream(FLAT, LOSSLESS_SYNTAXES[-3])
    path = write_cells(tmp_path / "film.dcm", RGB, LOSSLESS_SYNTAXES[-3], PixelData=encapsulate([grey]))
    assert difference(path) == 0
    colour = cells_stream(RGB, LOSSLESS_SYNTAXES[-3])
    path = write_cells(tmp_path / "film.dcm", FLAT, LOSSLESS_SYNTAXES[-3], PixelData=encapsulate([colour]))
    assert difference(path) <= 257


def test_native_bytes_are_as_many_as_the_tags_say(tmp_path: Path) -> None:
    for surplus, code in ((b"\0" * 2, None), (b"\0" * 600, "truncated"), (FLAT.tobytes(), "truncated")):
        path = write_cells(tmp_path / "film.dcm", FLAT, ExplicitVRLittleEndian, PixelData=FLAT.tobytes() + surplus)
        if code is None:
            assert difference(path) == 0
            continue
        with pytest.raises(BoneAgeError) as caught:
            read_radiograph(path)
        assert caught.value.code == code
