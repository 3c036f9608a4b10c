"""Why a file is refused: one place for the codes and what goes with them."""

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


def unreadable(why: str) -> BoneAgeError:
    """The file cannot be opened at all: a ``folder``, not there, not ``ordinary``, no ``permission`` or no delivery."""
    return BoneAgeError("unreadable", why)


def empty() -> BoneAgeError:
    """Zero bytes."""
    return BoneAgeError("empty", "no_data")


def blank() -> BoneAgeError:
    """A picture in which every pixel is the same."""
    return BoneAgeError("empty", "blank")


def not_an_image() -> BoneAgeError:
    """Neither DICOM nor one of the picture formats."""
    return BoneAgeError("not_an_image")


def truncated() -> BoneAgeError:
    """Cut off or damaged: what is there cannot be trusted."""
    return BoneAgeError("truncated")


def multi_frame(frames: int) -> BoneAgeError:
    """More than one picture in the file."""
    return BoneAgeError("multi_frame", frames=frames)


def colour() -> BoneAgeError:
    """A colour photograph or a colour rendering."""
    return BoneAgeError("colour")


def too_small(width: int, height: int) -> BoneAgeError:
    """Below ``MIN_SIDE`` pixels."""
    return BoneAgeError("too_small", width=width, height=height, least=MIN_SIDE)


def too_large_file(megabytes: float) -> BoneAgeError:
    """Above the limit of bytes."""
    return BoneAgeError("too_large", "file", megabytes=megabytes)


def too_large_unread() -> BoneAgeError:
    """Above the limit of pixels of the library that opens it, which does not say its size."""
    return BoneAgeError("too_large", "unread")


def no_pixel_data() -> BoneAgeError:
    """A DICOM object without a picture."""
    return BoneAgeError("no_pixel_data")


def structured_report() -> BoneAgeError:
    """A DICOM report on an examination."""
    return BoneAgeError("no_pixel_data", "report")


def unsupported(what: str) -> BoneAgeError:
    """A way of storing pixels that cannot be decoded; ``what`` is its name in DICOM."""
    return BoneAgeError("unsupported_syntax", what=what)


def unsupported_grey() -> BoneAgeError:
    """A photometric interpretation that the file does not name."""
    return BoneAgeError("unsupported_syntax", "grey")


def unsupported_transfer() -> BoneAgeError:
    """A transfer syntax that DICOM does not know."""
    return BoneAgeError("unsupported_syntax", "transfer")


def unsupported_bits(bits: int) -> BoneAgeError:
    """Pixels of an odd number of bits."""
    return BoneAgeError("unsupported_syntax", "bits", bits=bits)


def unsupported_channels(channels: int) -> BoneAgeError:
    """Neither grey nor colour."""
    return BoneAgeError("unsupported_syntax", "channels", channels=channels)


def unsupported_cells(channels: int, bits: int) -> BoneAgeError:
    """A compressed stream of so many channels of so many bits."""
    return BoneAgeError("unsupported_syntax", "cells", channels=channels, bits=bits)


def unsupported_numbers(kind: str) -> BoneAgeError:
    """Pixels of a type that no film has; ``kind`` is numpy's name of it."""
    return BoneAgeError("unsupported_syntax", "numbers", kind=kind)


def too_long(width: int, height: int) -> BoneAgeError:
    """Of a shape that no radiograph has."""
    return BoneAgeError("too_small", "oblong", width=width, height=height)


def too_deep(megabytes: float) -> BoneAgeError:
    """Few enough pixels, but of too many bytes each."""
    return BoneAgeError("too_large", "deep", megabytes=megabytes)


def excessive_levels(levels: int) -> BoneAgeError:
    """A JPEG 2000 stream that is halved more often than any film can be."""
    return BoneAgeError("excessive", "levels", levels=levels)


def excessive_pieces(pieces: int) -> BoneAgeError:
    """A JPEG 2000 stream of far more tiles, precincts, code blocks or packets than a film needs."""
    return BoneAgeError("excessive", "pieces", pieces=pieces)


def excessive_scans(scans: int) -> BoneAgeError:
    """A JPEG that goes over its pixels again and again."""
    return BoneAgeError("excessive", "scans", scans=scans)


def excessive_value(kilobytes: float) -> BoneAgeError:
    """A tag whose value should be a few words or numbers."""
    return BoneAgeError("excessive", "value", kilobytes=kilobytes)


def excessive_header(megabytes: float) -> BoneAgeError:
    """A DICOM file with more than so many megabytes in front of its pixels."""
    return BoneAgeError("excessive", "header", megabytes=megabytes)


def excessive_items(items: int) -> BoneAgeError:
    """A DICOM file of far more items in sequences than any film has."""
    return BoneAgeError("excessive", "items", items=items)


def excessive_inflated(megabytes: float) -> BoneAgeError:
    """A deflated file that becomes more than so many megabytes."""
    return BoneAgeError("excessive", "inflated", megabytes=megabytes)


def excessive_runs() -> BoneAgeError:
    """Run-length coded pixels that go on far behind the last pixel."""
    return BoneAgeError("excessive", "runs")


def senseless() -> BoneAgeError:
    """Numbers of the grey scale that no film has."""
    return BoneAgeError("truncated", "senseless")


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
        raise too_small(width, height)
    if max(width, height) > MOST_OBLONG * min(width, height):
        raise too_long(width, height)


def check_bytes(width: int, height: int, bytes_per_pixel: int, max_pixels: int) -> None:
    """Refuse what becomes far too many bytes; to be called before anything is decoded. ``BoneAgeError``
    (``too_large``)."""
    size = width * height * bytes_per_pixel
    if size > _BYTES_PER_PIXEL * max_pixels:
        raise too_deep(size / 2**20)


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
        raise truncated() from None
    except Exception:  # libraries raise whatever the broken bytes lead to
        raise truncated() from None
