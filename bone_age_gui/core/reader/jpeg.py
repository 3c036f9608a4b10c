"""The segments of a JPEG stream; and files whose side segments are broken: only what makes the pixels must be whole."""

from __future__ import annotations

from collections.abc import Iterator

START = b"\xff\xd8"
SCAN = 0xDA
_COMMENT = 0xFE
_APPLICATION = range(0xE0, 0xF0)
_WANTED = {0xE0: (b"JFIF\0", 16), 0xE1: (b"Exif\0\0", 16), 0xEE: (b"Adobe", 14)}
"""Application segments that are read, by marker: how they begin, and their least length with its own two bytes
(resolution, orientation, kind of colour)."""


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


def without_side_segments(data: bytes) -> bytes:
    """The file without the application segments and comments that nobody needs or that are too short (T.81, B.2.4)."""
    return b"".join(_kept_segments(data)) if data.startswith(START) else data


def _kept_segments(data: bytes) -> Iterator[bytes]:
    yield START
    rest = len(START)
    for marker, at in segments(data):
        rest, length = at, _length(data, at)
        if marker == SCAN or length < 2:
            break
        rest = at + 2 + length
        if _is_kept(marker, data[at + 4 : rest], length):
            yield data[at:rest]
    yield data[rest:]


def _length(stream: bytes, at: int) -> int:
    """Of the segment whose marker stands there, its own two bytes counted."""
    return int.from_bytes(stream[at + 2 : at + 4], "big")


def _is_kept(marker: int, content: bytes, length: int) -> bool:
    if marker in _WANTED:
        begins, least = _WANTED[marker]
        return content.startswith(begins) and length >= least
    return marker not in _APPLICATION and marker != _COMMENT
