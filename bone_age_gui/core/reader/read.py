"""A file becomes a radiograph: the first step of the line, the same for every door.

DICOM and pictures are recognised by their content. Whatever the file, the outcome is a
``Radiograph`` with bone bright on dark, or a ``BoneAgeError`` that says what to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bone_age_gui.core.reader.dicom import looks_like_dicom, read_dicom
from bone_age_gui.core.reader.geometry import put_straight
from bone_age_gui.core.reader.picture import looks_like_picture, read_picture
from bone_age_gui.core.reader.polarity import put_right
from bone_age_gui.core.reader.quiet import silence_libraries
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.types import Radiograph

_HEAD = 140
_BYTES_PER_PIXEL = 8
"""16-bit RGBA, the largest pixel of a single picture that is read."""
_HEADER_ROOM = 64 * 2**20

Read = Callable[[Path], Radiograph]
"""How a file becomes a film: in this process, or by ``workers.reading.FilmReader.read`` in one with limits."""


def read_radiograph(path: Path | str, *, max_pixels: int = 60_000_000) -> Radiograph:
    """Read one radiograph from a DICOM, PNG, JPEG, TIFF or WebP file.

    Parameters
    ----------
    path : Path or str
        The suffix does not matter, the content does.
    max_pixels : int
        Width times height allowed; checked before anything is decoded.

    Returns
    -------
    Radiograph
        Pixels are uint16 (height, width), 0 to 65535, read-only, bone bright.

    Raises
    ------
    BoneAgeError
        Codes: ``unreadable empty not_an_image truncated excessive multi_frame colour too_small too_large
        no_pixel_data unsupported_syntax``.
    """
    path = Path(path)
    content = _load(path, max_pixels)
    silence_libraries()
    if looks_like_dicom(content[:_HEAD]):  # first, as a DICOM preamble may hold the start of a TIFF file
        stored = read_dicom(content, max_pixels)
    elif looks_like_picture(content[:_HEAD]):
        stored = read_picture(content, max_pixels)
    else:
        raise BoneAgeError("not_an_image")
    film = put_straight(stored, max_pixels)
    film = put_right(film)
    film.pixels.flags.writeable = False
    of_phantom = (Notice("phantom", loud=True, doubt=True),) if film.is_phantom else ()
    height, width = film.pixels.shape
    return replace(film, path=path, size=(height, width), notices=(*of_phantom, *film.notices))


def is_dicom(path: Path | str) -> bool:
    """True if the content is DICOM, with or without preamble; false also if it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, ValueError):
        return False
    return looks_like_dicom(head)


def _load(path: Path, max_pixels: int) -> bytes:
    """The bytes of the file, unless there is none, or absurdly many."""
    try:
        if path.is_dir():
            raise BoneAgeError("unreadable", "folder")
        if not path.exists():
            raise BoneAgeError("unreadable", "missing")
        if not path.is_file():
            raise BoneAgeError("unreadable", "ordinary")
        size = path.stat().st_size
        if size > _BYTES_PER_PIXEL * max_pixels + _HEADER_ROOM:
            raise BoneAgeError("too_large", "file", megabytes=size / 2**20)
        content = path.read_bytes()
    except PermissionError:
        raise BoneAgeError("unreadable", "permission") from None
    except (OSError, ValueError):
        raise BoneAgeError("unreadable", "undelivered") from None
    if not content:
        raise BoneAgeError("empty", "no_data")
    return content
