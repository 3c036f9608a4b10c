"""From the pixel data of a DICOM file to stored values or colour channels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pydicom.encaps import generate_fragments
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RLELossless,
)

from bone_age_gui.core.reader import codecs
from bone_age_gui.core.reader.bits import StoredValues, stored_values
from bone_age_gui.core.reader.damage import is_torn, looks_damaged
from bone_age_gui.core.reader.pixel_tags import PixelTags
from bone_age_gui.core.reader.refusals import damaged_if_it_fails
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact

_NATIVE = (ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian)
_MOST_PADDING = 512
"""Bytes of one value that may lie behind native pixels."""
_CHANNELS = (1, 3, 4)
SYNTAXES = (*_NATIVE, *codecs.COMPRESSED_SYNTAXES)
"""Transfer syntaxes that are read."""
PALETTE = "PALETTE COLOR"


@dataclass(frozen=True)
class DecodedFrame:
    """The single frame of a film.

    Attributes
    ----------
    stored : StoredValues
        Values of shape (rows, columns), or (rows, columns, 3) for colour.
    photometric : str
        ``"MONOCHROME1"``, ``"MONOCHROME2"``, ``PALETTE`` for values that stand for colours, or what the tags say of
        colour channels.
    storage : Fact
        How the pixels were stored.
    is_doubtful : bool
        True if some pixels may be wrong.
    """

    stored: StoredValues
    photometric: str
    storage: Fact
    is_doubtful: bool = False


def decode_frame(stated: PixelTags) -> DecodedFrame:
    """Decode the only frame of a file whose sizes were checked.

    Raises
    ------
    BoneAgeError
        ``unsupported_syntax``, ``truncated`` for what is damaged or contradicts itself, ``multi_frame`` for code
        streams that are more than the file says.
    """
    syntax = stated.syntax
    if syntax not in SYNTAXES:
        if syntax.name == syntax:  # DICOM has no name for it
            raise BoneAgeError("unsupported_syntax", "transfer")
        raise BoneAgeError("unsupported_syntax", what=syntax.name)
    cells, width, is_doubtful = _native(stated) if syntax in _NATIVE else _compressed(stated)
    if cells.ndim == 3:
        cells = cells[..., 0] if cells.shape[2] == 1 else cells[..., :3]
    stored = stored_values(np.ascontiguousarray(cells), width, stated)
    span = 2.0**stored.bits - 1
    if cells.ndim == 2 and not is_doubtful:
        is_doubtful = looks_damaged(stored.values, span)
        is_doubtful = is_doubtful or (syntax in codecs.DIFFERENCE_SYNTAXES and is_torn(stored.values, span))
    photometric = stated.photometric.upper()
    if cells.ndim == 2 and photometric not in ("MONOCHROME1", "MONOCHROME2", PALETTE):
        if not photometric.startswith(("RGB", "YBR")):
            if not photometric:
                raise BoneAgeError("unsupported_syntax", "grey")
            raise BoneAgeError("unsupported_syntax", what=photometric)
        photometric = "MONOCHROME2"  # one channel: grey, whatever the tags say of colour
    storage = Fact("decoded", {"syntax": syntax.name}) if syntax.is_compressed else Fact("uncompressed")
    return DecodedFrame(stored, photometric, storage, is_doubtful)


def _compressed(stated: PixelTags) -> tuple[np.ndarray, int, bool]:
    """Cells of an encapsulated frame in native byte order, their bits, and whether some may be wrong."""
    syntax, rows, columns = stated.syntax, stated.rows, stated.columns
    frame = _only_frame(stated)
    if syntax == RLELossless:
        samples, size = stated.samples, stated.allocated // 8
        with damaged_if_it_fails():
            cells, is_doubtful = codecs.decode_rle(frame, rows * columns, samples, size)
        return cells.reshape(rows, columns, samples), 8 * size, is_doubtful
    with damaged_if_it_fails():
        cells, precision, is_doubtful = codecs.decode_stream(frame, syntax, rows, columns)
    if cells.shape[:2] != (rows, columns) or cells.itemsize > 2:
        raise BoneAgeError("truncated")
    return cells, precision, is_doubtful


def _bytes(stated: PixelTags) -> bytes:
    """The pixel data, whatever the file calls their kind."""
    if not isinstance(stated.pixel_data, bytes | bytearray):
        raise BoneAgeError("truncated")
    return bytes(stated.pixel_data)


def _only_frame(stated: PixelTags) -> bytes:
    """All fragments as one frame: a single frame needs no offset table, so a wrong one does no harm."""
    fragments: list[bytes] = []
    try:
        fragments += generate_fragments(_bytes(stated))
    except MemoryError:
        raise
    except Exception:  # what follows the fragments is no item: they say themselves whether they are whole
        fragments = fragments or [b""]
    if len(fragments) > 1 and not codecs.begins_stream(fragments[0]):
        fragments = fragments[1:]  # the offset table
    frames = sum(codecs.begins_stream(fragment) for fragment in fragments)
    if frames > 1:
        raise BoneAgeError("multi_frame", frames=frames)
    return b"".join(fragments)


def _native(stated: PixelTags) -> tuple[np.ndarray, int, bool]:
    """Cells of uncompressed pixels in native byte order, their bits, and that nothing speaks against them."""
    rows, columns, samples, size = stated.rows, stated.columns, stated.samples, stated.allocated // 8
    pixel_bytes = _bytes(stated)
    big = not stated.syntax.is_little_endian
    if samples not in _CHANNELS:
        raise BoneAgeError("unsupported_syntax", "channels", channels=samples)
    halved = samples == 3 and stated.photometric == "YBR_FULL_422"
    count = rows * columns * (2 if halved else samples)
    _check_length(pixel_bytes, count * size)
    if size == 1 and big and stated.in_words:  # bytes come in swapped pairs
        pixel_bytes = np.frombuffer(pixel_bytes[: len(pixel_bytes) // 2 * 2], ">u2").astype("<u2").tobytes()
    cells = np.frombuffer(pixel_bytes, f"{'>' if big else '<'}u{size}", count).astype(f"u{size}", copy=False)
    if halved:
        return _both_pixels(cells).reshape(rows, columns, 3), 8 * size, False
    if samples > 1 and stated.is_planar:
        return cells.reshape(samples, rows, columns).transpose(1, 2, 0), 8 * size, False
    return cells.reshape(rows, columns, samples), 8 * size, False


def _check_length(pixel_bytes: bytes, expected: int) -> None:
    """Refuse native pixels that are not as many as the tags say, a little padding aside."""
    surplus = pixel_bytes[expected:]
    if len(pixel_bytes) < expected or len(surplus) > _MOST_PADDING or len(set(surplus)) > 1:
        raise BoneAgeError("truncated")


def _both_pixels(cells: np.ndarray) -> np.ndarray:
    """Y1 Y2 B R to Y1 B R, Y2 B R (PS3.3 C.7.6.3.1.2)."""
    pairs = cells.reshape(-1, 4)
    return pairs[:, [0, 2, 3, 1, 2, 3]].reshape(-1, 3)
