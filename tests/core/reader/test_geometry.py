"""Square pixels, planes and orientations: a film keeps its shape through every door."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import numpy as np
import pytest
from PIL import Image, TiffImagePlugin
from PIL.TiffImagePlugin import IFDRational
from pydicom import Dataset
from pydicom.uid import UID

from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.types import PixelSpacing, Radiograph
from bone_age_gui.wording.pixels import pixel_steps
from films import LOSSLESS_SYNTAXES, hand_like, quantise, write_dicom

FILM = hand_like(300, 240)
FLAT = quantise(FILM, 8)
TALL = cv2.resize(FILM, (240, 150), interpolation=cv2.INTER_AREA)
"""The film in pixels that are twice as high as wide."""
WIDE = cv2.resize(FILM, (120, 300), interpolation=cv2.INTER_AREA)
"""The film in pixels that are twice as wide as high."""


def shows_the_film(film: Radiograph, limit: float = 1200) -> bool:
    """True if the film has its shape and, resampled, its pixels."""
    return film.pixels.shape == FILM.shape and float(np.abs(film.pixels.astype(np.int32) - FILM).mean()) < limit


@pytest.mark.parametrize("syntax", LOSSLESS_SYNTAXES, ids=lambda syntax: syntax.keyword)
def test_oblong_pixels_in_every_syntax(tmp_path: Path, syntax: UID) -> None:
    film = read_radiograph(write_dicom(tmp_path / "film.dcm", TALL, syntax=syntax, PixelAspectRatio=[2, 1]))
    assert shows_the_film(film)
    steps = pixel_steps(film.made_by)
    assert any(step.startswith("pixels 2 times as high as wide: resampled to 240 x 300") for step in steps)


@pytest.mark.parametrize(
    ("tags", "spacing"),
    [
        ({"PixelAspectRatio": [2, 1]}, None),
        ({"PixelAspectRatio": [200, 100]}, None),
        ({"PixelSpacing": [0.2, 0.1]}, "patient"),
        ({"ImagerPixelSpacing": [0.2, 0.1]}, "detector"),
        ({"NominalScannedPixelSpacing": [0.2, 0.1]}, "detector"),
        ({"PixelSpacing": [0.2, 0.1], "PixelAspectRatio": [1, 1]}, "patient"),
    ],
)
def test_high_and_wide_pixels(tmp_path: Path, tags: dict[str, Any], spacing: str | None) -> None:
    tall = read_radiograph(write_dicom(tmp_path / "tall.dcm", TALL, **tags))
    wide = read_radiograph(
        write_dicom(tmp_path / "wide.dcm", WIDE, **{keyword: values[::-1] for keyword, values in tags.items()})
    )
    assert shows_the_film(tall)
    assert shows_the_film(wide)
    expected = None if spacing is None else PixelSpacing(0.1, 0.1, spacing)
    assert tall.spacing == wide.spacing == expected


@pytest.mark.parametrize(
    "tags",
    [
        {"PixelSpacing": [0.2, 0.2], "PixelAspectRatio": [2, 1]},
        {"PixelSpacing": [0.1001, 0.1]},
        {"PixelAspectRatio": [0, 1]},
        {"PixelAspectRatio": [-2, 1]},
        {"PixelAspectRatio": [1000, 1]},
        {"PixelAspectRatio": None},
    ],
)
def test_square_and_senseless_pixels_stay(tmp_path: Path, tags: dict[str, Any]) -> None:
    film = read_radiograph(write_dicom(tmp_path / "film.dcm", FILM, **tags))
    assert shows_the_film(film, 20)
    assert not any("resampled" in step for step in pixel_steps(film.made_by))


def test_a_film_at_the_limit_is_resampled_to_fewer_pixels(tmp_path: Path) -> None:
    path = write_dicom(tmp_path / "film.dcm", TALL, PixelSpacing=[0.2, 0.1])
    film = read_radiograph(path, max_pixels=TALL.size + 10)
    assert film.pixels.shape == (150, 120)
    assert film.spacing == PixelSpacing(0.2, 0.2, "patient")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def save(path: Path, pixels: np.ndarray, across: int, down: int) -> Path:
    """Write a picture with a resolution along its rows and columns."""
    image = Image.fromarray(quantise(pixels, 8))
    if path.suffix == ".tif":
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags[282], tags[283] = IFDRational(across), IFDRational(down)
        image.save(path, tiffinfo=tags)
    elif path.suffix == ".webp":
        exif = Image.Exif()
        exif[282], exif[283] = IFDRational(across), IFDRational(down)
        image.save(path, exif=exif, lossless=True)
    else:
        image.save(path, dpi=(across, down), quality=97)
    return path


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_resolution_of_a_picture(tmp_path: Path, suffix: str) -> None:
    assert shows_the_film(read_radiograph(save(tmp_path / f"tall{suffix}", TALL, 200, 100)))
    assert shows_the_film(read_radiograph(save(tmp_path / f"wide{suffix}", WIDE, 100, 200)))
    assert shows_the_film(read_radiograph(save(tmp_path / f"film{suffix}", FILM, 100, 100)), 400)


def test_resolution_without_a_unit(tmp_path: Path) -> None:
    png = save(tmp_path / "film.png", TALL, 100, 100).read_bytes()
    at = png.index(b"pHYs") - 4
    (tmp_path / "film.png").write_bytes(png[:at] + chunk(b"pHYs", struct.pack(">IIB", 2, 1, 0)) + png[at + 21 :])
    assert shows_the_film(read_radiograph(tmp_path / "film.png"))
    jpeg = save(tmp_path / "film.jpg", TALL, 100, 100).read_bytes()
    at = jpeg.index(b"JFIF\0") + 7
    (tmp_path / "film.jpg").write_bytes(jpeg[:at] + struct.pack(">BHH", 0, 2, 1) + jpeg[at + 5 :])
    assert shows_the_film(read_radiograph(tmp_path / "film.jpg"))


def test_resolution_of_a_jpeg_in_its_exif_alone(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[282], exif[283], exif[296] = IFDRational(200), IFDRational(100), 2
    stream = io.BytesIO()
    Image.fromarray(quantise(TALL, 8)).save(stream, "JPEG", exif=exif, quality=97)
    path = tmp_path / "film.jpg"
    path.write_bytes(stream.getvalue().replace(b"JFIF\0", b"XXXX\0"))
    assert shows_the_film(read_radiograph(path))


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_resolution_holds_for_the_stored_rows(tmp_path: Path, orientation: int) -> None:
    undo = {5: 5, 6: 2, 7: 6, 8: 4}
    turned = Image.fromarray(quantise(TALL, 8)).transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned.save(tmp_path / "film.png", exif=exif, dpi=(100, 200))
    assert shows_the_film(read_radiograph(tmp_path / "film.png"))


def tiff(pixels: np.ndarray, path: Path, **options: Any) -> Path:
    path.write_bytes(imagecodecs.tiff_encode(pixels, **options))
    return path


@pytest.mark.parametrize("compression", [None, "adobe_deflate", "lzw"])
@pytest.mark.parametrize("channels", ["grey", "grey and opacity", "rgb", "rgba"])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("planar", [False, True])
def test_planes_of_a_tiff(tmp_path: Path, compression: str | None, channels: str, bits: int, planar: bool) -> None:
    grey = quantise(FILM, bits)
    full = np.full_like(grey, 2**bits - 1)
    stack = {
        "grey": [grey],
        "grey and opacity": [grey, full],
        "rgb": [grey] * 3,
        "rgba": [grey] * 3 + [full],
    }[channels]
    path = write_tiff(tmp_path / "film.tif", stack, planar=planar, compression=compression)
    film = read_radiograph(path)
    assert film.pixels.shape == FILM.shape
    assert np.abs(film.pixels.astype(np.int32) - FILM).max() <= (257 if bits == 8 else 1)


def write_tiff(path: Path, stack: list[np.ndarray], *, planar: bool, compression: str | None) -> Path:
    """A little-endian TIFF of one strip for each plane, or one for all."""
    samples, bits = len(stack), 8 * stack[0].itemsize
    strips = [plane.astype(f"<u{bits // 8}").tobytes() for plane in stack]
    if not planar:
        strips = [np.dstack(stack).astype(f"<u{bits // 8}").tobytes()]
    code = {None: 1, "adobe_deflate": 8, "lzw": 5}[compression]
    if compression == "adobe_deflate":
        strips = [zlib.compress(strip) for strip in strips]
    elif compression == "lzw":
        strips = [bytes(imagecodecs.lzw_encode(strip)) for strip in strips]
    entries = [
        (256, 4, [stack[0].shape[1]]),
        (257, 4, [stack[0].shape[0]]),
        (258, 3, [bits] * samples),
        (259, 3, [code]),
        (262, 3, [2 if samples > 2 else 1]),
        (273, 4, [0] * len(strips)),
        (277, 3, [samples]),
        (278, 4, [stack[0].shape[0]]),
        (279, 4, [len(strip) for strip in strips]),
        (284, 3, [2 if planar else 1]),
        *([(338, 3, [2])] if samples in (2, 4) else []),
    ]
    data = bytearray(b"II*\0" + struct.pack("<I", 8))
    far = 8 + 2 + 12 * len(entries) + 4
    values_at, sizes = {}, {3: ("H", 2), 4: ("I", 4)}
    for tag, kind, values in entries:
        if len(values) * sizes[kind][1] > 4:
            values_at[tag] = far
            far += len(values) * sizes[kind][1]
    starts = list(np.cumsum([far, *(len(strip) for strip in strips)])[:-1])
    tail = bytearray()
    data += struct.pack("<H", len(entries))
    for tag, kind, values in entries:
        packed = struct.pack(f"<{len(values)}{sizes[kind][0]}", *(starts if tag == 273 else values))
        data += struct.pack("<HHI", tag, kind, len(values))
        data += struct.pack("<I", values_at[tag]) if tag in values_at else packed.ljust(4, b"\0")
        tail += packed if tag in values_at else b""
    path.write_bytes(data + bytes(4) + tail + b"".join(strips))
    return path


TURNED_BACK = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}


@pytest.mark.parametrize("orientation", TURNED_BACK)
@pytest.mark.parametrize("compression", [None, "jpeg", "tiff_lzw", "packbits", "tiff_adobe_deflate"])
@pytest.mark.parametrize("mode", ["L", "P", "RGB", "I;16", "CMYK", "YCbCr", "LA", "RGBA"])
def test_orientation_of_a_tiff_is_applied_once(
    tmp_path: Path, orientation: int, compression: str | None, mode: str
) -> None:
    if compression == "jpeg" and mode in ("P", "I;16"):
        pytest.skip("JPEG holds neither palettes nor 16 bits")
    image = Image.fromarray(FILM if mode == "I;16" else FLAT)
    image = (
        image
        if mode in ("L", "I;16")
        else image.convert("RGB").convert(mode)
        if mode in ("CMYK", "YCbCr")
        else image.convert(mode)
    )
    back = TURNED_BACK[orientation]
    stored = image if back is None else image.transpose(Image.Transpose(back))
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[274] = orientation
    stored.save(tmp_path / "film.tif", compression=compression, tiffinfo=tags)
    assert shows_the_film(read_radiograph(tmp_path / "film.tif"), 700)


def test_orientation_of_a_big_tiff(tmp_path: Path) -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[274] = 3
    Image.fromarray(np.rot90(FLAT, 2).copy()).convert("P").save(tmp_path / "film.tif", tiffinfo=tags, big_tiff=True)
    assert shows_the_film(read_radiograph(tmp_path / "film.tif"), 400)


@pytest.mark.parametrize("groups", ["SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"])
def test_oblong_pixels_stated_in_functional_groups(tmp_path: Path, groups: str) -> None:
    measures, group = Dataset(), Dataset()
    measures.PixelSpacing = [0.2, 0.1]
    group.PixelMeasuresSequence = [measures]
    film = read_radiograph(write_dicom(tmp_path / "film.dcm", TALL, **{groups: [group]}))
    assert shows_the_film(film)
    assert film.spacing == PixelSpacing(0.1, 0.1, "patient")
