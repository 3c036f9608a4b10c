"""Whether a decoder got all of its film: decoders fill what is missing, and say nothing.

A coded film that is whole ends with its last pixels. So its last bytes are exchanged and it is decoded once more: a
whole one changes in its last rows alone. One that changes earlier had run out of bytes, and one that does not change at
all had come to its end too soon.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

import numpy as np

_FEW, _MORE = 4, 16
"""Bytes at the end that are exchanged: first the few, the others if those show nothing."""
_LAST_BLOCKS = 3
"""Blocks at the end that may change without being looked at again."""
_LEAST_SHARE = 0.006
"""Share of the blocks that hang on the last bytes where pixels are missing: plain corners of whole films are fewer."""
_LAST_BITS = 8
_END_OF_A_PASS = 0.03
"""Share of the squares that may hang on the last bytes of a pass although they are not plain."""
_BOTTOM = 0.1
"""Share of the squares at the end in which something must be seen."""
_DETAIL, _FEW_DETAILS = 8, 0.3
"""Grey levels between which a plain square lies, and the share of others that may be among them."""
_OTHER = bytes((73 * number + 41) % 251 for number in range(3 * _MORE))
"""What stands in their place: more of them, with no marker among them."""
_HOLE = 256
"""Zero bytes in a row that no packing leaves."""


class End(Enum):
    """How the coded pixels end."""

    WHOLE = auto()
    TOO_LATE = auto()
    """The decoder ran out of bytes before the last rows: pixels are missing."""
    DOUBTFUL = auto()
    """Bytes were left when all pixels were there, or too few of them made the last ones: some pixels are wrong."""


def end_of(
    pixels: np.ndarray, coded: bytes, closing: bytes, decode: Callable[[bytes], np.ndarray], block: int, least: int
) -> End:
    """Compare a film with what another end makes of it.

    Parameters
    ----------
    pixels : numpy.ndarray
        What ``decode`` made of ``coded`` and ``closing``; shape (height, width) or (height, width, channels).
    coded : bytes
        The file or stream up to the end of its coded pixels.
    closing : bytes
        What must follow: an end marker.
    block : int
        Side of the squares that are coded together, one after the other.
    least : int
        Bits that a square takes at least.
    """
    blocks = -(-pixels.shape[0] // block) * -(-pixels.shape[1] // block)
    last = _first_change(_changed(pixels, coded, closing, decode, 2 if coded.endswith(b"\xff\0") else 1), block)
    if last is None or 0 < blocks - last <= _LAST_BITS // least + 1:  # in one byte there is no room for more
        return End.WHOLE
    few = _first_change(_changed(pixels, coded, closing, decode, _FEW), block)
    if few is None or 0 < blocks - few <= _LAST_BLOCKS:
        return End.WHOLE
    more = _first_change(_changed(pixels, coded, closing, decode, _MORE), block)
    if more == blocks:
        return End.DOUBTFUL
    if more is not None and few < blocks:  # at the end, what the few bytes hold by what those before them hold
        room = max(2 * (few - more) + _LAST_BLOCKS, _LEAST_SHARE * blocks)
        if blocks - few > room:
            return End.TOO_LATE
    return End.DOUBTFUL if last < blocks else End.WHOLE


def end_of_pass(
    pixels: np.ndarray, coded: bytes, rest: bytes, decode: Callable[[bytes], np.ndarray], least: int | None
) -> End:
    """Compare one pass of several over all squares of 8 pixels with another end; ``rest`` follows it.

    ``least``: bits that a square takes at least; ``None`` where a few bits may stand for any number of plain squares.
    """
    blocks = -(-pixels.shape[0] // 8) * -(-pixels.shape[1] // 8)
    for count in (2 if coded.endswith(b"\xff\0") else 1, _FEW, _MORE):
        last = _first_change(_changed(pixels, coded, rest, decode, count), 8)
        if last is None:
            continue
        if last < blocks:
            too_early = least is not None and count < _FEW and blocks - last > _LAST_BITS // least + 1
            too_early = too_early or (blocks - last > _END_OF_A_PASS * blocks and not _is_plain_behind(pixels, last))
            return End.DOUBTFUL if too_early else End.WHOLE
    # Details may be too faint to be seen where all is black or white.
    is_plain = _is_plain_behind(pixels, round((1 - _BOTTOM) * blocks))
    return End.DOUBTFUL if last == blocks and not is_plain else End.WHOLE


def _is_plain_behind(pixels: np.ndarray, block: int) -> bool:
    """True if most squares below the row of that square show next to nothing."""
    grey = pixels if pixels.ndim == 2 else pixels[..., 0]
    across = -(-grey.shape[1] // 8)
    below = grey[(block // across + 1) * 8 :]
    height, width = (side // 8 * 8 for side in below.shape)
    if not height:
        return True
    squares = below[:height, :width].reshape(height // 8, 8, width // 8, 8)
    return bool(np.mean(np.ptp(squares, axis=(1, 3)) > _DETAIL) < _FEW_DETAILS)


def _first_change(changed: np.ndarray | None, block: int) -> int | None:
    """Number of the first block with a changed pixel, in the order of coding; that of all blocks without one."""
    if changed is None:
        return None
    across = -(-changed.shape[1] // block)
    rows = np.flatnonzero(changed.any(axis=1))
    if not rows.size:
        return -(-changed.shape[0] // block) * across
    first = int(rows[0]) // block
    columns = changed[first * block : (first + 1) * block].any(axis=0)
    return first * across + int(np.argmax(columns)) // block


def _changed(
    pixels: np.ndarray, coded: bytes, closing: bytes, decode: Callable[[bytes], np.ndarray], count: int
) -> np.ndarray | None:
    """True where another end of so many bytes makes another pixel; ``None`` where the codec does not take it."""
    try:
        other = decode(coded[:-count] + _OTHER + closing)
    except MemoryError:
        raise
    except Exception:  # the codec tells the other end apart, so it would tell a broken one
        return None
    if other.shape != pixels.shape:
        return None
    # Of colour the first channel: the others are often coarser, and smoothed across blocks.
    return np.asarray(other != pixels if pixels.ndim == 2 else other[..., 0] != pixels[..., 0])


def has_hole(coded: bytes) -> bool:
    """True if well packed data hold a long row of zero bytes, as a disk or network leaves them."""
    return bytes(_HOLE) in coded
