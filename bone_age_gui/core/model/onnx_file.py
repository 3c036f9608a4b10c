"""Looks into an ONNX file without loading it: are all its weights inside?

ONNX lets a network keep weights in other files, which no hash of the network covers. The file is walked by the
fields of its format (Protocol Buffers) that lead to tensors: numbers of fields from ``onnx.proto``, version 1.19.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bone_age_gui.core.model.graph import ModelFile
from bone_age_gui.core.values.digest import file_sha256
from bone_age_gui.core.values.errors import BoneAgeError

_EXTERNAL_DATA, _DATA_LOCATION, _EXTERNAL = 13, 14, 1
_NESTED: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
_MAX_DEPTH = 100


def check_file(path: Path, described: ModelFile) -> None:
    """Refuse a file that is not the one that the card describes, or that keeps weights in other files.

    Raises ``BoneAgeError`` (``model_damaged``).
    """
    try:
        digest = file_sha256(path)
    except OSError as error:
        raise BoneAgeError("model_damaged", "missing", file=described.file) from error
    if digest != described.sha256:
        raise BoneAgeError("model_damaged", "other", file=described.file)
    try:
        is_whole = is_self_contained(path)
    except (OSError, ValueError):
        raise BoneAgeError("model_damaged", "no_network", file=described.file) from None
    if not is_whole:
        raise BoneAgeError("model_damaged", "external", file=described.file)


def is_self_contained(path: Path) -> bool:
    """True if no tensor of the file lies elsewhere.

    Raises
    ------
    ValueError
        If it is not an ONNX file.
    OSError
        If it cannot be read.
    """
    return not _has_external(memoryview(path.read_bytes()), "model", 0)


def _has_external(message: memoryview, kind: str, depth: int) -> bool:
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    for field, value in _fields(message):
        if kind == "tensor" and (field == _EXTERNAL_DATA or (field == _DATA_LOCATION and value == _EXTERNAL)):
            return True
        inner = _NESTED[kind].get(field)
        if inner is not None and isinstance(value, memoryview) and _has_external(value, inner, depth + 1):
            return True
    return False


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field: an integer, or the bytes of a text, of an array or of a message."""
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        field, wire = key >> 3, key & 7
        if wire == 0:
            number, place = _varint(message, place)
            yield field, number
            continue
        if wire == 2:
            length, place = _varint(message, place)
        elif wire in (1, 5):
            length = 8 if wire == 1 else 4
        else:
            raise ValueError(f"unknown kind of field {wire}")
        if place + length > len(message):
            raise ValueError("cut off")
        yield field, message[place : place + length]
        place += length


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    """A number of variable length, seven bits a byte, and the place behind it."""
    number = 0
    for shift in range(0, 70, 7):
        if place >= len(message):
            raise ValueError("cut off")
        byte = message[place]
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, place
    raise ValueError("a number without end")
