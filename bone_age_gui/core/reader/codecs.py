"""Code streams: what they say of themselves, where they end, and their decoding by imagecodecs.

imagecodecs decodes outside Python's global lock, so that a window stays alive beside it, and is the one permissively
licensed decoder of 12-bit JPEG. Nothing here interprets the values: colour channels come as they are stored, and sign
and unused bits are left to ``bits``.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import imagecodecs
import numpy as np
from pydicom import uid

from bone_age_gui.core.machine import usable_cores
from bone_age_gui.core.reader import jpeg
from bone_age_gui.core.reader.damage import End, end_of

_threads = min(4, usable_cores())
_JPEG = (uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLossless, uid.JPEGLosslessSV1)
_LOSSLESS_JPEG = (uid.JPEGLossless, uid.JPEGLosslessSV1)
_JPEG_LS = (uid.JPEGLSLossless, uid.JPEGLSNearLossless)
_JPEG_2000 = (uid.JPEG2000Lossless, uid.JPEG2000)
_HTJ2K = (uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL, uid.HTJ2K)
HUFFMAN_SYNTAXES = _JPEG
"""Transfer syntaxes in which long rows of zeros may be right."""
STREAM_SYNTAXES = (*_JPEG, *_JPEG_LS, *_JPEG_2000, *_HTJ2K)
"""Transfer syntaxes whose frames are code streams with a header of their own."""
COMPRESSED_SYNTAXES = (*STREAM_SYNTAXES, uid.RLELossless)
"""All compressed transfer syntaxes that are read."""
_HEADS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  ")
_PROGRESSIVE = (0xC2, 0xC6, 0xCA, 0xCE)
_END = b"\xff\xd9"


def use_threads(count: int) -> None:
    """Let a film be decoded by so many threads (JPEG 2000 alone can use several)."""
    global _threads
    _threads = count


def can_decode(syntax: uid.UID) -> bool:
    """True if imagecodecs was built with the codec of a compressed transfer syntax."""
    if syntax == uid.RLELossless:
        return bool(imagecodecs.PACKBITS.available)
    codec = imagecodecs.JPEG8 if syntax in _JPEG else imagecodecs.JPEGLS if syntax in _JPEG_LS else imagecodecs.JPEG2K
    return bool(codec.available)


@dataclass(frozen=True)
class StreamHeader:
    """Size, depth, sign and number of channels as the code stream itself states them."""

    rows: int
    columns: int
    precision: int
    components: int
    signed: bool = False
    in_one_pass: bool = True
    """False for a progressive JPEG, whose last pass holds a few details of all pixels."""


def begins_stream(fragment: bytes) -> bool:
    """True if a fragment starts as a JPEG, JPEG-LS, JPEG 2000 or HTJ2K code stream does."""
    return fragment.startswith(_HEADS)


def stream_header(stream: bytes) -> StreamHeader | None:
    """Read the header of a JPEG, JPEG-LS, JPEG 2000 or HTJ2K code stream without decoding.

    ``None`` if there is none: such a stream cannot be decoded either.
    """
    if stream[:2] == b"\xff\xd8":
        return _jpeg_header(stream)
    start = _jpeg_2000_start(stream)
    return _jpeg_2000_header(stream[start + 4 : start + 44]) if start >= 0 else None


def _jpeg_header(stream: bytes) -> StreamHeader | None:
    """The frame header (SOF0 to SOF15 or JPEG-LS' SOF55)."""
    for marker, at in jpeg.segments(stream):
        is_frame = marker == 0xF7 or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC))
        if is_frame and at + 10 <= len(stream):
            precision, rows, columns, components = struct.unpack_from(">BHHB", stream, at + 4)
            return StreamHeader(rows, columns, precision, components, in_one_pass=marker not in _PROGRESSIVE)
    return None


def _jpeg_2000_start(stream: bytes) -> int:
    """Where SOC and SIZ stand: at the beginning, or inside a JP2 file, behind boxes of any size; -1 without."""
    return stream.find(b"\xff\x4f\xff\x51")


def _jpeg_2000_header(size: bytes) -> StreamHeader | None:
    """The SIZ segment behind its marker (ISO/IEC 15444-1, A.5.1)."""
    if len(size) < 40:
        return None
    right, bottom, left, top = struct.unpack_from(">4I", size, 4)
    components, depth = struct.unpack_from(">HB", size, 36)
    return StreamHeader(bottom - top, right - left, (depth & 0x7F) + 1, components, bool(depth & 0x80))


def whole_stream(stream: bytes) -> bytes | None:
    """The code stream without what lies behind its end; ``None`` if it ends before its end.

    Decoders fill a missing rest with grey and say nothing, which must not pass for a film; padding behind the end
    stops some of them.
    """
    return _whole_jpeg(stream) if stream[:2] == b"\xff\xd8" else _whole_jpeg_2000(stream)


