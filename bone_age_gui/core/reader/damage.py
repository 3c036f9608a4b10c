"""Whether a decoder got all of its film: decoders fill what is missing, and say nothing.

A coded film that is whole ends with its last pixels. So its last bytes are exchanged and it is decoded once more: a
whole one changes in its last rows alone. One that changes earlier had run out of bytes, and one that does not change at
all had come to its end too soon. Films without such an end are looked at: rows of noise, rows that come again and
again, and plain rows that begin in the middle of a row.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

import numpy as np

from bone_age_gui.core.values.quality import Notice

_FEW, _MORE = 4, 16
"""Bytes at the end that are exchanged: first the few, the others if those show nothing."""
_LAST_BLOCKS = 3
"""Blocks at the end that may change without being looked at again."""
_LEAST_SHARE = 0.006
"""Share of the blocks that hang on the last bytes where pixels are missing: plain corners of whole films are fewer."""
_OTHER = bytes((73 * number + 41) % 251 for number in range(3 * _MORE))
"""What stands in their place: more of them, with no marker among them."""
_NOISE = 0.18
"""Mean difference of neighbours in a row, as a share of the range: that of noise is a third."""
_REPEATED = 12
"""So many equal rows that are not plain come from no detector."""
_VARIED = 0.15
"""Share of neighbours in a row that differ where a film has content."""
_PLAIN_ROWS = 8
_HALF = 0.4
_HOLE = 256
"""Zero bytes in a row that no packing leaves."""
_STEP_SHARE = 0.05


class End(Enum):
    """How the coded pixels end."""

    WHOLE = auto()
    TOO_LATE = auto()
    """The decoder ran out of bytes before the last rows: pixels are missing."""
    TOO_SOON = auto()
    """Bytes were left when all pixels were there: some of them are wrong."""


def end_of(pixels: np.ndarray, coded: bytes, closing: bytes, decode: Callable[[bytes], np.ndarray], block: int) -> End:
    """Compare a film with what another end makes of it.

    Parameters
    ----------
    pixels : numpy.ndarray
        What ``decode`` made of ``coded`` and ``closing``; shape (height, width) or (height, width, channels).
    coded : bytes
        The file or stream up to the end of its coded pixels.
    closing : bytes
        What must follow: an end marker, or nothing.
    block : int
        Side of the squares that are coded together, one after the other.
    """
    few = _first_change(_changed(pixels, coded, closing, decode, _FEW), block)
    if few is None:
        return End.WHOLE
    blocks = -(-pixels.shape[0] // block) * -(-pixels.shape[1] // block)
    if 0 < blocks - few <= _LAST_BLOCKS:
        return End.WHOLE
    more = _first_change(_changed(pixels, coded, closing, decode, _MORE), block)
    if more is None or more == blocks:
        return End.TOO_SOON if more == blocks else End.WHOLE
    if few == blocks:  # the last bytes hold nothing that is seen
        return End.WHOLE
    # What the few bytes hold, by what the bytes before them hold.
    least = max(2 * (few - more) + _LAST_BLOCKS, _LEAST_SHARE * blocks)
    return End.TOO_LATE if blocks - few > least else End.WHOLE


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
    room = len(_OTHER) if closing == b"\xff\xd9" else count  # other formats state their length
    try:
        other = decode(coded[:-count] + _OTHER[:room] + closing)
    except Exception:  # the codec tells the other end apart, so it would tell a broken one
        return None
    if other.shape != pixels.shape:
        return None
    # Of colour the first channel: the others are often coarser, and smoothed across blocks.
    return np.asarray(other != pixels if pixels.ndim == 2 else other[..., 0] != pixels[..., 0])


def has_hole(coded: bytes) -> bool:
    """True if well packed data hold a long row of zero bytes, as a disk or network leaves them."""
    return bytes(_HOLE) in coded


def looks_damaged(pixels: np.ndarray, span: float) -> bool:
    """True for rows that no detector makes.

    Parameters
    ----------
    pixels : numpy.ndarray
        Stored values, shape (height, width).
    span : float
        Their range: highest less lowest number that they can hold.
    """
    if len(pixels) <= 2 * _REPEATED:
        return False
    return _has_noise(pixels, span) or _has_equal_rows(pixels) or _is_half_plain(pixels) or _has_step_into_plain(pixels)


def _has_noise(pixels: np.ndarray, span: float) -> bool:
    """Some rows, but not most of them, are noise."""
    width = pixels.shape[1] // 4 * 4
    pairs = pixels[:, 1:width:4].astype(np.int32) - pixels[:, :width:4]
    neighbours = np.abs(pairs).mean(axis=1)
    noisy = neighbours > _NOISE * span
    return bool(noisy.any() and noisy.mean() < 0.9 and np.median(neighbours[~noisy]) < _NOISE * span / 2)


def _has_equal_rows(pixels: np.ndarray) -> bool:
    """Many rows in a row are equal, and hold more than plain parts and letters."""
    same = np.concatenate(([False], (pixels[1:] == pixels[:-1]).all(axis=1)))
    if _longest(same) < _REPEATED:
        return False
    varied = (pixels[:, 1:] != pixels[:, :-1]).mean(axis=1) > _VARIED
    return _longest(same & varied) >= _REPEATED


def _longest(flags: np.ndarray) -> int:
    """Length of the longest run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _has_step_into_plain(pixels: np.ndarray) -> bool:
    """Plain rows begin, or end, within a row, where the row beside it goes on."""
    return _steps(pixels) or _steps(pixels[::-1, ::-1])


def _is_half_plain(pixels: np.ndarray) -> bool:
    """Nearly half of the film is plain: rather what is missing than a collimator."""
    return _longest((pixels == pixels[:, :1]).all(axis=1)) >= _HALF * len(pixels)


def _steps(pixels: np.ndarray) -> bool:
    width = pixels.shape[1]
    differs = pixels != pixels[:, -1:]
    # Where the plain tail of each row begins: 0 for a plain row.
    tails = np.where(differs.any(axis=1), width - np.argmax(differs[:, ::-1], axis=1), 0)
    plain = tails == 0
    for row in np.flatnonzero(~plain[:-_PLAIN_ROWS] & plain[1 : 1 - _PLAIN_ROWS]):
        below = pixels[row + 1 : row + 1 + _PLAIN_ROWS]
        if not plain[row + 1 : row + 1 + _PLAIN_ROWS].all() or (below != pixels[row, -1]).any():
            continue
        top = row
        while top > 0 and tails[top - 1] == tails[row]:  # blocks of rows end together
            top -= 1
        if top > 0 and tails[top - 1] - tails[row] > _STEP_SHARE * width:
            above = pixels[top - 1]
            beyond = above[tails[row] : tails[top - 1]]
            if min(np.mean(part[1:] != part[:-1]) for part in (above, beyond)) > _VARIED:  # film, and no letters
                return True
    return False


def doubt() -> Notice:
    """What is said of a film of which some pixels may be wrong."""
    return Notice("perhaps_damaged", loud=True, doubt=True)
