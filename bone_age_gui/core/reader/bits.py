"""Which bits of a decoded cell are the film's: one rule for every transfer syntax.

A cell is what a decoder gives: ``BitsAllocated`` bits of a native or run-length coded pixel, or the precision of a code
stream. The film lies in ``BitsStored`` of them, below ``HighBit``; what lies beside it (overlays of old files, junk) is
dropped, and signed values are extended. ``HighBit`` and ``BitsStored`` are checked against the values, because many
writers copy them from another image.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from bone_age_gui.core.reader.pixel_tags import PixelTags
from bone_age_gui.core.values.facts import Fact

_RIGHT = Fact("right_justified")
_DROPPED = Fact("bits_dropped")
_SAMPLED_ROWS = 256
_SLACK = 8
"""One over the share of the range by which a lossy codec overshoots at most."""
_NOISE = 0.6
"""Difference of neighbours, as a share of the difference of any two pixels, from which there is no film."""
_LEAST_JUMPS = 0.0005
"""Share of neighbouring pixels that must jump before the tags are doubted."""


@dataclass(frozen=True)
class _Layout:
    """What the tags say of a pixel, kept to what it can hold."""

    stored: int
    high: int
    signed: bool


@dataclass(frozen=True)
class StoredValues:
    """Stored values of a film.

    ``values`` is uint8, int8, uint16 or int16 of any shape and holds ``bits`` significant bits; ``steps`` says what
    was done that the tags do not say.
    """

    values: np.ndarray
    bits: int
    steps: tuple[Fact, ...] = ()


def stored_values(cells: np.ndarray, width: int, stated: PixelTags) -> StoredValues:
    """Take the film's bits out of the cells.

    Parameters
    ----------
    cells : numpy.ndarray
        uint8 or uint16, or int8 or int16 where the code stream is signed; native byte order.
    width : int
        Bits of a cell: those allocated, or the precision of the code stream.
    stated : PixelTags
        Where a code stream has fewer bits than are stored, its values are small ones of so many bits.
    """
    layout = _layout(stated, width)
    if layout.stored > 8 * cells.itemsize:
        cells = cells.astype(f"{cells.dtype.kind}2")
    codes = cells.view(f"u{cells.itemsize}")
    if width < 8 * cells.itemsize:
        codes = codes & codes.dtype.type(2**width - 1)
    stream_signed = cells.dtype.kind == "i"
    if stream_signed and (layout.stored >= width or not layout.signed):  # the stream knows, and uses all its bits
        return StoredValues(_extracted(codes, 0, width, signed=True), max(width, layout.stored))
    stored = layout.stored
    shift = layout.high + 1 - stored if stored <= layout.high + 1 <= width else 0
    if not shift and stored < width and _overshoots(codes, stored, width, layout.signed):
        return StoredValues(_cut(codes, stored, width, layout.signed), stored, (Fact("cut"),))
    shift, stored, steps = _as_the_values_say(codes, width, (shift, stored), layout.signed)
    return StoredValues(_extracted(codes, shift, stored, layout.signed), stored, steps)


def _layout(stated: PixelTags, width: int) -> _Layout:
    stored = min(width if stated.stored is None else stated.stored, max(width, stated.allocated))
    return _Layout(
        stored=stored if stored > 0 else width,
        high=stored - 1 if stated.high is None else stated.high,
        signed=stated.is_signed,
    )


def _as_the_values_say(
    codes: np.ndarray, width: int, stated: tuple[int, int], signed: bool
) -> tuple[int, int, tuple[Fact, ...]]:
    """Shift and number of bits: as stated unless the values contradict; and what is to be said of it."""
    shift, stored = stated
    used = int(np.bitwise_or.reduce(codes, axis=None))
    fits = used < 2**stored or (signed and _is_extended(codes, stored, width))
    if fits and not shift:
        return 0, stored, ()
    if shift:
        if fits and used & (2**shift - 1):
            return 0, stored, (_RIGHT,)
        if _is_noise(_sample(codes) & (2**shift - 1)) and not _film_goes_on(codes, stored, width, signed):
            return 0, stored, (_RIGHT, _DROPPED)
        return shift, stored, (Fact("left_justified", {"bits": shift}),)
    spare = width - stored
    low_bits_used = bool(used & (2**spare - 1))
    # Bits above signed values are too often what is left of their sign.
    if (signed and low_bits_used) or not _film_goes_on(codes, stored, width, signed):
        return 0, stored, (_DROPPED,)
    if not low_bits_used:
        return spare, stored, (Fact("left_justified_unsaid", {"bits": spare}),)
    return 0, used.bit_length(), (Fact("more_bits"),)


def _limits(stored: int, signed: bool) -> tuple[int, int]:
    """Lowest and highest number of so many bits."""
    return (-(2 ** (stored - 1)), 2 ** (stored - 1) - 1) if signed else (0, 2**stored - 1)


def _overshoots(codes: np.ndarray, stored: int, width: int, signed: bool) -> bool:
    """True if a few values lie just beyond the range, beside bright or dark ones: the work of a lossy codec.

    An overlay lies anywhere, and far beyond.
    """
    low, high = _limits(stored, signed)
    if codes.ndim != 2 or int(codes.max()) <= high:
        return False
    numbers = _number(codes, width, signed)
    slack = 2**stored // _SLACK
    if numbers.max() > high + slack or numbers.min() < low - slack:
        return False
    for beyond, limit in ((numbers > high, high), (numbers < low, low)):
        around = cv2.dilate(beyond.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~beyond
        if around.any() and abs(float(numbers[around].mean()) - limit) > 2 * slack:
            return False
    return True


def _cut(codes: np.ndarray, stored: int, width: int, signed: bool) -> np.ndarray:
    """The numbers cut to the range of so many bits."""
    kind = f"{'i' if signed else 'u'}{codes.itemsize}"
    return np.clip(_number(codes, width, signed), *_limits(stored, signed)).astype(kind)


def _is_extended(codes: np.ndarray, stored: int, width: int) -> bool:
    """True if every cell is a two's complement number of ``stored`` bits."""
    whole = 8 * codes.itemsize
    numbers = codes.view(f"i{codes.itemsize}") if width == whole else _number(codes, width, signed=True)
    return bool(numbers.min() >= -(2 ** (stored - 1)) and numbers.max() < 2 ** (stored - 1))


