"""What a DICOM file says of its pixels, read and checked once, before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom import Dataset
from pydicom.uid import UID

from bone_age_gui.core.reader import tags
from bone_age_gui.core.reader.refusals import check_bytes, check_size
from bone_age_gui.core.values.errors import BoneAgeError


@dataclass(frozen=True)
class PixelTags:
    """Tags of the pixels as stated; 0 or ``None`` where nothing usable is.

    Attributes
    ----------
    syntax : UID
        The transfer syntax; where the file does not name it, the one in which it could be parsed.
    frames, samples : int
        1 where the file does not say.
    allocated : int
        Bits of a sample.
    stored, high : int or None
        Bits that hold the value, and the highest of them.
    photometric : str
        As it is written.
    is_planar : bool
        True if the channels lie one after the other.
    pixel_data : object
        Bytes in a whole file; ``None`` where there are none.
    in_words : bool
        True if pixel data of one byte lie in pairs of bytes (value representation OW).
    """

    syntax: UID
    frames: int
    rows: int
    columns: int
    samples: int
    allocated: int
    stored: int | None
    high: int | None
    is_signed: bool
    photometric: str
    is_planar: bool
    pixel_data: object
    in_words: bool


def read_pixel_tags(dataset: Dataset, max_pixels: int) -> PixelTags:
    """Read them, and refuse what holds no single film of a sane size.

    Raises ``BoneAgeError``: ``no_pixel_data multi_frame truncated too_small too_large unsupported_syntax``, and
    ``excessive`` for a value that is far too long.
    """
    pixel_data = tags.value(dataset, "PixelData")
    stated = PixelTags(
        syntax=tags.syntax_of(dataset),
        frames=tags.whole(dataset, "NumberOfFrames", 1),
        rows=tags.whole(dataset, "Rows", 0),
        columns=tags.whole(dataset, "Columns", 0),
        samples=tags.whole(dataset, "SamplesPerPixel", 1),
        allocated=tags.whole(dataset, "BitsAllocated", 0),
        stored=tags.whole_if_stated(dataset, "BitsStored"),
        high=tags.whole_if_stated(dataset, "HighBit"),
        is_signed=tags.whole(dataset, "PixelRepresentation", 0) == 1,
        photometric=tags.text(dataset, "PhotometricInterpretation") or "",
        is_planar=tags.whole(dataset, "PlanarConfiguration", 0) == 1,
        pixel_data=pixel_data,
        in_words=pixel_data is not None and dataset["PixelData"].VR == "OW",
    )
    if stated.pixel_data is None:
        raise BoneAgeError("no_pixel_data")
    if stated.frames > 1:
        raise BoneAgeError("multi_frame", frames=stated.frames)
    if stated.rows <= 0 or stated.columns <= 0:
        raise BoneAgeError("truncated")
    check_size(stated.columns, stated.rows, max_pixels)
    check_bytes(stated.columns, stated.rows, stated.samples * stated.allocated // 8, max_pixels)
    if stated.allocated not in (8, 16):
        raise BoneAgeError("unsupported_syntax", "bits", bits=stated.allocated)
    return stated
