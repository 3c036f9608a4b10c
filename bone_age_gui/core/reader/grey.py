"""From a decoded DICOM frame to grey: modality, window and photometric interpretation in one table.

For grey films all of it is a function of the single stored value (PS3.3 C.11 and PS3.4 N.2), so it is computed
for the at most 65,536 possible values and applied to the film by one look-up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from pydicom import Dataset
from pydicom.pixels.processing import apply_color_lut

from bone_age_gui.core.reader.bits import StoredValues
from bone_age_gui.core.reader.colour import full_scale, grey_of_colour
from bone_age_gui.core.reader.decode import PALETTE, DecodedFrame
from bone_age_gui.core.reader.grey_tags import GreyTags, read_grey_tags
from bone_age_gui.core.reader.refusals import damaged_if_it_fails
from bone_age_gui.core.reader.tags import Table
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.types import GreyUnits

USED_SHARE = 0.25
"""Without a window, a film that uses less of its range than this is stretched to fill it."""

_LEAST_CONTRAST = 0.01
_SHOWN = 0.2
"""Share of the structured pixels that a window must show."""
_SANE_SLOPE, _SANE_INTERCEPT = (1e-9, 1e9), 1e12
_STEP = 4
"""Rows and columns from one looked-at pixel to the next."""
_STRUCTURED = 0.2
"""Share of the pixels that count as the hand's."""
_BLANK_STEP = 8


@dataclass
class _Scale:
    """The grey scale on its way: ``values`` for every stored value, between ``low`` and ``high``."""

    values: np.ndarray
    low: float
    high: float
    steps: list[Fact]
    notices: list[Notice]
    has_window: bool = False


@dataclass(frozen=True)
class Grey:
    """Presentation values.

    Attributes
    ----------
    pixels : numpy.ndarray
        uint16, shape (height, width), 0 to 65535, bright where the tags say bright bone.
    bits : int
        Those of a stored value.
    steps : tuple of Fact
    notices : tuple of Notice
    units : GreyUnits or None
        ``None`` where the greys are not linear in the values that the file's window is stated in.
    has_window : bool
        True if the file's own window or VOI table was applied.
    """

    pixels: np.ndarray
    bits: int
    steps: tuple[Fact, ...]
    notices: tuple[Notice, ...] = ()
    units: GreyUnits | None = None
    has_window: bool = False


def grey_of_frame(frame: DecodedFrame, dataset: Dataset) -> Grey:
    """A film in grey by its tags, also where it was stored in colour or by a palette.

    Raises ``BoneAgeError``: ``empty`` for one that shows nothing, ``colour truncated excessive``.
    """
    frame = _through_palette(frame, dataset)
    stored = frame.stored
    if stored.values.min() == stored.values.max():
        raise BoneAgeError("empty", "blank")
    if stored.values.ndim == 2:
        grey = to_grey(stored, read_grey_tags(dataset), inverse=frame.photometric == "MONOCHROME1")
    else:
        channels = full_scale(stored.values.view(f"u{stored.values.itemsize}"), stored.bits)
        # The colour transform of JPEG 2000 (YBR_RCT, YBR_ICT) is undone by its decoder.
        pixels, step = grey_of_colour(channels, is_ybr=frame.photometric.startswith(("YBR_FULL", "YBR_PARTIAL")))
        grey = Grey(pixels, stored.bits, (step,), units=GreyUnits(0.0, 2.0**stored.bits - 1))
    if np.unique(grey.pixels[::_BLANK_STEP, ::_BLANK_STEP]).size < 3:
        raise BoneAgeError("empty", "blank")
    return grey


def _through_palette(frame: DecodedFrame, dataset: Dataset) -> DecodedFrame:
    """The frame with the colours that a palette gives to its values, where it has one."""
    if frame.photometric != PALETTE or frame.stored.values.ndim != 2:
        return frame
    with damaged_if_it_fails():
        colours = apply_color_lut(frame.stored.values, dataset)[..., :3]
    colours = np.ascontiguousarray(colours, dtype=f"u{colours.itemsize}")
    return replace(frame, stored=StoredValues(colours, 8 * colours.itemsize, frame.stored.steps), photometric="RGB")


