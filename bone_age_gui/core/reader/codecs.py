"""imagecodecs as a decoder plug-in of pydicom, and what a code stream says before it is decoded.

imagecodecs decodes outside Python's global lock, so that a window stays alive beside it, and is
the one permissively licensed decoder of 12-bit JPEG. It decodes all grey films; colour is left to pydicom's other
plug-ins (Pillow, pylibjpeg-openjpeg, pyjpegls). Interface: pydicom 3, "Decoding plugins" guide.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
from pydicom import uid
from pydicom.pixels.decoders.base import get_decoder

if TYPE_CHECKING:
    from pydicom.pixels.decoders.base import DecodeRunner

PLUGIN = "imagecodecs"
_threads = min(4, os.cpu_count() or 1)
_JPEG = (uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLossless, uid.JPEGLosslessSV1)
_JPEG_LS = (uid.JPEGLSLossless, uid.JPEGLSNearLossless)
_JPEG_2000 = (uid.JPEG2000Lossless, uid.JPEG2000)
_HTJ2K = (uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL, uid.HTJ2K)
_SYNTAXES = (*_JPEG, *_JPEG_LS, *_JPEG_2000, *_HTJ2K, uid.RLELossless)

DECODER_DEPENDENCIES = dict.fromkeys(_SYNTAXES, ("numpy", "imagecodecs"))
"""What pydicom reads to tell which packages a plug-in needs."""


def is_available(syntax: str) -> bool:
    """True for the transfer syntaxes that this plug-in decodes (called by pydicom)."""
    return syntax in _SYNTAXES


def register() -> None:
    """Make imagecodecs known to pydicom; does nothing the second time."""
    for syntax in _SYNTAXES:
        decoder = get_decoder(syntax)
        if PLUGIN not in decoder.available_plugins:
            decoder.add_plugin(PLUGIN, (__name__, "_decode_frame"))


def use_threads(count: int) -> None:
    """Let a film be decoded by so many threads (JPEG 2000 alone can use several)."""
    global _threads
    _threads = count


def plugins_for(syntax: uid.UID, samples: int) -> list[str]:
    """The plug-ins to try for a transfer syntax, best first; ``[""]`` (pydicom itself) where nothing is compressed."""
    if not syntax.is_encapsulated:
        return [""]
    available = get_decoder(syntax).available_plugins
    if samples == 1:
        return [PLUGIN] if PLUGIN in available else list(available)
    # pylibjpeg-rle panics (no Exception) on broken streams.
    return [name for name in available if name != PLUGIN and (syntax, name) != (uid.RLELossless, "pylibjpeg")]


def _decode_frame(src: bytes, runner: DecodeRunner) -> bytes | bytearray:
    """The pixels of one grey frame as bytes in native order (called by pydicom).

    Raises
    ------
    NotImplementedError
        For colour: the next plug-in knows the photometric rules.
    RuntimeError, ValueError
        For a broken code stream.
    """
    if runner.samples_per_pixel != 1:
        raise NotImplementedError("colour is left to the other plug-ins")
    syntax = runner.transfer_syntax
    if syntax == uid.RLELossless:
        return _decode_rle(src, runner.rows * runner.columns, runner.bits_allocated // 8)
    frame = _decode_stream(src, syntax)
    if frame.shape != (runner.rows, runner.columns):
        raise ValueError(f"the code stream holds {frame.shape}, the tags say otherwise")
    runner.set_option("bits_allocated", 8 * frame.itemsize)
    return frame.tobytes()


def _decode_rle(src: bytes, pixels: int, planes: int) -> bytes:
    """Byte planes, the highest first, each packed on its own (PS3.5 annex G).

    imagecodecs' own decoder of the whole frame crashes the process on broken headers.
    """
    count, *offsets = struct.unpack_from("<16I", src)
    if count != planes:
        raise ValueError(f"{count} segments instead of {planes}")
    ends = [*offsets[1:count], len(src)]
    frame = np.empty((pixels, planes), np.uint8)
    for plane, (start, end) in enumerate(zip(offsets, ends, strict=False)):
        if not 64 <= start < end <= len(src):
            raise ValueError("segments out of order")
        values = np.frombuffer(imagecodecs.packbits_decode(src[start:end]), np.uint8)
        if values.size < pixels:
            raise ValueError("a segment is too short")
        frame[:, planes - 1 - plane] = values[:pixels]
    return frame.tobytes()


def _decode_stream(src: bytes, syntax: uid.UID) -> np.ndarray:
    """Decode a JPEG-like code stream to a (rows, columns) array of 8 or 16 bits."""
    if syntax in _JPEG:
        return imagecodecs.jpeg8_decode(src)
    if syntax in _JPEG_LS:
        return imagecodecs.jpegls_decode(src)
    # OpenJPEG reads HTJ2K too and refuses broken streams, where OpenJPH gives what it got so far.
    return imagecodecs.jpeg2k_decode(src, numthreads=_threads)


@dataclass(frozen=True)
class StreamHeader:
    """Size and depth as the code stream itself states them."""

    rows: int
    columns: int
    precision: int
    components: int


def stream_header(stream: bytes) -> StreamHeader | None:
    """Read the header of a JPEG, JPEG-LS, JPEG 2000 or HTJ2K code stream without decoding.

    ``None`` if there is none: such a stream cannot be decoded either.
    """
    if stream[:2] == b"\xff\xd8":
        return _jpeg_header(stream)
    start = stream.find(b"\xff\x4f\xff\x51", 0, 4096)
    return _jpeg_2000_header(stream[start + 4 : start + 44]) if start >= 0 else None


def _jpeg_header(stream: bytes) -> StreamHeader | None:
    """Walk the JPEG segments to the frame header (SOF0 to SOF15 or JPEG-LS' SOF55)."""
    at = 2
    while at + 9 < len(stream) and stream[at] == 0xFF:
        marker = stream[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xF7 or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)):
            precision, rows, columns, components = struct.unpack_from(">BHHB", stream, at + 4)
            return StreamHeader(rows, columns, precision, components)
        at += 2 + int.from_bytes(stream[at + 2 : at + 4], "big")
    return None


def _jpeg_2000_header(size: bytes) -> StreamHeader | None:
    """The SIZ segment behind its marker (ISO/IEC 15444-1, A.5.1)."""
    if len(size) < 40:
        return None
    right, bottom, left, top = struct.unpack_from(">4I", size, 4)
    components, depth = struct.unpack_from(">HB", size, 36)
    return StreamHeader(bottom - top, right - left, (depth & 0x7F) + 1, components)


def is_complete(stream: bytes) -> bool:
    """False if the code stream ends before its end.

    Decoders fill the missing rest with grey and say nothing, which must not pass for a film.
    """
    if stream[:2] == b"\xff\xd8":
        return b"\xff\xd9" in stream[-64:]
    return b"\xff\xd9" in stream[-16:] or _tile_parts_complete(stream)


def _tile_parts_complete(stream: bytes) -> bool:
    """True if every JPEG 2000 tile-part is there in full; some writers leave the end marker out."""
    at = stream.find(b"\xff\x90\x00\x0a")
    if at < 0:
        return False
    while stream[at : at + 2] == b"\xff\x90" and at + 12 <= len(stream):
        length = int.from_bytes(stream[at + 6 : at + 10], "big")
        if length < 14:
            return False
        at += length
    return at <= len(stream)
