"""JPEG streams: their segments and header, their decoding with a look at every end, and files whose side segments are
broken: only what makes the pixels must be whole."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import imagecodecs
import numpy as np

from bone_age_gui.core.reader import complaints
from bone_age_gui.core.reader.endings import End, end_of, end_of_pass, has_hole
from bone_age_gui.core.reader.raster import StreamHeader
from bone_age_gui.core.values.errors import BoneAgeError

START = b"\xff\xd8"
END = b"\xff\xd9"
SCAN = 0xDA
_CODES = 0xC4
_INSIDE = (b"\0", b"\xff", *(bytes((0xD0 + number,)) for number in range(8)))
"""What follows a byte of 255 inside coded values: stuffing, padding, and markers to begin anew."""
_PROGRESSIVE = (0xC2, 0xC6, 0xCA, 0xCE)
_MOST_SCANS = 100
"""Progressive films have about ten."""
_COMMENT = 0xFE
_APPLICATION = range(0xE0, 0xF0)
_WANTED = {0xE0: (b"JFIF\0", 16), 0xE1: (b"Exif\0\0", 16), 0xEE: (b"Adobe", 14)}
"""Application segments that are read, by marker: how they begin, and their least length with its own two bytes
(resolution, orientation, kind of colour)."""

_Decoder = Callable[[bytes], np.ndarray]


def segments(stream: bytes) -> Iterator[tuple[int, int]]:
    """Marker and position of every segment up to the first scan, which is the last one given."""
    at = len(START)
    while at + 4 <= len(stream) and stream[at] == 0xFF:
        marker = stream[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        yield marker, at
        if marker == SCAN:
            return
        at += 2 + _length(stream, at)


def read_header(stream: bytes) -> StreamHeader | None:
    """The frame header (SOF0 to SOF15 or JPEG-LS' SOF55)."""
    for marker, at in segments(stream):
        is_frame = marker == 0xF7 or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC))
        if is_frame and at + 10 <= len(stream):
            precision, rows, columns, components = struct.unpack_from(">BHHB", stream, at + 4)
            return StreamHeader(rows, columns, precision, components, in_one_pass=marker not in _PROGRESSIVE)
    return None


def check(stream: bytes) -> None:
    """Refuse a stream that is decoded again and again. ``BoneAgeError`` (``excessive``)."""
    scans = stream.count(bytes((0xFF, SCAN)))  # coded values never look like a marker
    if scans > _MOST_SCANS:
        raise BoneAgeError("excessive", "scans", scans=scans)


def whole_stream(stream: bytes) -> bytes | None:
    """The stream to the first end marker behind the first scan: coded values never look like one; ``None`` without."""
    scan = next((at for marker, at in segments(stream) if marker == SCAN), None)
    end = stream.find(END, scan + 2) if scan is not None else -1
    return stream[: end + 2] if end >= 0 else None


def decode(stream: bytes, header: StreamHeader, *, is_lossless: bool) -> tuple[np.ndarray, bool]:
    """Cells of a whole stream as ``codecs.decode_stream`` gives them, and whether some may be wrong.

    Raises ``BoneAgeError`` (``truncated``) where pixels are missing, and what imagecodecs raises for a broken stream.
    """
    # The same space in and out: no conversion, whatever the markers say.
    space = "YCBCR" if header.components == 3 else None
    decoder = partial(imagecodecs.jpeg8_decode, colorspace=space, outcolorspace=space)
    cells = np.asarray(decoder(stream))
    end = _end_of(decoder, cells, stream, header, is_lossless=is_lossless)
    if end is End.TOO_LATE:
        raise BoneAgeError("truncated")
    # Wrong differences add up to numbers of more bits than the stream has.
    is_doubtful = end is End.DOUBTFUL or (is_lossless and bool(cells.max() >> header.precision))
    has_zeros = header.in_one_pass and has_hole(stream) and not _zeros_are_plain(stream)
    if is_doubtful or has_zeros or is_lossless or header.precision != 8:
        return cells, is_doubtful or has_zeros
    return cells, complaints.are_made_of(without_side_segments(stream, wanted={}))


