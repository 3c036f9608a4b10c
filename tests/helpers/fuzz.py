"""Damaged and hostile files, made anew from a seed each time: for the suite, and for the long campaign by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from pydicom.uid import (
    JPEG2000,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from films import LOSSLESS_SYNTAXES, LOSSY_SYNTAXES, hand_like, write_dicom, write_picture

PICTURES = (".png", ".jpg", ".tif", ".webp")
EOI = b"\xff\xd9"


@dataclass(frozen=True)
class Base:
    """A whole film that is to be damaged. ``stream`` is where its coded pixels lie, ``kind`` what they are."""

    name: str
    suffix: str
    kind: str
    data: bytes
    stream: slice


def make_bases(folder: Path, height: int = 300, width: int = 240) -> list[Base]:
    """One film in every transfer syntax and picture format that is read."""
    film = hand_like(height, width)
    bases = []
    for syntax in (*LOSSLESS_SYNTAXES, *LOSSY_SYNTAXES):
        path = folder / "base.dcm"
        data = write_dicom(path, film, bits=8 if syntax == JPEGBaseline8Bit else 12, syntax=syntax).read_bytes()
        bases.append(Base(syntax.name, ".dcm", _KINDS.get(syntax, "native"), data, _pixels_of(data)))
    for suffix in PICTURES:
        for bits in (8, 16) if suffix in (".png", ".tif") else (8,):
            data = write_picture(folder / f"base{suffix}", film, bits=bits).read_bytes()
            bases.append(_picture(f"{suffix[1:]} {bits} bits", suffix, data))
    for name, suffix, options in _OTHER_PICTURES:
        done, coded = cv2.imencode(suffix, (film >> 8).astype(np.uint8), options)
        assert done
        bases.append(_picture(name, suffix, coded.tobytes()))
    return bases


_OTHER_PICTURES = (
    ("webp lossy", ".webp", [cv2.IMWRITE_WEBP_QUALITY, 90]),
    ("jpg progressive", ".jpg", [cv2.IMWRITE_JPEG_PROGRESSIVE, 1]),
)


def _picture(name: str, suffix: str, data: bytes) -> Base:
    """A film that is no DICOM file, its kind by its suffix."""
    return Base(name, suffix, suffix[1:], data, slice(min(200, len(data) // 4), len(data)))


_KINDS = {
    RLELossless: "rle",
    JPEGBaseline8Bit: "jpeg",
    JPEGExtended12Bit: "jpeg",
    JPEGLosslessSV1: "jpeg",
    JPEGLSLossless: "jpeg-ls",
    JPEG2000: "jpeg 2000",
    JPEG2000Lossless: "jpeg 2000",
    **{syntax: "jpeg 2000" for syntax in LOSSLESS_SYNTAXES if "Throughput" in syntax.name},
    **{syntax: "jpeg-ls" for syntax in LOSSY_SYNTAXES if "JPEG-LS" in syntax.name},
    **{syntax: "jpeg" for syntax in LOSSLESS_SYNTAXES if syntax.name.startswith("JPEG Lossless")},
}


def _pixels_of(data: bytes) -> slice:
    at = data.find(b"\xe0\x7f\x10\x00")
    return slice(at + 12 if at >= 0 else len(data) // 2, len(data))


# Mutations: anything at any place, to find what crashes, hangs or is no refusal


def mutate(data: bytes, rng: random.Random) -> bytes:
    """One to three changes of any kind at any place."""
    for _ in range(rng.randint(1, 3)):
        data = rng.choice(_MUTATIONS)(data, rng)
    return data


def _flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 2, 8, 64))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _overwrite(data: bytes, rng: random.Random) -> bytes:
    at, length = rng.randrange(len(data)), rng.choice((1, 2, 4, 16, 512))
    fill = rng.choice((b"\x00", b"\xff", b"\x7f", rng.randbytes(1)))
    return data[:at] + (fill * length)[: len(data) - at] + data[at + length :]


def _header(data: bytes, rng: random.Random) -> bytes:
    """Another number where numbers of the header stand."""
    at = rng.randrange(min(len(data), 1500))
    value = rng.choice((0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF))
    raw = value.to_bytes(4, rng.choice(("little", "big")))[: rng.choice((1, 2, 4))]
    return data[:at] + raw + data[at + len(raw) :]


def _delete(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.choice((1, 2, 13, 512, 4096)) :] or b"\x00"


def _insert(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + rng.randbytes(rng.choice((1, 2, 100))) + data[at:]


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(1, len(data))]


def _swap(data: bytes, rng: random.Random) -> bytes:
    """A piece of the file once more at another place."""
    length = rng.choice((8, 64, 1024))
    source, target = rng.randrange(len(data)), rng.randrange(len(data))
    return data[:target] + data[source : source + length] + data[target + length :]


_MUTATIONS = (_flip, _overwrite, _header, _delete, _insert, _cut, _swap)


# Damage: what happens to whole files on their way, most of the pixels still there


def damages(base: Base, rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Names and contents of a film whose coded pixels are damaged, but not its header."""
    start, stop = base.stream.start, len(base.data)
    room = stop - start
    for share in (0.3, 0.5, 0.7, 0.9):
        cut = start + int(room * share)
        yield f"cut at {share:.0%}", base.data[:cut]
        yield f"cut at {share:.0%}, end marker", base.data[:cut] + EOI
    for size in (512, 4096, room // 8):
        at = start + rng.randrange(max(1, room - size - 64))
        yield f"{size} bytes lost", base.data[:at] + base.data[at + size :]
        yield f"{size} bytes zero", base.data[:at] + bytes(size) + base.data[at + size :]
        yield f"{size} bytes random", base.data[:at] + rng.randbytes(size) + base.data[at + size :]
    half = start + room // 2
    yield "second half zero", base.data[:half] + bytes(stop - half - 2) + base.data[-2:]


def wrong_share(pixels: np.ndarray, whole: np.ndarray) -> float:
    """Share of pixels that differ by more than a 64th of the range; 1 for another shape."""
    if pixels.shape != whole.shape:
        return 1.0
    return float((np.abs(pixels.astype(np.int32) - whole) > 1024).mean())