def _film_goes_on(codes: np.ndarray, stored: int, width: int, signed: bool) -> bool:
    """True if the bits above the lower ``stored`` belong to the film.

    Then the lower bits overflow: they jump by more than half their range where the whole cell hardly changes, or they
    are nothing but noise. Beside an overlay they jump nowhere, or together with the cell. Of signed values that are
    not extended the whole cell overflows too, at every change of sign.
    """
    rows = _sample(codes)
    numbers = _number(rows & (2**stored - 1), stored, signed)
    lower = np.abs(np.diff(numbers, axis=-1))
    whole = np.abs(np.diff(_number(rows, width, signed), axis=-1))
    half = 2 ** (stored - 1)
    jumps = int(np.count_nonzero(lower > half))
    overflows = int(np.count_nonzero((lower > half) & (whole < lower)))
    of_the_whole = int(np.count_nonzero((whole > half) & (lower < whole))) if signed else 0
    many = jumps > _LEAST_JUMPS * lower.size and overflows > max(0.5 * jumps, of_the_whole)
    return many or _is_noise(numbers)


def _sample(codes: np.ndarray) -> np.ndarray:
    """Some rows of the first channel."""
    grey = codes if codes.ndim == 2 else codes[..., 0]
    return grey[:: max(1, grey.shape[0] // _SAMPLED_ROWS)]


def _is_noise(numbers: np.ndarray) -> bool:
    """True if neighbours differ nearly as much as any two pixels: no film or overlay, but the lowest bits of one."""
    mixed = np.random.default_rng(0).permutation(numbers.ravel()).astype(np.int32)
    neighbours = np.abs(np.diff(numbers.astype(np.int32), axis=-1)).mean()
    return bool(neighbours > _NOISE * np.abs(np.diff(mixed)).mean())


def _number(codes: np.ndarray, bits: int, signed: bool) -> np.ndarray:
    """int32: the codes as numbers of so many bits."""
    numbers = codes.astype(np.int32)
    return np.where(numbers >= 2 ** (bits - 1), numbers - 2**bits, numbers) if signed else numbers


def _extracted(codes: np.ndarray, shift: int, stored: int, signed: bool) -> np.ndarray:
    """The values, without a copy where nothing is to be done."""
    size = codes.itemsize
    if signed:
        spare = 8 * size - stored
        up = spare - shift
        moved = np.left_shift(codes, up) if up >= 0 else np.right_shift(codes, -up)
        return np.right_shift(moved.view(f"i{size}"), spare)
    values = np.right_shift(codes, shift) if shift else codes
    mask = 2**stored - 1
    return values if stored + shift == 8 * size else values & values.dtype.type(mask)
