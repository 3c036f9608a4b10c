"""TIFF files: their header, and their pixels by imagecodecs, which gives all 16 bits and is quiet about broken files.

libtiff turns and flips some pictures itself (palettes, JPEG, CMYK) and leaves others as they lie, and gives planes in
another order than pixels. Here every picture comes as it lies, of the size that its header states.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import imagecodecs
import numpy as np

from bone_age_gui.core.reader.raster import Raster
from bone_age_gui.core.reader.refusals import check_bytes, check_size, damaged_if_it_fails
from bone_age_gui.core.values.errors import BoneAgeError

_WHITE_IS_ZERO = 0
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _EXTRA_SAMPLES, _SUBFILE = 256, 257, 258, 259, 262, 338, 254
_SAMPLES = 277
_STRIPS, _TILES, _STRIP_BYTES, _TILE_BYTES = 273, 324, 279, 325
_TILE_WIDTH, _TILE_HEIGHT = 322, 323
_MOST_TILE = 1024
"""Pixels by which a tile may be longer than its picture."""
_ORIENTATION, _X_RESOLUTION, _Y_RESOLUTION = 274, 282, 283
_PLAIN = (_WHITE_IS_ZERO, 1, 2)
"""White is zero, black is zero, RGB: read as stored; palettes and the rest are made RGB by the decoder."""
_OPACITY, _JPEG = 2, 7
_DEFLATED = (8, 32946)
_SMALLER_COPY = 1
_FORMS = {1: "B", 3: "H", 4: "I", 5: "II", 16: "Q"}
"""Field types that are read: bytes, whole numbers of 2, 4 and 8 bytes, and fractions (TIFF 6.0, section 2)."""
_MOST_VALUES, _MOST_PAGES = 64, 64
_PLACES = (_STRIPS, _TILES, _STRIP_BYTES, _TILE_BYTES)
_MOST_PLACES = 1_000_000
_HEADER_BYTES = 8
_MOST_AT_ONCE = 2**22
_MOST_INFLATED = 8
"""Bytes for a pixel of the largest film: twice what is read of one, as tiles reach over its sides."""


@dataclass(frozen=True)
class _Header:
    """The first directory: values by tag, where the orientation is written, and the number of pictures."""

    values: dict[int, tuple[float, ...]]
    orientation_at: int | None
    pictures: int
    order: str

    def number(self, tag: int, default: float) -> float:
        """The first value of a tag."""
        return self.values.get(tag, (default,))[0]

    def pieces(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Where the strips or tiles begin, and how many bytes they have."""
        offsets = self.values.get(_STRIPS, ()) or self.values.get(_TILES, ())
        counts = self.values.get(_STRIP_BYTES, ()) or self.values.get(_TILE_BYTES, ())
        return tuple(map(int, offsets)), tuple(map(int, counts))


