"""TIFF files: their header, and their pixels by imagecodecs, which gives all 16 bits and is quiet about broken files.

libtiff turns and flips some pictures itself (palettes, JPEG, CMYK) and leaves others as they lie, and gives planes in
another order than pixels. Here every picture comes as it lies, of the size that its header states.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import imagecodecs
import numpy as np

from bone_age_gui.core.reader import refusals as refuse

WHITE_IS_ZERO = 0
WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, EXTRA_SAMPLES, SUBFILE = 256, 257, 258, 259, 262, 338, 254
SAMPLES = 277
_STRIPS, _TILES, _STRIP_BYTES, _TILE_BYTES = 273, 324, 279, 325
_TILE_WIDTH, _TILE_HEIGHT = 322, 323
_MOST_TILE = 1024
"""Pixels by which a tile may be longer than its picture."""
ORIENTATION, X_RESOLUTION, Y_RESOLUTION = 274, 282, 283
_PLAIN = (WHITE_IS_ZERO, 1, 2)
"""White is zero, black is zero, RGB: read as stored; palettes and the rest are made RGB by the decoder."""
_OPACITY, _JPEG = 2, 7
_SMALLER_COPY = 1
_FORMS = {1: "B", 3: "H", 4: "I", 5: "II", 16: "Q"}
"""Field types that are read: bytes, whole numbers of 2, 4 and 8 bytes, and fractions (TIFF 6.0, section 2)."""
_MOST_VALUES, _MOST_PAGES = 64, 64
_PLACES = (_STRIPS, _TILES, _STRIP_BYTES, _TILE_BYTES)
_MOST_PLACES = 1_000_000
_HEADER_BYTES = 8


@dataclass(frozen=True)
class TiffHeader:
    """The first directory: values by tag, where the orientation is written, and the number of pictures."""

    values: dict[int, tuple[float, ...]]
    orientation_at: int | None
    pictures: int
    order: str

    def number(self, tag: int, default: float) -> float:
        """The first value of a tag."""
        return self.values.get(tag, (default,))[0]


def read_header(content: bytes) -> TiffHeader:
    """Read the directories of a TIFF or BigTIFF file.

    Raises
    ------
    BoneAgeError
        ``truncated`` if the first directory is cut off or holds no size.
    """
    order = "<" if content[:2] == b"II" else ">"
    big = content[2:4] in (b"+\0", b"\0+")
    try:
        pages = list(_pages(content, order, big))
    except (struct.error, OverflowError):
        raise refuse.truncated() from None
    if not pages or WIDTH not in pages[0][0] or HEIGHT not in pages[0][0]:
        raise refuse.truncated()
    values, places = pages[0]
    smaller = sum(int(page.get(SUBFILE, (0,))[0]) & _SMALLER_COPY for page, _ in pages[1:])
    return TiffHeader(values, places.get(ORIENTATION), len(pages) - smaller, order)


_Page = tuple[dict[int, tuple[float, ...]], dict[int, int]]


def _pages(content: bytes, order: str, big: bool) -> Iterator[_Page]:
    """Values and their places by tag, directory after directory."""
    number, count_form, size = ("Q", "Q", 20) if big else ("I", "H", 12)
    (start,) = struct.unpack_from(order + number, content, 8 if big else 4)
    seen: set[int] = set()
    while start and start not in seen and len(seen) < _MOST_PAGES:
        seen.add(start)
        (count,) = struct.unpack_from(order + count_form, content, start)
        first = start + struct.calcsize(order + count_form)
        end = first + count * size
        values: dict[int, tuple[float, ...]] = {}
        places: dict[int, int] = {}
        for at in range(first, min(end, len(content) - size + 1), size):
            _read_entry(content, at, order, big, values, places)
        yield values, places
        if end + struct.calcsize(number) > len(content):  # the pixels say whether they are whole
            return
        (start,) = struct.unpack_from(order + number, content, end)


def _read_entry(
    content: bytes, at: int, order: str, big: bool, values: dict[int, tuple[float, ...]], places: dict[int, int]
) -> None:
    """Add one field; other types and values beyond the end of the file are left out."""
    number = "Q" if big else "I"
    tag, kind, count = struct.unpack_from(f"{order}HH{number}", content, at)
    form = _FORMS.get(kind)
    if form is None or count == 0:
        return
    count = min(count, _MOST_PLACES if tag in _PLACES else _MOST_VALUES)
    form = f"{order}{count * len(form)}{form[0]}"
    place = at + (12 if big else 8)
    if struct.calcsize(form) > struct.calcsize(number):
        (place,) = struct.unpack_from(order + number, content, place)
    if place + struct.calcsize(form) > len(content):
        return
    numbers = struct.unpack_from(form, content, place)
    if kind == 5:
        numbers = tuple(
            above / below if below else 0.0 for above, below in zip(numbers[::2], numbers[1::2], strict=True)
        )
    values[tag], places[tag] = numbers, place


def check_places(header: TiffHeader, content: bytes) -> None:
    """Refuse pixels outside the file, in its header or twice at one place, and tiles far larger than the picture.

    Raises ``BoneAgeError`` (``truncated``).
    """
    offsets = header.values.get(_STRIPS, ()) or header.values.get(_TILES, ())
    counts = header.values.get(_STRIP_BYTES, ()) or header.values.get(_TILE_BYTES, ())
    if not offsets or min(offsets) < _HEADER_BYTES or len(set(offsets)) < len(offsets):
        raise refuse.truncated()
    if any(at + count > len(content) for at, count in zip(offsets, counts, strict=False)):
        raise refuse.truncated()
    pieces = sorted(zip(offsets, counts, strict=False))
    if any(at + count > following for (at, count), (following, _) in pairwise(pieces)):
        raise refuse.truncated()
    for tile, side in ((_TILE_WIDTH, WIDTH), (_TILE_HEIGHT, HEIGHT)):
        if header.number(tile, 0) > _MOST_TILE + header.number(side, 0):
            raise refuse.truncated()


def decode_tiff(header: TiffHeader, content: bytes) -> np.ndarray:
    """The pixels of the first picture as they lie.

    Returns
    -------
    numpy.ndarray
        uint8 or uint16, shape (height, width) or (height, width, 2 to 4): grey and opacity, RGB, RGB and opacity.

    Raises
    ------
    BoneAgeError
        ``unsupported_syntax`` for other numbers or channels, ``truncated`` for pixels of another size.
    Exception
        Whatever imagecodecs raises for broken bytes.
    """
    plain = header.number(PHOTOMETRIC, 1) in _PLAIN and min(header.values.get(BITS, (1,))) >= 8
    pixels = imagecodecs.tiff_decode(_without_orientation(header, content), index=0, asrgb=not plain)
    if pixels.dtype not in (np.uint8, np.uint16):
        raise refuse.unsupported_numbers(str(pixels.dtype))
    size = (int(header.number(HEIGHT, 0)), int(header.number(WIDTH, 0)))
    if pixels.ndim == 3 and pixels.shape[:2] != size and pixels.shape[1:] == size:
        pixels = np.ascontiguousarray(np.moveaxis(pixels, 0, 2))  # stored in planes
    if pixels.shape[:2] != size or pixels.ndim > 3:
        raise refuse.truncated()
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        return pixels.reshape(size)
    if pixels.shape[2] > 4:
        raise refuse.unsupported_channels(pixels.shape[2])
    # The decoder gives the grey of a JPEG twice, in place of its opacity.
    doubled = pixels.shape[2] == 2 and header.number(COMPRESSION, 1) == _JPEG
    if pixels.shape[2] == 3 or (header.number(EXTRA_SAMPLES, _OPACITY) == _OPACITY and not doubled):
        return pixels
    # The extra channel is something else than opacity, or is already counted into the others.
    return pixels[..., 0] if pixels.shape[2] == 2 else pixels[..., :3]


def _without_orientation(header: TiffHeader, content: bytes) -> bytes:
    """The file with an orientation of 1, so that the decoder turns nothing."""
    at = header.orientation_at
    return content if at is None else content[:at] + struct.pack(header.order + "H", 1) + content[at + 2 :]
