"""PNG, JPEG, TIFF and WebP films: recognised, decoded, and turned into grey."""

from __future__ import annotations

import cv2
import numpy as np

from bone_age_gui.core.reader.colour import grey_of_raster
from bone_age_gui.core.reader.damage import doubt
from bone_age_gui.core.reader.geometry import StoredFilm
from bone_age_gui.core.reader.grey import USED_SHARE
from bone_age_gui.core.reader.packed import read_packed
from bone_age_gui.core.reader.tiff import read_tiff
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.types import GreyUnits, Radiograph

_BLANK_STEP = 8
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", *_TIFF)


def looks_like_picture(head: bytes) -> bool:
    """True if the first bytes are those of a PNG, JPEG, TIFF or WebP file."""
    return head.startswith(_MAGIC) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def read_picture(content: bytes, max_pixels: int) -> StoredFilm:
    """Read one picture, as it lies; nothing is known of it but its pixels.

    Parameters
    ----------
    content : bytes
        The whole file.
    max_pixels : int
        Width times height allowed, checked before anything is decoded.

    Raises
    ------
    BoneAgeError
        ``truncated excessive multi_frame colour too_small too_large unsupported_syntax empty``.
    """
    raster = read_tiff(content, max_pixels) if content.startswith(_TIFF) else read_packed(content, max_pixels)
    pixels = grey_of_raster(raster)
    if pixels.min() == pixels.max() or np.ptp(pixels[::_BLANK_STEP, ::_BLANK_STEP]) == 0:
        raise BoneAgeError("empty", "blank")
    steps = [Fact("decoded", {"syntax": raster.syntax}), Fact("bits", {"bits": raster.bits})]
    low, high, _, _ = cv2.minMaxLoc(pixels)
    if high - low < USED_SHARE * 65535:  # as 12 bits in a 16-bit file do
        steps.append(Fact("stretched_of_16_bits", {"low": low, "high": high}))
        table = np.clip((np.arange(65536.0) - low) / (high - low), 0, 1)
        pixels = np.asarray(cv2.LUT(pixels, np.round(table * 65535).astype(np.uint16)))
    else:
        low, high = 0.0, 65535.0
    top = (2.0**raster.bits - 1) / 65535
    film = Radiograph(
        pixels=pixels,
        bits=raster.bits,
        made_by=tuple(steps),
        units=GreyUnits(low * top, high * top),
        is_phantom=raster.is_phantom,
        notices=(doubt(),) if raster.is_doubtful else (),
    )
    return StoredFilm(film, raster.resolution, raster.orientation)  # a pixel is as high as there are few of them