def to_grey(film: StoredValues, stated: GreyTags, *, inverse: bool) -> Grey:
    """Turn stored values into presentation values.

    Parameters
    ----------
    film : StoredValues
        Values of shape (height, width).
    stated : GreyTags
        Modality and VOI tags are applied; broken ones are left out with a notice.
    inverse : bool
        True for MONOCHROME1: low values are bright.
    """
    stored = film.values
    codes = stored.view(f"u{stored.itemsize}")
    domain = np.arange(2 ** (8 * stored.itemsize), dtype=codes.dtype).view(stored.dtype)
    padding = _padding(domain, stated, film.bits)
    first, last = _used(stored, codes, padding)
    low, high = _nominal(film)
    scale = _Scale(domain.astype(np.float64), low, high, [], [])
    _modality(scale, stated)
    used = np.sort(scale.values[np.array([first, last]).astype(stored.dtype).view(codes.dtype)])
    grey = _voi(scale, stated, _structure(scale.values, codes), used)
    if inverse:
        grey = 1.0 - grey
        scale.steps.append(Fact("monochrome1"))
    units = _units(scale.values, grey)
    grey[padding] = 0.0
    table = np.round(np.clip(grey, 0.0, 1.0) * 65535).astype(np.uint16)
    return Grey(cv2.LUT(codes, table), film.bits, tuple(scale.steps), tuple(scale.notices), units, scale.has_window)


def _units(values: np.ndarray, grey: np.ndarray) -> GreyUnits | None:
    """The values at grey 0 and 1, ``None`` if the greys between are not linear in them."""
    inside = (grey > 0) & (grey < 1)
    if np.count_nonzero(inside) < 2:
        return None
    values, grey = values[inside], grey[inside]
    first, last = int(values.argmin()), int(values.argmax())
    slope = (grey[last] - grey[first]) / max(values[last] - values[first], 1e-12)
    if slope == 0 or not np.allclose(grey, grey[first] + slope * (values - values[first]), rtol=0, atol=1e-6):
        return None
    black = float(values[first] - grey[first] / slope)
    return GreyUnits(black, black + float(1 / slope))


def _padding(domain: np.ndarray, stated: GreyTags, bits: int) -> np.ndarray:
    """True for the stored values that mean *no picture here* (PS3.3 C.7.5.1.1.2)."""
    value = stated.padding
    if not value:
        return np.zeros(domain.shape, bool)
    limit = stated.padding_limit or value
    first, last = sorted(_as_stored(number, domain.dtype.kind == "i", bits) for number in (value[0], limit[0]))
    return np.asarray((domain >= first) & (domain <= last))


def _as_stored(value: float, signed: bool, bits: int) -> int:
    """A tag's number cut to the film's bits and sign, as its values are: writers state it with all bits set."""
    code = int(value) % 2**bits
    return code - 2**bits if signed and code >= 2 ** (bits - 1) else code


def _used(stored: np.ndarray, codes: np.ndarray, padding: np.ndarray) -> tuple[int, int]:
    """Lowest and highest stored value of the film, its padding aside."""
    if padding.any():
        inside = stored[~padding[codes]]
        if inside.size:
            return int(inside.min()), int(inside.max())
    low, high, _, _ = cv2.minMaxLoc(stored)
    return int(low), int(high)


def _nominal(film: StoredValues) -> tuple[float, float]:
    """The range that the film's bits can hold."""
    if film.values.dtype.kind == "i":
        return -(2.0 ** (film.bits - 1)), 2.0 ** (film.bits - 1) - 1
    return 0.0, 2.0**film.bits - 1


def _modality(scale: _Scale, stated: GreyTags) -> None:
    """Modality LUT sequence, else rescale slope and intercept."""
    if stated.modality is not None:
        table = _lookup(stated.modality, scale.values, stated.is_little)
        if table is not None:
            scale.values, scale.high = table
            scale.low = 0.0
            scale.steps.append(Fact("modality_table"))
            return
        scale.notices.append(Notice("modality_lut"))
    slope, intercept = stated.slope, stated.intercept
    if not slope or not intercept or slope[0] == 0 or (slope[0], intercept[0]) == (1, 0):
        return
    if not (_SANE_SLOPE[0] <= abs(slope[0]) <= _SANE_SLOPE[1] and abs(intercept[0]) <= _SANE_INTERCEPT):
        raise BoneAgeError("truncated", "senseless")
    scale.values = scale.values * slope[0] + intercept[0]
    ends = sorted(end * slope[0] + intercept[0] for end in (scale.low, scale.high))
    scale.low, scale.high = ends
    scale.steps.append(Fact("rescaled", {"slope": slope[0], "intercept": intercept[0]}))