def read_tiff(content: bytes, max_pixels: int) -> Raster:
    """The picture of a TIFF or BigTIFF file, whose header is read here: Pillow knows too few kinds.

    ``max_pixels`` is checked before anything is decoded. Raises ``BoneAgeError``: ``truncated too_small too_large
    multi_frame unsupported_syntax``.
    """
    header = _read_header(content)
    width, height = int(header.number(_WIDTH, 0)), int(header.number(_HEIGHT, 0))
    check_size(width, height, max_pixels)
    if header.pictures > 1:
        raise BoneAgeError("multi_frame", frames=header.pictures)
    bits_each = header.values.get(_BITS, (1,))
    depth = int(max(bits_each) * max(len(bits_each), header.number(_SAMPLES, 1)))
    check_bytes(width, height, max(1, depth // 8), max_pixels)
    _check_places(header, content)
    with damaged_if_it_fails():
        _check_deflated(header, content, _MOST_INFLATED * max_pixels)
        cells = _decode(header, content)
    return Raster(
        cells=cells,
        bits=8 * cells.itemsize,
        syntax="TIFF",
        resolution=(header.number(_X_RESOLUTION, 1), header.number(_Y_RESOLUTION, 1)),
        orientation=int(header.number(_ORIENTATION, 1)),
        is_inverse=cells.ndim == 2 and header.number(_PHOTOMETRIC, 1) == _WHITE_IS_ZERO,
    )


def _read_header(content: bytes) -> _Header:
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
        raise BoneAgeError("truncated") from None
    if not pages or _WIDTH not in pages[0][0] or _HEIGHT not in pages[0][0]:
        raise BoneAgeError("truncated")
    values, places = pages[0]
    smaller = sum(int(page.get(_SUBFILE, (0,))[0]) & _SMALLER_COPY for page, _ in pages[1:])
    return _Header(values, places.get(_ORIENTATION), len(pages) - smaller, order)


_Page = tuple[dict[int, tuple[float, ...]], dict[int, int]]


def _pages(content: bytes, order: str, big: bool) -> Iterator[_Page]:
    """Values and their places by tag, directory after directory."""
    number, count_form, size = ("Q", "Q", 20) if big else ("I", "H", 12)
    (start,) = struct.unpack_from(order + number, content, 8 if big else 4)
    visited: set[int] = set()
    while start and start not in visited and len(visited) < _MOST_PAGES:
        visited.add(start)
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


def _check_places(header: _Header, content: bytes) -> None:
    """Refuse pixels outside the file, in its header or twice at one place, and tiles far larger than the picture.

    Raises ``BoneAgeError`` (``truncated``).
    """
    offsets, counts = header.pieces()
    if not offsets or min(offsets) < _HEADER_BYTES or len(set(offsets)) < len(offsets):
        raise BoneAgeError("truncated")
    if any(at + count > len(content) for at, count in zip(offsets, counts, strict=False)):
        raise BoneAgeError("truncated")
    pieces = sorted(zip(offsets, counts, strict=False))
    if any(at + count > following for (at, count), (following, _) in pairwise(pieces)):
        raise BoneAgeError("truncated")
    for tile, side in ((_TILE_WIDTH, _WIDTH), (_TILE_HEIGHT, _HEIGHT)):
        if header.number(tile, 0) > _MOST_TILE + header.number(side, 0):
            raise BoneAgeError("truncated")


def _check_deflated(header: _Header, content: bytes, most: int) -> None:
    """Have every deflated piece unpacked to its check sum: ``zlib.error`` where one is damaged, ``BoneAgeError``
    (``truncated``) where there are more than ``most`` bytes.

    The decoder leaves the pixels of a damaged piece as its memory was, and says nothing.
    """
    if header.number(_COMPRESSION, 1) not in _DEFLATED:
        return
    for at, count in zip(*header.pieces(), strict=False):
        unpack, packed = zlib.decompressobj(), content[at : at + count]
        while packed and not unpack.eof:
            most -= len(unpack.decompress(packed, _MOST_AT_ONCE))
            packed = unpack.unconsumed_tail
            if most < 0:
                raise BoneAgeError("truncated")


def _decode(header: _Header, content: bytes) -> np.ndarray:
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
    plain = header.number(_PHOTOMETRIC, 1) in _PLAIN and min(header.values.get(_BITS, (1,))) >= 8
    pixels = imagecodecs.tiff_decode(_without_orientation(header, content), index=0, asrgb=not plain)
    if pixels.dtype not in (np.uint8, np.uint16):
        raise BoneAgeError("unsupported_syntax", "numbers", kind=str(pixels.dtype))
    size = (int(header.number(_HEIGHT, 0)), int(header.number(_WIDTH, 0)))
    if pixels.ndim == 3 and pixels.shape[:2] != size and pixels.shape[1:] == size:
        pixels = np.ascontiguousarray(np.moveaxis(pixels, 0, 2))  # stored in planes
    if pixels.shape[:2] != size or pixels.ndim > 3:
        raise BoneAgeError("truncated")
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        return pixels.reshape(size)
    if pixels.shape[2] > 4:
        raise BoneAgeError("unsupported_syntax", "channels", channels=pixels.shape[2])
    # The decoder gives the grey of a JPEG twice, in place of its opacity.
    doubled = pixels.shape[2] == 2 and header.number(_COMPRESSION, 1) == _JPEG
    if pixels.shape[2] == 3 or (header.number(_EXTRA_SAMPLES, _OPACITY) == _OPACITY and not doubled):
        return pixels
    # The extra channel is something else than opacity, or is already counted into the others.
    return pixels[..., 0] if pixels.shape[2] == 2 else pixels[..., :3]


def _without_orientation(header: _Header, content: bytes) -> bytes:
    """The file with an orientation of 1, so that the decoder turns nothing."""
    at = header.orientation_at
    return content if at is None else content[:at] + struct.pack(header.order + "H", 1) + content[at + 2 :]
