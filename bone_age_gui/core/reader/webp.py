"""WebP files: whether their coded pixels are all there, and no more."""

from __future__ import annotations

import imagecodecs
import numpy as np

from bone_age_gui.core.reader.damage import is_torn
from bone_age_gui.core.reader.endings import has_hole
from bone_age_gui.core.values.errors import BoneAgeError

_LOSSLESS, _LOSSY = b"VP8L", b"VP8 "
_SPARE_BYTES = (8, 16)
"""So many bytes the decoder misses at the end of a whole film: it may overlook the fewer of them by chance."""


def looks_incomplete(content: bytes, pixels: np.ndarray) -> bool:
    """True if some pixels may be wrong.

    Parameters
    ----------
    content : bytes
        The whole file, which could be decoded.
    pixels : numpy.ndarray
        Its first channel, uint8, shape (height, width).

    Raises
    ------
    BoneAgeError
        ``truncated`` for a file that is shorter than it says.
    """
    if len(content) < 8 + int.from_bytes(content[4:8], "little"):
        raise BoneAgeError("truncated")
    at = _coded_at(content)
    if at is None or has_hole(content):
        return True
    return all(_can_do_without(content, at, count) for count in _SPARE_BYTES) or (
        content[at : at + 4] == _LOSSLESS and is_torn(pixels, 255.0)
    )


def _coded_at(content: bytes) -> int | None:
    """Where the chunk of the coded pixels begins."""
    at = 12
    while at + 8 <= len(content):
        if content[at : at + 4] in (_LOSSLESS, _LOSSY):
            return at
        at += 8 + (int.from_bytes(content[at + 4 : at + 8], "little") + 1) // 2 * 2
    return None


def _can_do_without(content: bytes, at: int, count: int) -> bool:
    """True if the coded pixels can be decoded without their last bytes: they came to their end too soon."""
    length = int.from_bytes(content[at + 4 : at + 8], "little") - count
    if length <= 0:
        return True
    chunk = content[at : at + 4] + length.to_bytes(4, "little") + content[at + 8 : at + 8 + length] + bytes(length % 2)
    try:
        imagecodecs.webp_decode(b"RIFF" + (4 + len(chunk)).to_bytes(4, "little") + b"WEBP" + chunk)
    except MemoryError:
        raise
    except Exception:
        return False
    return True