def _end_of(decoder: _Decoder, cells: np.ndarray, stream: bytes, header: StreamHeader, *, is_lossless: bool) -> End:
    """How a JPEG code stream ends for its decoder, which does not tell."""
    if not header.in_one_pass:
        return _end_of_passes(decoder, cells, stream)
    block = 1 if is_lossless else 8 if header.components == 1 else 16
    least = header.components * (1 if is_lossless else 2)
    return end_of(cells, stream[:-2], END, decoder, block, least)


def _end_of_passes(decoder: _Decoder, cells: np.ndarray, stream: bytes) -> End:
    """How the passes of a progressive stream end that bring something to its first channel."""
    if not _has_all_scans(stream):
        return End.DOUBTFUL
    for is_first, end in _scans(stream):
        coded, rest = stream[:end], stream[end:]
        if end_of_pass(cells, coded, rest, decoder, 1 if is_first else None) is End.DOUBTFUL:
            return End.DOUBTFUL
    return End.WHOLE


def _has_all_scans(stream: bytes) -> bool:
    """True if the scans of a progressive stream bring every coefficient to its last bit (T.81, G.1)."""
    header = read_header(stream)
    missing: dict[int, set[int]] = {}
    at = stream.find(bytes((0xFF, SCAN)))
    while at >= 0 and at + 5 <= len(stream):
        count = stream[at + 4]
        rest = stream[at + 5 + 2 * count : at + 8 + 2 * count]
        if len(rest) < 3:
            return False
        first, last, shift = rest[0], rest[1], rest[2] & 15
        for channel in stream[at + 5 : at + 5 + 2 * count : 2]:
            wanted = missing.setdefault(channel, set(range(64)))
            if shift == 0:
                wanted.difference_update(range(first, last + 1))
        at = stream.find(bytes((0xFF, SCAN)), at + 2)
    return header is not None and len(missing) == header.components and not any(missing.values())


def _scans(stream: bytes) -> Iterator[tuple[bool, int]]:
    """Every scan of the first channel: whether it is the first and of that channel alone, and where its values end."""
    at = stream.find(bytes((0xFF, SCAN)))
    first = stream[at + 5 : at + 6]
    is_first = True
    while at >= 0 and at + 10 <= len(stream):
        end = at + 2 + _length(stream, at)
        while (end := stream.find(b"\xff", end)) >= 0 and stream[end + 1 : end + 2] in _INSIDE:
            end += 2
        count = stream[at + 4]
        if stream[at + 5 : at + 6] == first and end > 0:
            yield is_first and count == 1, end
        is_first = False
        at = stream.find(bytes((0xFF, SCAN)), at + 2)


def _zeros_are_plain(stream: bytes) -> bool:
    """True if bits of zero may stand for a plain part of the film: for no difference, and no detail (T.81, C.2)."""
    for marker, at in segments(stream):
        end, at = at + 2 + _length(stream, at), at + 4
        while marker == _CODES and at + 17 < end:
            if stream[at + 17]:  # the value of the first code, which is zeros
                return False
            at += 17 + sum(stream[at + 1 : at + 17])
    return True


def without_side_segments(file: bytes, wanted: Mapping[int, tuple[bytes, int]] = _WANTED) -> bytes:
    """The file without the application segments and comments that nobody needs or that are too short (T.81, B.2.4)."""
    return b"".join(_kept_segments(file, wanted)) if file.startswith(START) else file


def _kept_segments(file: bytes, wanted: Mapping[int, tuple[bytes, int]]) -> Iterator[bytes]:
    yield START
    rest = len(START)
    for marker, at in segments(file):
        rest, length = at, _length(file, at)
        if marker == SCAN or length < 2:
            break
        rest = at + 2 + length
        if _is_kept(marker, file[at + 4 : rest], length, wanted):
            yield file[at:rest]
    yield file[rest:]


def _length(stream: bytes, at: int) -> int:
    """Length in bytes of the segment whose marker stands there, its own two bytes counted."""
    return int.from_bytes(stream[at + 2 : at + 4], "big")


def _is_kept(marker: int, content: bytes, length: int, wanted: Mapping[int, tuple[bytes, int]]) -> bool:
    if marker in wanted:
        begins, least = wanted[marker]
        return content.startswith(begins) and length >= least
    return marker not in _APPLICATION and marker != _COMMENT
