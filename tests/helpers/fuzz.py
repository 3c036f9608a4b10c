"""Damaged and hostile files, made anew from a seed each time: for the suite, and for the long campaign by hand."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from pydicom.encaps import encapsulate
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
            stream = slice(min(200, len(data) // 4), len(data))
            bases.append(Base(f"{suffix[1:]} {bits} bits", suffix, suffix[1:], data, stream))
    return bases


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


# Bombs: small files that ask for hours or for all memory


def write_bomb(folder: Path, name: str) -> Path:
    """One of ``BOMBS``."""
    path = folder / f"{name.replace(' ', '-')}{'.png' if 'PNG' in name else '.jpg' if 'scans' in name else '.dcm'}"
    BOMBS[name](path)
    return path


def _small(path: Path, **tags: object) -> Path:
    return write_dicom(path, hand_like(300, 240), **tags)  # type: ignore[arg-type]


def _with_stream(path: Path, stream: bytes, rows: int, columns: int) -> None:
    """A DICOM film whose frame is this JPEG 2000 code stream."""
    _small(path, syntax=JPEG2000Lossless)
    from pydicom import dcmread

    dataset = dcmread(path)
    dataset.Rows, dataset.Columns = rows, columns
    dataset.PixelData = encapsulate([stream])
    dataset["PixelData"].VR = "OB"
    dataset.save_as(path)


def _codestream(width: int, height: int, *, components: int = 1, levels: int = 5, precincts: bytes = b"") -> bytes:
    """A JPEG 2000 code stream with a header and one empty tile-part (ISO/IEC 15444-1, annex A)."""
    siz = struct.pack(">HHIIIIIIIIH", 38 + 3 * components, 0, width, height, 0, 0, width, height, 0, 0, components)
    siz += b"\x0b\x01\x01" * components
    style = 1 if precincts else 0
    cod = struct.pack(">BBHBBBBBB", style, 0, 1, 0, levels, 4, 4, 0, 1) + precincts
    qcd = b"\x40" + b"\x40" * (3 * levels + 1)
    segments = b"\xff\x51" + siz
    segments += b"\xff\x52" + struct.pack(">H", 2 + len(cod)) + cod
    segments += b"\xff\x5c" + struct.pack(">H", 2 + len(qcd)) + qcd
    tile = b"\xff\x93" + b"\x80" * 64
    sot = b"\xff\x90" + struct.pack(">HHIBB", 10, 0, 12 + len(tile), 0, 1)
    return b"\xff\x4f" + segments + sot + tile + EOI


def _tiny_precincts(path: Path) -> None:
    _with_stream(path, _codestream(7000, 7000, levels=5, precincts=b"\x00" + b"\x11" * 5), 7000, 7000)


def _many_components(path: Path) -> None:
    _with_stream(path, _codestream(3000, 3000, components=16384), 3000, 3000)


def _many_levels(path: Path) -> None:
    _with_stream(path, _codestream(7000, 7000, levels=32), 7000, 7000)


def _second_size(path: Path) -> None:
    """A JP2 file whose code stream is larger than a copy of its header says that lies in front of it."""
    large, small = _codestream(60000, 60000), _codestream(240, 300)
    decoy = small[: small.find(b"\xff\x90")]
    boxes = struct.pack(">I", 12) + b"jP  \r\n\x87\n" + struct.pack(">I", 20) + b"ftypjp2 \0\0\0\0jp2 "
    boxes += struct.pack(">I", 8 + len(decoy)) + b"free" + decoy
    ihdr = struct.pack(">I", 22) + b"ihdr" + struct.pack(">IIHBBBB", 60000, 60000, 1, 11, 7, 0, 0)
    colour = struct.pack(">I", 15) + b"colr\x01\0\0" + struct.pack(">I", 17)
    boxes += struct.pack(">I", 8 + len(ihdr) + len(colour)) + b"jp2h" + ihdr + colour
    boxes += struct.pack(">I", 8 + len(large)) + b"jp2c" + large
    _with_stream(path, boxes, 300, 240)


def _deflated(path: Path, megabytes: int = 1200) -> None:
    """A deflated file whose private tag holds nothing but zeros."""
    from pydicom.uid import DeflatedExplicitVRLittleEndian

    data = _small(path, syntax=DeflatedExplicitVRLittleEndian).read_bytes()
    at = data.find(b"DICM") + 4
    length = struct.unpack_from("<I", data, at + 8)[0]
    body = at + 12 + length
    whole = zlib.decompress(data[body:], -15)
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = bytes(2**20)
    head = struct.pack("<HH2s2xI", 0x0009, 0x0001, b"OB", megabytes * 2**20)
    packed = [pack.compress(head)] + [pack.compress(piece) for _ in range(megabytes)] + [pack.compress(whole)]
    path.write_bytes(data[:body] + b"".join(packed) + pack.flush())


def _long_value(path: Path, keyword: str, vr: bytes, value: bytes) -> None:
    """A film with one long value, written by hand as pydicom would split it first."""
    from pydicom.datadict import tag_for_keyword

    data = _small(path, **{keyword: None}).read_bytes()
    tag = tag_for_keyword(keyword)
    assert tag is not None
    group, number = tag >> 16, tag & 0xFFFF
    element = struct.pack("<HH2s2xI", group, number, b"UN" if len(value) > 65534 else vr, len(value)) + value
    at = _place_for(data, group, number)
    path.write_bytes(data[:at] + element + data[at:])


def _place_for(data: bytes, group: int, number: int) -> int:
    """Where in an explicit little-endian file an element belongs."""
    at = data.find(b"DICM") + 4
    while at + 8 <= len(data):
        this_group, this_number = struct.unpack_from("<HH", data, at)
        if this_group > 2 and (this_group, this_number) > (group, number):
            return at
        long = data[at + 4 : at + 6] in (b"OB", b"OW", b"SQ", b"UN", b"UT", b"UC", b"UR", b"OF", b"OD", b"OL", b"OV")
        length = struct.unpack_from("<I", data, at + 8)[0] if long else struct.unpack_from("<H", data, at + 6)[0]
        at += (12 if long else 8) + length
    return len(data)


def _many_windows(path: Path) -> None:
    _long_value(path, "WindowCenter", b"DS", b"\\".join([b"1"] * 5_000_000) + b" ")


def _many_character_sets(path: Path) -> None:
    _long_value(path, "SpecificCharacterSet", b"CS", b"\\".join([b"ISO_IR 100"] * 3_000_000))


def _many_names(path: Path) -> None:
    _long_value(path, "PatientName", b"PN", b"\\".join([b"A^B"] * 5_000_000) + b" ")


def _rle_bomb(path: Path) -> None:
    """24 MB of runs that say the same pixel 128 times each."""
    _small(path, syntax=RLELossless)
    from pydicom import dcmread

    dataset = dcmread(path)
    segment = b"\x81\x00" * 6_000_000
    header = struct.pack("<16I", 2, 64, 64 + len(segment), *[0] * 13)
    dataset.Rows, dataset.Columns = 7000, 7000
    dataset.PixelData = encapsulate([header + segment + segment])
    dataset["PixelData"].VR = "OB"
    dataset.save_as(path)


def _many_items(path: Path) -> None:
    """A million empty items in a sequence."""
    data = _small(path).read_bytes()
    items = struct.pack("<HHI", 0xFFFE, 0xE000, 0) * 1_000_000
    element = struct.pack("<HH2s2xI", 0x0008, 0x1140, b"SQ", len(items)) + items
    at = _place_for(data, 0x0008, 0x1140)
    path.write_bytes(data[:at] + element + data[at:])


def _many_scans(path: Path, scans: int = 2000) -> None:
    """A progressive JPEG picture of 9 million nearly equal pixels, whose last scan comes thousands of times."""
    film = np.full((3000, 3000), 90, np.uint8)
    film[:8, :8] = 200
    done, coded = cv2.imencode(".jpg", film, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])
    assert done
    data = coded.tobytes()
    last = data.rfind(b"\xff\xda")
    table = data.rfind(b"\xff\xc4", 0, last)
    scan = data[min(table, last) if table > 0 else last : -2]
    path.write_bytes(data[:-2] + scan * scans + EOI)


def _deep_picture(path: Path) -> None:
    """60 million pixels of 16-bit RGBA, all the same but one."""
    rows, columns = 7500, 8000
    raw = bytearray(1 + 8 * columns)
    pack = zlib.compressobj(1)
    first = bytearray(raw)
    first[1:9] = b"\xff" * 8
    packed = [pack.compress(bytes(first))] + [pack.compress(bytes(raw)) for _ in range(rows - 1)] + [pack.flush()]
    header = struct.pack(">IIBBBBB", columns, rows, 16, 6, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"".join(packed)) + chunk(b"IEND", b"")
    path.write_bytes(content)


BOMBS: dict[str, Callable[[Path], None]] = {
    "JPEG 2000 with precincts of one": _tiny_precincts,
    "JPEG 2000 with 16384 components": _many_components,
    "JPEG 2000 with 32 levels": _many_levels,
    "JP2 with a second size in a free box": _second_size,
    "deflated zeros": _deflated,
    "WindowCenter of 5 million values": _many_windows,
    "SpecificCharacterSet of 3 million values": _many_character_sets,
    "PatientName of 5 million values": _many_names,
    "RLE of 1.5 GB": _rle_bomb,
    "a million empty items": _many_items,
    "progressive JPEG of 2000 scans": _many_scans,
    "PNG of 60 million deep pixels": _deep_picture,
}