def _voi(scale: _Scale, stated: GreyTags, hand: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Grey from 0 to 1 by VOI LUT, else by the first window, else by the range of the film."""
    if stated.voi is not None:
        table = _lookup(stated.voi, scale.values, stated.is_little)
        if table is not None and _shows(table[0] / table[1], hand):
            scale.steps.append(Fact("voi_table"))
            scale.has_window = True
            return table[0] / table[1]
        scale.notices.append(Notice("voi_lut"))
    if stated.width:
        grey = _window(scale, stated)
        if grey is not None and _shows(grey, hand):
            scale.has_window = True
            return grey
        scale.steps[:] = [step for step in scale.steps if step.code != "window"]
        scale.notices.append(Notice("window"))
    low, high = scale.low, scale.high
    if used[1] > used[0] and used[1] - used[0] < USED_SHARE * (high - low):
        low, high = float(used[0]), float(used[1])
        scale.steps.append(Fact("stretched", {"low": low, "high": high}))
    return np.clip((scale.values - low) / (high - low), 0.0, 1.0)


def _window(scale: _Scale, stated: GreyTags) -> np.ndarray | None:
    """Grey by the first window (PS3.3 C.11.2.1.2 and C.11.2.1.3), ``None`` if it is not valid."""
    centre, width = stated.centre, stated.width
    if not centre or not width or width[0] <= 0:
        return None
    middle, span = centre[0], width[0]
    function = (stated.function or "LINEAR").upper()
    with np.errstate(over="ignore"):
        if function == "SIGMOID":
            grey = 1.0 / (1.0 + np.exp(-4.0 * (scale.values - middle) / span))
        elif function == "LINEAR_EXACT":
            grey = (scale.values - middle) / span + 0.5
        elif span > 1:
            grey = (scale.values - (middle - 0.5)) / (span - 1) + 0.5
        else:
            grey = (scale.values > middle - 0.5).astype(np.float64)
    name = function.lower().replace("_", " ")
    scale.steps.append(Fact("window", {"centre": middle, "width": span, "function": name}))
    return np.clip(grey, 0.0, 1.0)


def _structure(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Codes of the pixels in which a film has most structure: the hand, not the air and the plain margins."""
    sample = codes[::_STEP, ::_STEP]
    small = cv2.GaussianBlur(values[sample].astype(np.float32), (0, 0), 1.0)
    length = cv2.magnitude(cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1))
    return np.asarray(sample[length >= np.quantile(length, 1 - _STRUCTURED)])


def _shows(grey: np.ndarray, hand: np.ndarray) -> bool:
    """True if enough of the hand lies between black and white, and is not all of one grey."""
    shown = grey[hand]
    return bool(np.mean((shown > 0.002) & (shown < 0.998)) > _SHOWN and np.ptp(shown) > _LEAST_CONTRAST)


def _lookup(table: Table, values: np.ndarray, is_little: bool) -> tuple[np.ndarray, float] | None:
    """``values`` through a table, and the largest value it can give; ``None`` if it is broken."""
    if len(table.descriptor) != 3:
        return None
    count, first, depth = (int(number) for number in table.descriptor)
    count = count or 65536
    if first > 32767 and values.min() < 0:
        first -= 65536
    entries = _entries(table.entries, count, is_little)
    if entries is None or entries.max() == entries.min():
        return None
    # Descriptors often state 16 bits for tables of fewer.
    top = 2.0 ** int(entries.max()).bit_length() - 1
    if 1 <= depth <= 16 and USED_SHARE * 2.0**depth < entries.max() < 2.0**depth:
        top = 2.0**depth - 1
    index = np.clip(np.round(values) - first, 0, entries.size - 1).astype(np.int64)
    return entries[index].astype(np.float64), top


def _entries(value: Any, count: int, is_little: bool) -> np.ndarray | None:
    """The entries of a table as uint16 or uint8, whatever VR they came in."""
    if value is None:
        return None
    if isinstance(value, bytes):
        order = "<" if is_little else ">"
        kind = "u1" if len(value) in (count, count + 1) and count > 1 else f"{order}u2"
        value = np.frombuffer(value[: len(value) - len(value) % np.dtype(kind).itemsize], kind)
    try:
        entries = np.atleast_1d(np.asarray(value)).astype(np.int64) & 0xFFFF
    except (TypeError, ValueError, OverflowError):  # a table of words
        return None
    return entries[:count].astype(np.uint16) if entries.size else None
