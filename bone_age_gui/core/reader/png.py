"""PNG files whose side chunks are broken: only what makes the pixels must be whole."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from bone_age_gui.core.values.errors import BoneAgeError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DATA = b"IDAT"
_PIXELS = (b"IHDR", _DATA, b"IEND")
_FRAMES = (b"acTL", b"fcTL", b"fdAT")
"""More pictures than one, if the first of these chunks is whole (APNG)."""
_WANTED = {b"pHYs": range(9, 10), b"tEXt": range(2, 1024), b"eXIf": range(8, 65536)}
"""Side chunks that are read, if they are whole and so long: resolution, the mark of a phantom, orientation."""
_OPACITY_BYTES = {0: range(2, 3), 2: range(6, 7), 3: range(1, 257)}
"""Length of tRNS by kind of colour (11.3.2.1)."""
_PALETTE = 3
_CHANNELS = {2: 3, 4: 2, 6: 4}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Of an interlaced picture: first column and row, and the steps between them (ISO/IEC 15948, 8.2)."""
_MOST_AT_ONCE = 2**22


def without_side_chunks(file: bytes) -> bytes:
    """The file without the side chunks that nobody needs or that are broken (ISO/IEC 15948, 5.3).

    Chunks that make the pixels stay as they are, so that a decoder refuses them where they are broken.
    """
    colour = file[25] if len(file) > 25 else 0
    pixels = (*_PIXELS, b"PLTE") if colour == _PALETTE else _PIXELS
    at = file.find(_FRAMES[0]) - 4
    if at > 0 and _is_whole(file, at):
        pixels = (*pixels, *_FRAMES)
    wanted = _WANTED | ({b"tRNS": _OPACITY_BYTES[colour]} if colour in _OPACITY_BYTES else {})
    return SIGNATURE + b"".join(_kept_chunks(file, pixels, wanted))


def has_all_rows(file: bytes) -> bool:
    """True if as much is packed as the header asks for: decoders leave missing rows black, and say nothing."""
    width, height, depth, colour, _, _, interlaced = struct.unpack_from(">IIBBBBB", file, 16)
    bits = depth * _CHANNELS.get(colour, 1)
    passes = _PASSES if interlaced else ((0, 0, 1, 1),)
    sizes = ((-((x - width) // across), -((y - height) // down)) for x, y, across, down in passes)
    missing = sum(rows * (1 + -(-columns * bits // 8)) for columns, rows in sizes if columns > 0 and rows > 0)
    unpack = zlib.decompressobj()
    for content in _contents(file, _DATA):
        while content and missing > 0 and not unpack.eof:
            missing -= len(unpack.decompress(content, min(missing, _MOST_AT_ONCE)))
            content = unpack.unconsumed_tail
    return missing <= 0


def _contents(file: bytes, kind: bytes) -> Iterator[bytes]:
    """Content of every chunk of this kind."""
    at = len(SIGNATURE)
    while at + 8 <= len(file):
        length = int.from_bytes(file[at : at + 4], "big")
        if file[at + 4 : at + 8] == kind:
            yield file[at + 8 : at + 8 + length]
        at += 12 + length


def _kept_chunks(file: bytes, pixels: tuple[bytes, ...], wanted: dict[bytes, range]) -> Iterator[bytes]:
    """Chunks of pixels as they are, and wanted ones that are whole.

    Raises ``BoneAgeError`` (``truncated``) for a chunk of pixels whose check sum is wrong, and for something broken
    among them, with which one may be gone: decoders look at neither when they have rows enough.
    """
    at, has_begun, is_broken = len(SIGNATURE), False, False
    while at + 8 <= len(file):
        length, kind = int.from_bytes(file[at : at + 4], "big"), file[at + 4 : at + 8]
        end = at + 12 + length
        if kind == _DATA:
            if (has_begun and is_broken) or not _is_whole(file, at):
                raise BoneAgeError("truncated")
            has_begun, is_broken = True, False
        elif not _is_whole(file, at):
            is_broken = True
        if kind in pixels or (length in wanted.get(kind, ()) and _is_whole(file, at)):
            yield file[at:end]
        elif not _is_whole(file, at) and file[end + 4 : end + 8] not in (*pixels, *wanted):  # its length is wrong
            end = _next_chunk(file, at + 8, pixels)
        if kind == b"IEND":
            return
        at = end


def _is_whole(file: bytes, at: int) -> bool:
    """True if the chunk lies within the file and its check sum is right."""
    end = at + 12 + int.from_bytes(file[at : at + 4], "big")
    return end <= len(file) and zlib.crc32(file[at + 4 : end - 4]) == int.from_bytes(file[end - 4 : end], "big")


def _next_chunk(file: bytes, start: int, kinds: tuple[bytes, ...]) -> int:
    """Where the next whole chunk of these kinds begins; the end of the file without."""
    places = (file.find(kind, start + 4) - 4 for kind in kinds)
    return min((place for place in places if place >= start and _is_whole(file, place)), default=len(file))
