"""JPEG 2000 and HTJ2K code streams: their header, their end, and their decoding with a look at every code block.

OpenJPEG decodes whatever a broken code block holds and says nothing. But where the stream promises that its blocks end
predictably (ISO/IEC 15444-1, D.4.2), it warns of each that used more or fewer bytes than it has. The promise changes no
pixel, encoders keep it by the way they end a block, and a block of other bytes breaks it: so it is made for them.
"""

from __future__ import annotations

import logging
import math
import re
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import imagecodecs
import numpy as np

from bone_age_gui.core.reader.raster import StreamHeader
from bone_age_gui.core.values.errors import BoneAgeError

END = b"\xff\xd9"
_START = b"\xff\x4f\xff\x51"
_BOXES = b"\x00\x00\x00\x0cjP  "
_SIZE, _STYLE, _TILE_PART = 0x51, 0x52, 0x90
_PREDICTABLE, _LAZY, _HIGH_THROUGHPUT = 0x10, 0x01, 0x40
"""Bits of the style of code blocks (table A.19, and ISO/IEC 15444-15)."""
_BROKEN_BLOCK = re.compile(r"PTERM check failure: (\d+)")
_SPARE_BYTES = 16
"""By so many bytes may a block be off its end: whole films of several writers were off by 9 at most."""
_MOST_LEVELS = 15
_MOST_PIECES = 1_000_000
"""Tiles with their levels, precincts, code blocks and packets each: a film of 60 million pixels has 240,000 blocks of
16 x 16."""
_listening = threading.Lock()
# The decoder's words are for us alone: they reach no other handler, and none is there but while it decodes.
_log = logging.getLogger("imagecodecs")
_log.setLevel(logging.WARNING)
_log.propagate = False
_log.addHandler(logging.NullHandler())


@dataclass(frozen=True)
class _Outline:
    """SIZ and COD, as far as they say how much there is to decode. Sizes in pixels; ``style_at`` is a position."""

    size: tuple[int, int]
    tile: tuple[int, int]
    tiles: int
    components: int
    style_at: int
    layers: int
    levels: int
    block: tuple[int, int]
    style: int
    precincts: tuple[tuple[int, int], ...]


def begins(stream: bytes) -> bool:
    """True for a code stream, and for a JP2 file that holds one."""
    return stream.startswith((_START, _BOXES))


def code_stream(stream: bytes) -> bytes | None:
    """The code stream without the boxes of a JP2 file around it (annex I); ``None`` if there is none.

    Another box may hold what looks like one.
    """
    at = 0
    while stream.startswith(_BOXES) and at + 8 <= len(stream):
        length, kind = int.from_bytes(stream[at : at + 4], "big"), stream[at + 4 : at + 8]
        head = 8
        if length == 1:
            length, head = int.from_bytes(stream[at + 8 : at + 16], "big"), 16
        if kind == b"jp2c":
            inside = stream[at + head :] if length == 0 else stream[at + head : at + length]
            return inside if inside.startswith(_START) else None
        if length < head:
            return None
        at += length
    start = -1 if at else stream.find(_START)
    return stream[start:] if start >= 0 else None


def read_header(stream: bytes) -> StreamHeader | None:
    """The SIZ segment (A.5.1) of a bare code stream."""
    if len(stream) < 44:
        return None
    right, bottom, left, top = struct.unpack_from(">4I", stream, 8)
    components, depth = struct.unpack_from(">HB", stream, 40)
    return StreamHeader(bottom - top, right - left, (depth & 0x7F) + 1, components, bool(depth & 0x80))


def whole_stream(stream: bytes) -> bytes | None:
    """A bare code stream up to its end marker, or to the end of its last tile-part: some writers leave the marker out.

    ``None`` if it ends too early, or if a tile or one of the parts of a tile that are stated is not there.
    """
    outline = _outline(stream)
    at = next((place for marker, place in _segments(stream) if marker == _TILE_PART), None)
    if outline is None or at is None:
        return None
    parts: dict[int, int] = {}
    stated: dict[int, int] = {}
    while stream[at : at + 4] == b"\xff\x90\x00\x0a" and at + 12 <= len(stream):
        tile, length, _, count = struct.unpack_from(">HIBB", stream, at + 4)
        parts[tile] = parts.get(tile, 0) + 1
        stated[tile] = max(stated.get(tile, 0), count)
        if length == 0:  # the last tile-part, up to the end marker
            length = stream.rfind(END) - at
        if length < 14:
            return None
        at += length
    if at > len(stream) or len(parts) != outline.tiles or any(parts[tile] < stated[tile] for tile in parts):
        return None
    return stream[: at + 2] if stream[at : at + 2] == END else stream[:at]


def check(stream: bytes) -> None:
    """Refuse a bare code stream that is made of far more pieces than any film.

    Raises
    ------
    BoneAgeError
        ``truncated`` for a broken header, ``excessive``.
    """
    outline = _outline(stream)
    if outline is None:
        raise BoneAgeError("truncated")
    pieces = _pieces(outline)
    if outline.levels > _MOST_LEVELS:
        raise BoneAgeError("excessive", "levels", levels=outline.levels)
    if pieces > _MOST_PIECES:
        raise BoneAgeError("excessive", "pieces", pieces=pieces)


