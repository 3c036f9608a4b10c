"""Code streams: what they say of themselves, where they end, and their decoding by imagecodecs.

imagecodecs decodes outside Python's global lock, so that a window stays alive beside it, and is the one permissively
licensed decoder of 12-bit JPEG. Nothing here interprets the values: colour channels come as they are stored, and sign
and unused bits are left to ``bits``.
"""

from __future__ import annotations

import struct

import imagecodecs
import numpy as np
from pydicom import uid

from bone_age_gui.core.machine import usable_cores
from bone_age_gui.core.reader import jpeg, jpeg2000
from bone_age_gui.core.reader.endings import has_hole
from bone_age_gui.core.reader.raster import StreamHeader
from bone_age_gui.core.values.errors import BoneAgeError

_threads = min(4, usable_cores())
_JPEG = (uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLossless, uid.JPEGLosslessSV1)
_LOSSLESS_JPEG = (uid.JPEGLossless, uid.JPEGLosslessSV1)
_JPEG_LS = (uid.JPEGLSLossless, uid.JPEGLSNearLossless)
_JPEG_2000 = (uid.JPEG2000Lossless, uid.JPEG2000)
_HTJ2K = (uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL, uid.HTJ2K)
DIFFERENCE_SYNTAXES = (*_LOSSLESS_JPEG, uid.JPEGLSLossless)
"""Transfer syntaxes in which a pixel is the sum of all differences before it."""
STREAM_SYNTAXES = (*_JPEG, *_JPEG_LS, *_JPEG_2000, *_HTJ2K)
"""Transfer syntaxes whose frames are code streams with a header of their own."""
COMPRESSED_SYNTAXES = (*STREAM_SYNTAXES, uid.RLELossless)
"""All compressed transfer syntaxes that are read."""
_JPEG_HEAD = b"\xff\xd8"
_CHANNELS = (1, 3, 4)
_MOST_PRECISION = 16


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


def begins_stream(fragment: bytes) -> bool:
    """True if a fragment starts as a JPEG, JPEG-LS, JPEG 2000 or HTJ2K code stream does."""
    return fragment.startswith(_JPEG_HEAD + b"\xff") or jpeg2000.begins(fragment)


def decode_stream(frame: bytes, syntax: uid.UID, rows: int, columns: int) -> tuple[np.ndarray, int, bool]:
    """Decode the code stream in a frame, after a check that it is whole and can be decoded without harm.

    Parameters
    ----------
    frame : bytes
        The frame, with whatever lies around its stream.
    rows, columns : int
        As whatever holds the frame states them.

    Returns
    -------
    cells : numpy.ndarray
        Shape (rows, columns) or (rows, columns, components), 8 or 16 bits, signed where the stream is; colour
        channels as they are stored, but for the colour transform that is part of JPEG 2000.
    precision : int
        Bits of a cell, as the stream states them.
    is_doubtful : bool
        True if some pixels may be wrong.

    Raises
    ------
    BoneAgeError
        ``truncated`` if pixels are missing or the stream has another size, ``excessive`` for one that asks for far too
        much, ``unsupported_syntax`` for channels or bits that no film has.
    Exception
        Whatever imagecodecs raises for a broken code stream.
    """
    header, stream = _checked_stream(frame, rows, columns)
    if syntax in _JPEG:
        cells, is_doubtful = jpeg.decode(stream, header, is_lossless=syntax in _LOSSLESS_JPEG)
    elif syntax in _JPEG_LS:
        cells, is_doubtful = imagecodecs.jpegls_decode(stream), has_hole(stream)
    else:
        cells, is_doubtful = jpeg2000.decode(stream, _threads)
        is_doubtful = is_doubtful or has_hole(stream)
    return cells, header.precision, is_doubtful


def _checked_stream(frame: bytes, rows: int, columns: int) -> tuple[StreamHeader, bytes]:
    """What the stream in a frame states of itself, and the stream without what lies before and behind it.

    Decoders fill a missing rest with grey and say nothing, which must not pass for a film; padding behind the end stops
    some of them.
    """
    if frame.startswith(_JPEG_HEAD):
        header, stream, check = jpeg.read_header(frame), jpeg.whole_stream(frame), jpeg.check
    else:
        inside = jpeg2000.code_stream(frame) or b""
        header, stream, check = jpeg2000.read_header(inside), jpeg2000.whole_stream(inside), jpeg2000.check
        if header is not None:
            check(inside)  # what has too many pieces is not looked through
    if header is None or stream is None:
        raise BoneAgeError("truncated")
    check(stream)
    if (header.rows, header.columns) != (rows, columns):
        raise BoneAgeError("truncated")
    if header.components not in _CHANNELS or header.precision > _MOST_PRECISION:
        raise BoneAgeError("unsupported_syntax", "cells", channels=header.components, bits=header.precision)
    return header, stream


def decode_rle(frame: bytes, pixels: int, samples: int, planes: int) -> tuple[np.ndarray, bool]:
    """Byte planes, the highest of each sample first, each packed on its own (PS3.5 annex G).

    imagecodecs' own decoder of the whole frame crashes the process on broken headers.

    Returns
    -------
    cells : numpy.ndarray
        uint8 or uint16 in the byte order of this machine, shape (pixels, samples).
    is_doubtful : bool
        True if a segment holds a little more than its pixels.

    Raises
    ------
    BoneAgeError
        ``excessive`` if it holds far more.
    ValueError, struct.error
        For a broken header, or a segment that is too short.
    """
    count, *offsets = struct.unpack_from("<16I", frame)
    if count != samples * planes:
        raise ValueError(f"{count} segments instead of {samples * planes}")
    ends = [*offsets[1:count], len(frame)]
    segments = list(zip(offsets, ends, strict=False))
    if not all(64 <= start < end <= len(frame) for start, end in segments):
        raise ValueError("segments out of order")
    is_doubtful = any(_holds_more(frame[start:end].rstrip(b"\0\xff"), pixels) for start, end in segments)
    cells = np.empty((pixels, samples, planes), np.uint8)
    for segment, (start, end) in enumerate(segments):
        sample, plane = divmod(segment, planes)
        cells[:, sample, planes - 1 - plane] = _unpacked(frame[start:end], pixels)
    return cells.view(f"<u{planes}")[..., 0].astype(f"u{planes}", copy=False), is_doubtful


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
    if not _overflows(segment, pixels):
        return False
    if _overflows(segment, 2 * pixels):
        raise BoneAgeError("excessive", "runs")
    return True


def _overflows(segment: bytes, room: int) -> bool:
    """True if a packed segment does not fit into so many bytes."""
    try:
        imagecodecs.packbits_decode(segment, out=bytearray(room))
    except RuntimeError as error:
        return "OUTPUT_TOO_SMALL" in str(error)
    return False
