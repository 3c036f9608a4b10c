"""A DICOM file before its parser sees it: what would cost that parser minutes or all memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from bone_age_gui.core.reader.refusals import damaged_if_it_fails
from bone_age_gui.core.values.errors import BoneAgeError

_ITEMS = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
_MAYBE_ITEMS = (b"\xfe\xff", b"\xff\xfe\xe0")
"""Their bytes up to the first zero: a search for zeros among zeros takes ten times as long."""
_MOST_ITEMS = 100_000
"""Beginnings of items in a file: the parser makes 30,000 in a second."""
_CHARACTER_SETS = (b"\x08\x00\x05\x00", b"\x00\x08\x00\x05")
_LONGEST = 2**16
_PIXEL_DATA = ((b"\xe0\x7f\x10", b"\0"), (b"\x7f\xe0", b"\0\x10"))
"""How pixel data begin: up to the first zero, as with items, and what follows."""
_MOST_BEFORE = 64 * 2**20
"""Bytes that may stand in front of the pixels: of what vendors keep there, films have a few million."""
_LONG_KINDS = (b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"SQ", b"UC", b"UN", b"UR", b"UT", b"SV", b"UV")
"""Kinds of value whose length has four bytes behind two empty ones (PS3.5, 7.1.2)."""
_UNDEFINED = 0xFFFFFFFF
_META = 132
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_CHUNK = 16 * 2**20
_ROOM, _MOST_TIMES = 64 * 2**20, 100
"""A small deflated file may grow to so much, a large one to so many times its size: films grow to twice or thrice."""


def check_front(file: bytes, most_inflated: int) -> None:
    """Refuse a file of too many items, with far too much in front of its pixels or in its character sets, or that is
    deflated far too much.

    Parameters
    ----------
    file : bytes
        The whole file.
    most_inflated : int
        Bytes to which a deflated file may grow.

    Raises
    ------
    BoneAgeError
        ``excessive``; ``truncated`` for a deflated file that cannot be inflated.
    """
    body = _deflated_body(file)
    if body is not None:
        most_inflated = min(most_inflated, _ROOM + _MOST_TIMES * (len(file) - body))
    if body is None:
        _check_room_before_pixels(file)
    items = 0
    for number, content in enumerate([file] if body is None else _inflated(file[body:], most_inflated)):
        items += _items(content)
        if items > _MOST_ITEMS:
            raise BoneAgeError("excessive", "items", items=items)
        if number == 0:
            _check_character_sets(content, len(file) if body is None else most_inflated)


def _items(content: bytes) -> int:
    """Beginnings of items, counted at leisure only where there may be too many."""
    if sum(content.count(mark) for mark in _MAYBE_ITEMS) <= _MOST_ITEMS:
        return 0
    return sum(content.count(mark) for mark in _ITEMS)


def _check_room_before_pixels(file: bytes) -> None:
    """Refuse a large file whose pixels do not begin in its first part: the parser would read all of it twice."""
    if len(file) > _MOST_BEFORE and _pixels_at(file[:_MOST_BEFORE]) == _MOST_BEFORE:
        raise BoneAgeError("excessive", "header", megabytes=_MOST_BEFORE / 2**20)


def _pixels_at(content: bytes) -> int:
    """Where the pixels begin; the length of the content where they do not."""
    return min(_place(content, *mark) for mark in _PIXEL_DATA)


def _place(content: bytes, mark: bytes, then: bytes) -> int:
    """Where the one stands with the other behind it; the length of the content where it does not."""
    at = content.find(mark)
    while at >= 0 and not content.startswith(then, at + len(mark)):
        at = content.find(mark, at + 1)
    return at if at >= 0 else len(content)


def _check_character_sets(content: bytes, most: int) -> None:
    """Refuse those that are far too long, in a file of ``most`` bytes: each of them would be looked up."""
    for order, mark in zip(("little", "big"), _CHARACTER_SETS, strict=True):
        for at in _places(content, mark):
            length = _length(content, at, order)
            if _LONGEST < length < _UNDEFINED and at + length <= most:
                raise BoneAgeError("excessive", "value", kilobytes=length / 2**10)


def _places(content: bytes, mark: bytes) -> Iterator[int]:
    """Where the mark stands before the pixels, among which it may stand by chance."""
    end = _pixels_at(content)
    at = content.find(mark, 0, end)
    while at >= 0:
        yield at
        at = content.find(mark, at + 1, end)


def _length(content: bytes, at: int, order: str) -> int:
    """Length in bytes of the value of the element that begins there, with or without its kind."""
    kind = content[at + 4 : at + 6]
    if kind in _LONG_KINDS:
        raw = content[at + 8 : at + 12]
    else:
        raw = content[at + 6 : at + 8] if kind.isalpha() and kind.isupper() else content[at + 4 : at + 8]
    return int.from_bytes(raw, "little" if order == "little" else "big")


def _deflated_body(file: bytes) -> int | None:
    """Where the deflated part begins, behind the elements of group 2; ``None`` if the file is not deflated."""
    if file[_META - 4 : _META] != b"DICM":
        return None
    at, is_deflated = _META, False
    while file[at : at + 2] == b"\x02\x00" and at + 8 <= len(file):
        head = 12 if file[at + 4 : at + 6] in _LONG_KINDS else 8
        length = _length(file, at, "little")
        if file[at + 2 : at + 4] == b"\x10\x00":
            is_deflated = file[at + head : at + head + length].strip(b"\0 ") == _DEFLATED
        at += head + length
    return at if is_deflated else None


def _inflated(packed: bytes, most: int) -> Iterator[bytes]:
    """The inflated content, piece by piece: none of it is kept."""
    size = 0
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed and not unpack.eof:
        with damaged_if_it_fails():
            piece = unpack.decompress(packed, _CHUNK)
        packed = unpack.unconsumed_tail
        size += len(piece)
        if size > most:
            raise BoneAgeError("excessive", "inflated", megabytes=most / 2**20)
        yield piece