def decode(stream: bytes, threads: int) -> tuple[np.ndarray, bool]:
    """Decode a whole bare code stream.

    Returns
    -------
    cells : numpy.ndarray
        Shape (rows, columns) or (rows, columns, components), 8 or 16 bits, signed where the stream is.
    is_doubtful : bool
        True if a code block did not end where it should.

    Raises
    ------
    MemoryError
        Where there is too little.
    Exception
        Whatever imagecodecs raises for a broken code stream.
    """
    outline = _outline(stream)
    style = outline.style if outline is not None else 0
    if style & _HIGH_THROUGHPUT:
        return _decode_high_throughput(stream, threads)
    # Raw passes of the lazy mode end in other ways.
    strict = stream if outline is None or style & _LAZY else _promising(stream, outline)
    cells, warnings = _decode_and_listen(strict, threads)
    return cells, any(int(number) > _SPARE_BYTES for number in _BROKEN_BLOCK.findall(warnings))


def _promising(stream: bytes, outline: _Outline) -> bytes:
    """The code stream with blocks that are said to end predictably."""
    at = outline.style_at
    return stream[:at] + bytes((outline.style | _PREDICTABLE,)) + stream[at + 1 :]


class _Listener(logging.Handler):
    """Keeps what a decoder says, from whichever of its threads."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def _decode_and_listen(stream: bytes, threads: int) -> tuple[np.ndarray, str]:
    """Pixels, and what the decoder says of them."""
    listener = _Listener()
    with _listening:
        _log.addHandler(listener)
        try:
            cells = imagecodecs.jpeg2k_decode(stream, verbose=2, numthreads=threads)
        except Exception as error:
            if any("memory" in line.lower() for line in listener.said):
                raise MemoryError from error
            raise
        finally:
            _log.removeHandler(listener)
    return cells, "\n".join(listener.said)


def _decode_high_throughput(stream: bytes, threads: int) -> tuple[np.ndarray, bool]:
    """Pixels by OpenJPEG, in doubt where OpenJPH makes others of them: they agree on whole films alone."""
    cells, _ = _decode_and_listen(stream, threads)
    try:
        other = imagecodecs.htj2k_decode(stream)
    except MemoryError:
        raise
    except Exception:
        return cells, True
    if other.shape != cells.shape:
        return cells, True
    return cells, bool(np.abs(cells.astype(np.int32) - other).max() > 1)


def _segments(stream: bytes) -> Iterator[tuple[int, int]]:
    """Marker and position of every segment of the main header, and of the first tile-part behind it."""
    at = 2
    while at + 4 <= len(stream) and stream[at] == 0xFF:
        yield stream[at + 1], at
        if stream[at + 1] == _TILE_PART:
            return
        at += 2 + int.from_bytes(stream[at + 2 : at + 4], "big")


def _outline(stream: bytes) -> _Outline | None:
    """SIZ and COD (A.5.1, A.6.1); ``None`` where one is missing or states nothing."""
    places = dict(_segments(stream))
    if _SIZE not in places or _STYLE not in places or len(stream) < places[_STYLE] + 14:
        return None
    right, bottom, left, top, wide, high, across, down, components = struct.unpack_from(">8IH", stream, 8)
    at = places[_STYLE]
    scheme, _, layers, _, levels, block_x, block_y, style = struct.unpack_from(">BBHBBBBB", stream, at + 4)
    if not (wide and high and right > max(left, across) and bottom > max(top, down)):
        return None
    sizes = stream[at + 14 : at + 15 + levels] if scheme & 1 else bytes((0xFF,)) * (levels + 1)
    if len(sizes) <= levels:
        return None
    return _Outline(
        size=(right - left, bottom - top),
        tile=(min(wide, right - left), min(high, bottom - top)),
        tiles=-(-(right - across) // wide) * -(-(bottom - down) // high),
        components=components,
        style_at=at + 12,
        layers=layers,
        levels=levels,
        block=(4 << (block_x & 15), 4 << (block_y & 15)),
        style=style,
        precincts=tuple((1 << (size & 15), 1 << (size >> 4)) for size in sizes),
    )


def _pieces(outline: _Outline) -> int:
    """The most of tiles, precincts, code blocks and packets that a decoder has to make room for."""
    precincts = blocks = 0
    for number, (width, height) in enumerate(outline.precincts):
        shrunk = 2 ** (outline.levels - number)
        level = [max(1, math.ceil(side / shrunk)) for side in outline.tile]
        across, down = math.ceil(level[0] / width), math.ceil(level[1] / height)
        bands = 3 if number else 1
        per_precinct = [
            max(1, math.ceil(min(side, whole_side) / block / (2 if number else 1)))
            for side, whole_side, block in zip((width, height), level, outline.block, strict=True)
        ]
        precincts += across * down
        blocks += bands * across * down * math.prod(per_precinct)
    each = outline.tiles * outline.components
    return max(each * (outline.levels + 1), each * blocks, each * precincts * max(1, outline.layers))
