"""Whole films with a fault beside the pixels are read; missing pixels are another matter (``test_refusals``)."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from pydicom import dcmread
from pydicom.encaps import generate_fragments
from pydicom.uid import UID

from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.errors import BoneAgeError
from films import LOSSLESS_SYNTAXES, LOSSY_SYNTAXES, NATIVE_SYNTAXES, hand_like, quantise, write_dicom, write_picture

FILM = hand_like(200, 160)
FLAT = quantise(FILM, 8)
ENCAPSULATED = [syntax for syntax in (*LOSSLESS_SYNTAXES, *LOSSY_SYNTAXES) if syntax not in NATIVE_SYNTAXES]
every_syntax = pytest.mark.parametrize("syntax", ENCAPSULATED, ids=lambda syntax: syntax.keyword)


def item(body: bytes) -> bytes:
    return b"\xfe\xff\x00\xe0" + struct.pack("<I", len(body)) + body


def frame_and_film(path: Path, syntax: UID) -> tuple[bytes, np.ndarray]:
    """Write a film; give its code stream and its pixels."""
    bits = 8 if syntax.keyword == "JPEGBaseline8Bit" else 12
    write_dicom(path, FILM, bits=bits, syntax=syntax)
    _, stream = generate_fragments(dcmread(path).PixelData)
    return stream, read_radiograph(path).pixels


def with_items(path: Path, items: bytes) -> Path:
    dataset = dcmread(path)
    dataset.PixelData = items
    dataset.save_as(path)
    return path


TABLES = {
    "empty": b"",
    "zero": struct.pack("<I", 0),
    "wrong": struct.pack("<I", 12345678),
    "for each fragment": struct.pack("<3I", 0, 108, 216),
    "of several frames": struct.pack("<5I", 0, 4, 8, 12, 16),
    "odd": b"\0\0\0\0\1\0",
}


@every_syntax
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("count", [1, 3])
def test_one_frame_needs_no_offset_table(tmp_path: Path, syntax: UID, table: str, count: int) -> None:
    stream, pixels = frame_and_film(tmp_path / "film.dcm", syntax)
    parts = [stream] if count == 1 else [stream[:100], stream[100:200], stream[200:]]
    path = with_items(tmp_path / "film.dcm", item(TABLES[table]) + b"".join(item(part) for part in parts))
    assert np.array_equal(read_radiograph(path).pixels, pixels)


@every_syntax
def test_fragments_without_a_table(tmp_path: Path, syntax: UID) -> None:
    stream, pixels = frame_and_film(tmp_path / "film.dcm", syntax)
    path = with_items(tmp_path / "film.dcm", item(stream))
    assert np.array_equal(read_radiograph(path).pixels, pixels)


@every_syntax
@pytest.mark.parametrize("padding", [b"\0\0", b"\0" * 5000, b"\xff" * 300, bytes(range(256)) * 4])
def test_what_lies_behind_the_end_of_the_stream(tmp_path: Path, syntax: UID, padding: bytes) -> None:
    stream, pixels = frame_and_film(tmp_path / "film.dcm", syntax)
    path = with_items(tmp_path / "film.dcm", item(b"") + item(stream + padding))
    assert np.array_equal(read_radiograph(path).pixels, pixels)
    path = with_items(tmp_path / "film.dcm", item(b"") + item(stream) + item(padding))
    assert np.array_equal(read_radiograph(path).pixels, pixels)


@every_syntax
def test_a_missing_fragment_is_no_side_matter(tmp_path: Path, syntax: UID) -> None:
    stream, _ = frame_and_film(tmp_path / "film.dcm", syntax)
    path = with_items(tmp_path / "film.dcm", item(b"") + item(stream[:-200]))
    with pytest.raises(BoneAgeError) as caught:
        read_radiograph(path)
    assert caught.value.code == "truncated"


@pytest.mark.parametrize("syntax", [syntax for syntax in ENCAPSULATED if "RLE" not in syntax.name])
def test_several_streams_are_several_pictures(tmp_path: Path, syntax: UID) -> None:
    stream, _ = frame_and_film(tmp_path / "film.dcm", syntax)
    path = with_items(tmp_path / "film.dcm", item(b"") + item(stream) + item(stream))
    with pytest.raises(BoneAgeError) as caught:
        read_radiograph(path)
    assert caught.value.code == "multi_frame"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def plain_png(path: Path, bits: int) -> bytes:
    return write_picture(path, FILM, bits=bits).read_bytes()


SIDE = [b"iCCP", b"tEXt", b"zTXt", b"iTXt", b"pHYs", b"eXIf", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"tIME", b"bKGD"]
SIDE += [b"hIST", b"sPLT", b"tRNS", b"PLTE", b"cICP", b"abCd", b"\xff\0x\x01"]


@pytest.mark.parametrize("kind", SIDE)
@pytest.mark.parametrize("fault", ["sum", "body", "long", "short", "huge", "empty"])
@pytest.mark.parametrize("bits", [8, 16])
def test_broken_side_chunk_of_a_png(tmp_path: Path, kind: bytes, fault: str, bits: int) -> None:
    data = plain_png(tmp_path / "film.png", bits)
    noise = bytes(np.random.default_rng(1).integers(0, 256, 60, np.uint8))
    whole = chunk(kind, noise)
    length = {"long": 90, "short": 20, "huge": 2**31 - 5}.get(fault, 60)
    side = {
        "sum": whole[:-1] + bytes([whole[-1] ^ 1]),
        "body": whole,
        "empty": chunk(kind, b""),
    }.get(fault, struct.pack(">I", length) + whole[4:])
    if kind == b"PLTE" and fault in ("long", "short", "huge"):
        pytest.skip("a palette makes pixels: its length is believed")
    path = tmp_path / "broken.png"
    path.write_bytes(data[:33] + side + data[33:])
    film = read_radiograph(path)
    assert np.array_equal(film.pixels, read_radiograph(tmp_path / "film.png").pixels)


def test_good_side_chunks_are_used(tmp_path: Path) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "bone-age-gui phantom")
    exif = Image.Exif()
    exif[0x0112] = 3
    Image.fromarray(np.rot90(FLAT, 2)).save(tmp_path / "film.png", pnginfo=text, exif=exif)
    film = read_radiograph(tmp_path / "film.png")
    assert film.is_phantom
    assert np.array_equal(film.pixels, FLAT.astype(np.uint16) * 257)


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".png"])
def test_broken_exif(tmp_path: Path, suffix: str) -> None:
    broken = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\xff\xff" * 20
    Image.fromarray(FLAT).save(tmp_path / f"film{suffix}", exif=broken, lossless=True)
    film = read_radiograph(tmp_path / f"film{suffix}")
    assert np.abs(film.pixels.astype(np.int32) - FILM).mean() < 600


@pytest.mark.parametrize("tag", [0x0112, 0x011A, 0x011B])
def test_exif_fraction_of_nothing(tmp_path: Path, tag: int) -> None:
    path = tmp_path / "film.jpg"
    Image.fromarray(FLAT).save(path)
    plain, data = read_radiograph(path).pixels, path.read_bytes()
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHII", tag, 5, 1, 26) + bytes(4) + struct.pack(">II", 1, 0)
    path.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:])
    assert np.array_equal(read_radiograph(path).pixels, plain)


def test_damaged_pixels_of_a_png_are_no_side_matter(tmp_path: Path) -> None:
    data = bytearray(plain_png(tmp_path / "film.png", 8))
    data[data.index(b"IDAT") + 300] ^= 4
    (tmp_path / "film.png").write_bytes(data)
    with pytest.raises(BoneAgeError) as caught:
        read_radiograph(tmp_path / "film.png")
    assert caught.value.code == "truncated"


@pytest.mark.parametrize(
    "segment",
    [
        b"\xff\xee\x00\x05Ado",
        b"\xff\xe0\x00\x04JF",
        b"\xff\xe2\x00\x0eICC_PROFILE\x00",
        b"\xff\xe2\x00\x0cMPF\x00broken",
        b"\xff\xe1\x00\x0aExif\0\0II",
        b"\xff\xfe\x00\x02",
    ],
    ids=["short Adobe", "short JFIF", "empty profile", "broken index of pictures", "short EXIF", "empty comment"],
)
def test_a_jpeg_with_a_broken_side_segment_is_read(tmp_path: Path, segment: bytes) -> None:
    whole = write_picture(tmp_path / "film.jpg", FILM)
    data = whole.read_bytes()
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(data[:2] + segment + data[2:])
    assert np.array_equal(read_radiograph(broken).pixels, read_radiograph(whole).pixels)


def test_a_png_with_a_broken_count_of_pictures_is_one_picture(tmp_path: Path) -> None:
    whole = write_picture(tmp_path / "film.png", FILM)
    data = whole.read_bytes()
    chunk = struct.pack(">I", 8) + b"acTL" + struct.pack(">II", 1, 0) + b"\0\0\0\0"  # a wrong check sum
    broken = tmp_path / "broken.png"
    broken.write_bytes(data[:33] + chunk + data[33:])
    assert np.array_equal(read_radiograph(broken).pixels, read_radiograph(whole).pixels)


def test_a_jpeg_2000_stream_may_lie_behind_long_boxes(tmp_path: Path) -> None:
    syntax = next(syntax for syntax in LOSSLESS_SYNTAXES if syntax.keyword == "JPEG2000Lossless")
    _, pixels = frame_and_film(tmp_path / "film.dcm", syntax)
    stored = dcmread(tmp_path / "film.dcm").pixel_array
    jp2 = bytes(imagecodecs.jpeg2k_encode(stored, codecformat="jp2", reversible=True, bitspersample=12))
    at = jp2.index(b"jp2c") - 4
    wrapped = jp2[:at] + struct.pack(">I4s", 8 + 9000, b"free") + bytes(9000) + jp2[at:]
    wrapped += b"\0" * (len(wrapped) % 2)
    path = with_items(tmp_path / "film.dcm", item(b"") + item(wrapped) + b"\xfe\xff\xdd\xe0\0\0\0\0")
    assert np.array_equal(read_radiograph(path).pixels, pixels)