def _whole_jpeg(stream: bytes) -> bytes | None:
    """Up to the first end marker behind the first scan: coded values never look like one."""
    scan = next((at for marker, at in jpeg.segments(stream) if marker == jpeg.SCAN), None)
    end = stream.find(_END, scan + 2) if scan is not None else -1
    return stream[: end + 2] if end >= 0 else None


def _whole_jpeg_2000(stream: bytes) -> bytes | None:
    """Up to the end marker, or to the end of the last tile-part: some writers leave the marker out."""
    start = _jpeg_2000_start(stream)
    at = stream.find(b"\xff\x90\x00\x0a", start)
    if start < 0 or at < 0:
        return None
    while stream[at : at + 2] == b"\xff\x90" and at + 12 <= len(stream):
        length = int.from_bytes(stream[at + 6 : at + 10], "big")
        if length == 0:  # the last tile-part, up to the end marker
            end = stream.rfind(_END)
            return stream[: end + 2] if end > at else None
        if length < 14:
            return None
        at += length
    if at > len(stream):
        return None
    return stream[: at + 2] if stream[at : at + 2] == _END else stream[:at]


def decode_stream(stream: bytes, syntax: uid.UID, header: StreamHeader) -> np.ndarray:
    """Decode a whole code stream.

    Returns
    -------
    numpy.ndarray
        Shape (rows, columns) or (rows, columns, components), 8 or 16 bits, signed where the stream is; colour
        channels as they are stored, but for the colour transform that is part of JPEG 2000.

    Raises
    ------
    Exception
        Whatever imagecodecs raises for a broken code stream.
    """
    if syntax in _JPEG:
        # The same space in and out: no conversion, whatever the markers say.
        space = "YCBCR" if header.components == 3 else None
        return imagecodecs.jpeg8_decode(stream, colorspace=space, outcolorspace=space)
    if syntax in _JPEG_LS:
        return imagecodecs.jpegls_decode(stream)
    # OpenJPEG reads HTJ2K too and refuses broken streams, where OpenJPH gives what it got so far.
    return imagecodecs.jpeg2k_decode(stream, numthreads=_threads)


def end_of_stream(cells: np.ndarray, stream: bytes, syntax: uid.UID, header: StreamHeader) -> End:
    """How a JPEG code stream ends for its decoder; the other codecs refuse what is not whole, or cannot tell."""
    if syntax not in _JPEG or not header.in_one_pass:
        return End.WHOLE
    block = 1 if syntax in _LOSSLESS_JPEG else 8 if header.components == 1 else 16
    return end_of(cells, stream[:-2], _END, lambda other: decode_stream(other, syntax, header), block)


def decode_rle(frame: bytes, pixels: int, samples: int, planes: int) -> tuple[np.ndarray, bool]:
    """Byte planes, the highest of each sample first, each packed on its own (PS3.5 annex G).

    imagecodecs' own decoder of the whole frame crashes the process on broken headers.

    Returns
    -------
    cells : numpy.ndarray
        Little-endian uint8 or uint16, shape (pixels, samples).
    is_doubtful : bool
        True if a segment holds more than its pixels.

    Raises
    ------
    ValueError, struct.error
        For a broken header, or a segment that is too short.
    """
    count, *offsets = struct.unpack_from("<16I", frame)
    if count != samples * planes:
        raise ValueError(f"{count} segments instead of {samples * planes}")
    ends = [*offsets[1:count], len(frame)]
    cells = np.empty((pixels, samples, planes), np.uint8)
    is_doubtful = False
    for segment, (start, end) in enumerate(zip(offsets, ends, strict=False)):
        if not 64 <= start < end <= len(frame):
            raise ValueError("segments out of order")
        sample, plane = divmod(segment, planes)
        cells[:, sample, planes - 1 - plane] = _unpacked(frame[start:end], pixels)
        is_doubtful = is_doubtful or _holds_more(frame[start:end].rstrip(b"\0\xff"), pixels)
    return cells.view(f"<u{planes}")[..., 0], is_doubtful


def _unpacked(segment: bytes, pixels: int) -> np.ndarray:
    """The first ``pixels`` bytes of a packed segment; what lies behind them is padding."""
    room = bytearray(pixels)
    try:
        values = imagecodecs.packbits_decode(segment, out=room)
    except RuntimeError as error:
        if "OUTPUT_TOO_SMALL" not in str(error):  # else the room is full
            raise
        values = room
    if len(values) < pixels:
        raise ValueError("a segment is too short")
    return np.frombuffer(values, np.uint8)


def _holds_more(segment: bytes, pixels: int) -> bool:
    """True if a packed segment goes on behind its last pixel."""
    try:
        imagecodecs.packbits_decode(segment, out=bytearray(pixels))
    except RuntimeError as error:
        return "OUTPUT_TOO_SMALL" in str(error)
    return False
