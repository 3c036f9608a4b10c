"""PNG pictures whose packed data lack rows, and TIFF pictures whose pieces lie on each other: decoders say nothing."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.errors import BoneAgeError
from films import hand_like, write_picture

FILM = hand_like(300, 240)


def outcome(path: Path, max_pixels: int = 60_000_000) -> str:
    """``whole`` or the code of the refusal."""
    try:
        film = read_radiograph(path, max_pixels=max_pixels)
    except BoneAgeError as error:
        return error.code
    assert "perhaps_damaged" not in {notice.code for notice in film.notices}
    return "whole"


def png_of(film: np.ndarray, rows: int, interlaced: bool = False) -> bytes:
    """A PNG picture of 8 or 16 bits, grey or RGB, whose packed data are whole but hold so many rows only."""
    channels = 1 if film.ndim == 2 else film.shape[2]
    bits = 8 * film.itemsize
    header = struct.pack(">IIBBBBB", film.shape[1], film.shape[0], bits, 0 if channels == 1 else 2, 0, 0, interlaced)
    passes = [film]
    if interlaced:
        steps = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
        passes = [film[y::down, x::across] for x, y, across, down in steps]
    lines = [b"\0" + row.astype(f">u{film.itemsize}").tobytes() for each in passes for row in each]
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(lines[:rows]))), (b"IEND", b""))
    packed = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("kind", ["grey", "colour", "interlaced"])
def test_a_png_picture_whose_packed_data_lack_rows_is_refused(tmp_path: Path, bits: int, kind: str) -> None:
    film = FILM if bits == 16 else (FILM >> 8).astype(np.uint8)
    film = np.dstack([film] * 3) if kind == "colour" else film
    path = tmp_path / "film.png"
    path.write_bytes(png_of(film, 10_000, kind == "interlaced"))
    assert outcome(path) == "whole"
    black = film.copy()
    black[200:] = 0
    path.write_bytes(png_of(black, 10_000, kind == "interlaced"))
    assert outcome(path) == "whole"
    for rows in (150, 299):
        path.write_bytes(png_of(film, rows, kind == "interlaced"))
        assert outcome(path) == "truncated", rows


def test_a_png_picture_with_a_broken_or_missing_piece_of_its_pixels_is_refused(tmp_path: Path) -> None:
    """The last piece as well, of which a decoder asks no check sum when it has rows enough."""
    path = write_picture(tmp_path / "film.png", FILM, bits=8)
    whole = path.read_bytes()
    last = whole.rfind(b"IDAT")
    assert whole.count(b"IDAT") > 2
    for start, stop in ((last + 3000, last + 7000), (last - 6000, last + 100), (last - 4, last + 4)):
        path.write_bytes(whole[:start] + bytes(stop - start) + whole[stop:])
        assert outcome(path) == "truncated", start


def tiff_of(offsets: list[int], content: bytes, **tags: int) -> bytes:
    """A TIFF picture of 200 by 100 pixels in 100 strips; a tag ``t322`` is that number's."""
    lengths = [200] * len(offsets)
    fields = {256: [200], 257: [100], 258: [8], 259: [1], 262: [1], 273: offsets, 277: [1], 278: [1], 279: lengths}
    fields |= {int(name[1:]): [value] for name, value in tags.items()}
    behind = 8 + len(content) + 2 + 12 * len(fields) + 4
    entries, tail = b"", b""
    for tag, values in sorted(fields.items()):
        raw = struct.pack(f"<{len(values)}I", *values)
        place = raw if len(values) == 1 else struct.pack("<I", behind + len(tail))
        tail += b"" if len(values) == 1 else raw
        entries += struct.pack("<HHI", tag, 4, len(values)) + place
    return (
        b"II*\0"
        + struct.pack("<I", 8 + len(content))
        + content
        + struct.pack("<H", len(fields))
        + entries
        + bytes(4)
        + tail
    )


def test_strips_that_lie_on_each_other_and_tiles_beyond_the_picture_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.tif"
    content = (FILM[:100, :200] >> 8).astype(np.uint8).tobytes()
    apart = [8 + 200 * row for row in range(100)]
    path.write_bytes(tiff_of(apart, content))
    assert outcome(path) == "whole"
    for offsets in ([8 + row for row in range(100)], [*apart[:50], *(at + 1 for at in apart[:50])]):
        path.write_bytes(tiff_of(offsets, content))
        assert outcome(path) == "truncated"
    path.write_bytes(tiff_of(apart, content, t322=65520, t323=65520))
    assert outcome(path) == "truncated"


@pytest.mark.parametrize("compression", ["tiff_adobe_deflate", "tiff_deflate"])
def test_a_deflated_tiff_picture_with_a_wrong_bit_is_refused(tmp_path: Path, compression: str) -> None:
    """Its decoder leaves pixels behind the bit as the memory was, which may be those of another film."""
    path = tmp_path / "film.tif"
    for rows in (16, 300):
        Image.fromarray((FILM >> 8).astype(np.uint8)).save(path, compression=compression, tiffinfo={278: rows})
        whole = path.read_bytes()
        assert outcome(path) == "whole"
        for at in range(2000, len(whole) - 2000, len(whole) // 20):
            path.write_bytes(whole[:at] + bytes((whole[at] ^ 4,)) + whole[at + 1 :])
            assert outcome(path) == "truncated", (rows, at)


def test_a_deflated_tiff_picture_that_grows_beyond_any_film_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.tif"
    film = (FILM[:100, :200] >> 8).astype(np.uint8).tobytes()
    for surplus, expected in ((1000, "whole"), (10_000_000, "truncated")):
        packed = zlib.compress(film + bytes(surplus))
        path.write_bytes(tiff_of([8], packed, t259=8, t278=100, t279=len(packed)))
        assert outcome(path, max_pixels=20_000) == expected
