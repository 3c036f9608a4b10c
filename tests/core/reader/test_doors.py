"""One film through every door gives the same pixels."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from pydicom.uid import UID, JPEGBaseline8Bit, JPEGExtended12Bit

from bone_age_gui.core.reader.read import is_dicom, read_radiograph
from bone_age_gui.wording.pixels import pixel_steps
from films import LOSSLESS_SYNTAXES, LOSSY_SYNTAXES, hand_like, quantise, write_dicom, write_picture

FILM = hand_like(300, 240)


def difference(pixels: np.ndarray, film: np.ndarray = FILM) -> int:
    """The largest difference to the drawn film."""
    return int(np.abs(pixels.astype(np.int32) - film).max())


def as_bits(bits: int) -> np.ndarray:
    """The drawn film as ``bits`` can hold it, back on 0 to 65535."""
    return np.round(quantise(FILM, bits) * (65535 / (2**bits - 1))).astype(np.uint16)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("bits", [8, 10, 12, 16])
@pytest.mark.parametrize("syntax", LOSSLESS_SYNTAXES, ids=lambda syntax: syntax.keyword)
def test_lossless_dicom_is_exact(tmp_path: Path, syntax: UID, bits: int, photometric: str) -> None:
    path = write_dicom(tmp_path / "film.dcm", FILM, bits=bits, syntax=syntax, photometric=photometric)
    film = read_radiograph(path)
    assert difference(film.pixels, as_bits(bits)) <= 1
    assert film.pixels.dtype == np.uint16
    assert not film.pixels.flags.writeable
    assert (film.bits, film.inverted, film.source, film.path) == (bits, False, "dicom", path)
    assert is_dicom(path)


@pytest.mark.parametrize("syntax", LOSSLESS_SYNTAXES, ids=lambda syntax: syntax.keyword)
def test_signed_values_are_the_same_film(tmp_path: Path, syntax: UID) -> None:
    film = read_radiograph(write_dicom(tmp_path / "film.dcm", FILM, syntax=syntax, signed=True))
    assert difference(film.pixels, as_bits(12)) <= 1


@pytest.mark.parametrize("syntax", LOSSY_SYNTAXES, ids=lambda syntax: syntax.keyword)
def test_lossy_dicom_is_close(tmp_path: Path, syntax: UID) -> None:
    bits = 8 if syntax == JPEGBaseline8Bit else 12
    film = read_radiograph(write_dicom(tmp_path / "film.dcm", FILM, bits=bits, syntax=syntax))
    assert np.abs(film.pixels.astype(np.int32) - FILM).mean() < 400


def test_twelve_bit_jpeg_keeps_its_depth(tmp_path: Path) -> None:
    film = read_radiograph(write_dicom(tmp_path / "film.dcm", FILM, bits=12, syntax=JPEGExtended12Bit))
    assert film.bits == 12
    assert np.unique(film.pixels).size > 256


@pytest.mark.parametrize(("suffix", "bits"), [(".png", 8), (".png", 16), (".tif", 8), (".tiff", 16)])
def test_lossless_pictures_are_exact(tmp_path: Path, suffix: str, bits: int) -> None:
    film = read_radiograph(write_picture(tmp_path / f"film{suffix}", FILM, bits=bits))
    assert difference(film.pixels, as_bits(bits)) == 0
    assert (film.bits, film.source, film.modality, film.spacing) == (bits, "picture", None, None)


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_lossy_pictures_are_close(tmp_path: Path, suffix: str) -> None:
    film = read_radiograph(write_picture(tmp_path / f"film{suffix}", FILM))
    assert np.abs(film.pixels.astype(np.int32) - FILM).mean() < 600


def test_content_decides_not_the_suffix(tmp_path: Path) -> None:
    dicom = write_dicom(tmp_path / "film.dcm", FILM).rename(tmp_path / "film.png")
    picture = write_picture(tmp_path / "other.png", FILM).rename(tmp_path / "other.dcm")
    assert is_dicom(dicom)
    assert not is_dicom(picture)
    assert difference(read_radiograph(dicom).pixels) < 20
    assert read_radiograph(picture).source == "picture"


def test_dicom_without_preamble(tmp_path: Path) -> None:
    whole = write_dicom(tmp_path / "film.dcm", FILM)
    bare = tmp_path / "bare"
    bare.write_bytes(whole.read_bytes()[132:])
    assert is_dicom(bare)
    assert difference(read_radiograph(bare).pixels) < 20


def test_dicom_with_a_tiff_head_in_its_preamble(tmp_path: Path) -> None:
    path = write_dicom(tmp_path / "film.dcm", FILM)
    path.write_bytes(b"II*\0" + path.read_bytes()[4:])
    assert read_radiograph(path).source == "dicom"


def test_twelve_bits_in_a_sixteen_bit_picture_fill_the_range(tmp_path: Path) -> None:
    path = tmp_path / "film.png"
    cv2.imwrite(str(path), FILM >> 4)
    film = read_radiograph(path)
    assert (film.pixels.min(), film.pixels.max()) == (0, 65535)
    assert any("stretched" in step for step in pixel_steps(film.made_by))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_exif_orientation_is_undone(tmp_path: Path, suffix: str, orientation: int) -> None:
    upright = Image.fromarray((FILM >> 8).astype(np.uint8))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"film{suffix}"
    stored.save(path, exif=exif, **({"lossless": True} if suffix == ".webp" else {"quality": 95}))
    film = read_radiograph(path)
    assert film.pixels.shape == FILM.shape
    assert np.abs(film.pixels.astype(np.int32) - FILM).mean() < 400


def colour_variants() -> dict[str, np.ndarray]:
    """Grey films in colour clothes, as OpenCV writes them."""
    deep, flat = FILM, (FILM >> 8).astype(np.uint8)
    clear = np.full_like(deep, 65535)
    return {
        "rgb8.png": np.dstack([flat] * 3),
        "rgb16.png": np.dstack([deep] * 3),
        "rgba16.png": np.dstack([deep] * 3 + [clear]),
        "rgb16.tif": np.dstack([deep] * 3),
        "rgb8.jpg": np.dstack([flat] * 3),
        "rgb8.webp": np.dstack([flat] * 3),
    }


@pytest.mark.parametrize("name", colour_variants())
def test_grey_looking_colour_is_read(tmp_path: Path, name: str) -> None:
    cv2.imwrite(str(tmp_path / name), colour_variants()[name])
    film = read_radiograph(tmp_path / name)
    limit = 0 if "16" in name else 255
    assert np.median(np.abs(film.pixels.astype(np.int32) - FILM)) <= limit
    assert film.bits == (16 if "16" in name else 8)


@pytest.mark.parametrize("mode", ["LA", "P", "RGBA", "CMYK"])
def test_other_modes_are_read(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("film.tif" if mode == "CMYK" else "film.png")
    Image.fromarray((FILM >> 8).astype(np.uint8)).convert("RGB" if mode == "CMYK" else "L").convert(mode).save(path)
    assert difference(read_radiograph(path).pixels) < 600


@pytest.mark.parametrize("bits", [8, 16])
def test_white_is_zero_tiff(tmp_path: Path, bits: int) -> None:
    path = tmp_path / "film.tif"
    negative = quantise(65535 - FILM, bits)
    Image.fromarray(negative).save(path)
    photometric = b"\x06\x01\x03\x00\x01\x00\x00\x00"
    raw = path.read_bytes()
    assert raw.count(photometric + b"\x01") == 1
    path.write_bytes(raw.replace(photometric + b"\x01", photometric + b"\x00"))
    film = read_radiograph(path)
    assert not film.inverted
    assert difference(film.pixels, as_bits(bits)) <= 1


def test_transparent_parts_become_black(tmp_path: Path) -> None:
    flat = (FILM >> 8).astype(np.uint8)
    alpha = np.full_like(flat, 255)
    alpha[:40] = 0
    Image.fromarray(np.dstack([flat, alpha]), "LA").save(tmp_path / "film.png")
    film = read_radiograph(tmp_path / "film.png")
    assert film.pixels[:40].max() == 0
    assert difference(film.pixels[40:], FILM[40:]) < 257
