"""JPEG files whose side segments are broken: only what makes the pixels must be whole."""

from __future__ import annotations

from collections.abc import Iterator

START = b"\xff\xd8"
_SCAN, _COMMENT = 0xDA, 0xFE
_APPLICATION = range(0xE0, 0xF0)
_ALONE = (0x01, *range(0xD0, 0xD8))
_WANTED = {0xE0: (b"JFIF\0", 16), 0xE1: (b"Exif\0\0", 16), 0xEE: (b"Adobe", 14)}
"""Application segments that are read, by marker: how they begin, and their least length with its own two bytes
(resolution, orientation, kind of colour)."""


def without_side_segments(data: bytes) -> bytes:
    """The file without the application segments and comments that nobody needs or that are too short (T.81, B.2.4)."""
    return b"".join(_kept_segments(data)) if data.startswith(START) else data


def _kept_segments(data: bytes) -> Iterator[bytes]:
    yield START
    at = len(START)
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SCAN or length < 2:
            break
        segment = data[at : at + 2 + length]
        if _is_kept(marker, segment[4:], length):
            yield segment
        at += 2 + length
    yield data[at:]


def _is_kept(marker: int, content: bytes, length: int) -> bool:
    if marker in _WANTED:
        begins, least = _WANTED[marker]
        return content.startswith(begins) and length >= least
    return marker not in _APPLICATION and marker != _COMMENT
