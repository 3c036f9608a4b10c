"""Small files that ask for hours or for all memory, or show what is no picture."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from pydicom.encaps import encapsulate
from pydicom.uid import (
    JPEG2000Lossless,
    RLELossless,
)

from films import hand_like, write_dicom
from fuzz import EOI


def write_bomb(folder: Path, name: str) -> Path:
    """One of ``BOMBS``."""
    path = folder / f"{name.replace(' ', '-')}.any"
    BOMBS[name][0](path)
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


def _deflated(path: Path, megabytes: int = 400) -> None:
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


def _long_value(path: Path, keyword: str, vr: bytes, value: bytes, **tags: str) -> None:
    """A film with one long value, written by hand as pydicom would split it first."""
    from pydicom.datadict import tag_for_keyword

    data = _small(path, **{keyword: None}, **tags).read_bytes()
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


def _large_private_value(path: Path, megabytes: int = 100) -> None:
    """A film with so much of a vendor's own in front of its pixels; the file is all holes on a disk."""
    data = _small(path).read_bytes()
    at = _place_for(data, 0x0009, 0x1001)
    with path.open("wb") as file:
        file.write(data[:at] + struct.pack("<HH2s2xI", 0x0009, 0x1001, b"OB", megabytes * 2**20))
        file.seek(megabytes * 2**20, 1)
        file.write(data[at:])


def _many_windows(path: Path) -> None:
    _long_value(path, "WindowCenter", b"DS", b"\\".join([b"1"] * 5_000_000) + b" ", WindowWidth="1000")


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
    """A million empty items in a sequence of unknown length, which is parsed at once."""
    data = _small(path).read_bytes()
    items = struct.pack("<HHI", 0xFFFE, 0xE000, 0) * 1_000_000
    end = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    element = struct.pack("<HH2s2xI", 0x0008, 0x1140, b"SQ", 0xFFFFFFFF) + items + end
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


def _strip_in_the_header(path: Path) -> None:
    """A TIFF picture whose first strip is said to begin with the file."""
    from PIL import Image, TiffImagePlugin

    Image.fromarray((hand_like(300, 240) >> 8).astype(np.uint8)).save(path, "TIFF")
    data = bytearray(path.read_bytes())
    (start,) = struct.unpack_from("<I", data, 4)
    for number in range(struct.unpack_from("<H", data, start)[0]):
        at = start + 2 + 12 * number
        if struct.unpack_from("<H", data, at)[0] == TiffImagePlugin.STRIPOFFSETS:
            struct.pack_into("<I", data, at + 8, 0)
    path.write_bytes(data)


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


BOMBS: dict[str, tuple[Callable[[Path], None], str]] = {
    "JPEG 2000 with precincts of one": (_tiny_precincts, "excessive pieces"),
    "JPEG 2000 with 16384 components": (_many_components, "excessive pieces"),
    "JPEG 2000 with 32 levels": (_many_levels, "excessive levels"),
    "JP2 with a second size in a free box": (_second_size, "excessive pieces"),
    "deflated zeros": (_deflated, "excessive inflated"),
    "private value of 100 MB": (_large_private_value, "excessive header"),
    "WindowCenter of 5 million values": (_many_windows, "excessive value"),
    "SpecificCharacterSet of 3 million values": (_many_character_sets, "excessive value"),
    "PatientName of 5 million values": (_many_names, "excessive value"),
    "RLE of 1.5 GB": (_rle_bomb, "excessive runs"),
    "a million empty items": (_many_items, "excessive items"),
    "progressive JPEG of 2000 scans": (_many_scans, "excessive scans"),
    "PNG of 60 million deep pixels": (_deep_picture, "too_large deep"),
    "TIFF with a strip in its header": (_strip_in_the_header, "truncated"),
}
"""How each is made, and the code and reason with which it is refused before anything is decoded."""
