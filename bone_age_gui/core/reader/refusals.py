"""What every kind of file is held to: sizes of a film, and libraries that take it without complaint."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import cv2

from bone_age_gui.core.values.errors import BoneAgeError

MIN_SIDE = 100
"""Shortest side in pixels below which no growth plate can be seen."""
MOST_OBLONG = 20
"""Longest side in shortest sides."""
_BYTES_PER_PIXEL = 4
"""Of a decoded film: what is read of it are 16 bits of grey, or 8 bits of colour and opacity."""


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Refuse absurd sizes; to be called before anything is decoded.

    Raises
    ------
    BoneAgeError
        ``too_small`` or ``too_large``.
    """
    if width * height > max_pixels:
        raise BoneAgeError("too_large", width=width, height=height)
    if min(width, height) < MIN_SIDE:
        raise BoneAgeError("too_small", width=width, height=height, least=MIN_SIDE)
    if max(width, height) > MOST_OBLONG * min(width, height):
        raise BoneAgeError("too_small", "oblong", width=width, height=height)


def check_bytes(width: int, height: int, bytes_per_pixel: int, max_pixels: int) -> None:
    """Refuse what becomes far too many bytes; to be called before anything is decoded. ``BoneAgeError``
    (``too_large``)."""
    size = width * height * bytes_per_pixel
    if size > _BYTES_PER_PIXEL * max_pixels:
        raise BoneAgeError("too_large", "deep", megabytes=size / 2**20)


@contextlib.contextmanager
def damaged_if_it_fails() -> Iterator[None]:
    """Whatever a library raises in the block means a damaged file, but for the want of memory and our own refusals.

    Raises
    ------
    BoneAgeError
        ``truncated``, or the one that was raised.
    MemoryError
        Where there is too little, however the library says it.
    """
    try:
        yield
    except (BoneAgeError, MemoryError):
        raise
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise MemoryError from error
        raise BoneAgeError("truncated") from None
    except Exception:  # libraries raise whatever the broken bytes lead to
        raise BoneAgeError("truncated") from None
