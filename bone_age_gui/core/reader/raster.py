"""What lies in a file before it is a film: what a code stream says of itself, and a picture's pixels as they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


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


@dataclass(frozen=True)
class Raster:
    """The one picture of a file, decoded as it lies and not yet judged.

    Attributes
    ----------
    cells : numpy.ndarray
        uint8 or uint16, shape (height, width), or (height, width, 2 to 4): grey and opacity, or three colours, the
        fourth being opacity.
    bits : int
        Of a cell in the file.
    syntax : str
        Name of the format.
    resolution : tuple of float or None
        Pixels along the stored rows and columns in one length, where the file says so.
    orientation : int
        As EXIF and TIFF count it.
    is_ybr, is_inverse : bool
        The first channel is luminance; low values are bright.
    is_doubtful, is_phantom : bool
        Some pixels may be wrong; the file calls itself a phantom of this program.
    """

    cells: np.ndarray
    bits: int
    syntax: str
    resolution: tuple[float | None, float | None]
    orientation: int
    is_ybr: bool = False
    is_inverse: bool = False
    is_doubtful: bool = False
    is_phantom: bool = False
