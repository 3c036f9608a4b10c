"""DICOM films: checked by their header, decoded, and turned into grey."""

from __future__ import annotations

import logging
from io import BytesIO

from pydicom import Dataset, dcmread

from bone_age_gui.core.reader import front, patient, tags
from bone_age_gui.core.reader.damage import doubt
from bone_age_gui.core.reader.decode import decode_frame
from bone_age_gui.core.reader.film_tags import read_film_tags
from bone_age_gui.core.reader.geometry import StoredFilm
from bone_age_gui.core.reader.grey import grey_of_frame
from bone_age_gui.core.reader.pixel_tags import read_pixel_tags
from bone_age_gui.core.reader.refusals import damaged_if_it_fails
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.reported import REPORT_CLASSES
from bone_age_gui.core.values.types import Radiograph

# pydicom's log lines quote the values of tags; no handler of ours may see a patient in them.
logging.getLogger("pydicom").propagate = False

_MOST_INFLATED, _HEADER_ROOM = 4, 64 * 2**20
"""Bytes for a pixel, and for all else, to which a deflated file may grow."""
_PIXEL_DATA = (b"\xe0\x7f\x10\x00OB", b"\xe0\x7f\x10\x00OW", b"\x7f\xe0\x00\x10O")
"""How pixel data begin: what is there but was not parsed was cut off."""


def looks_like_dicom(head: bytes) -> bool:
    """True if the first 140 bytes are those of a DICOM file, with or without its preamble."""
    if head[128:132] == b"DICM":
        return True
    if len(head) < 16 or head[1] != 0 or head[3] != 0 or head[0] not in (0x02, 0x08):
        return False
    explicit = head[4:6].isalpha() and head[4:6].isupper()
    return bool(explicit) or 0 < int.from_bytes(head[4:8], "little") < 4096


def read_dicom(content: bytes, max_pixels: int) -> StoredFilm:
    """Read one DICOM film, as it lies; its polarity is as its tags say.

    Parameters
    ----------
    content : bytes
        The whole file.
    max_pixels : int
        Rows times columns allowed, checked before anything is decoded.

    Raises
    ------
    BoneAgeError
        ``truncated not_an_image no_pixel_data multi_frame too_small too_large unsupported_syntax colour empty``.
    """
    dataset = _parse(content, max_pixels)
    stated = read_pixel_tags(dataset, max_pixels)
    frame = decode_frame(stated)
    grey = grey_of_frame(frame, dataset)
    film_tags = read_film_tags(dataset)
    said = patient.read_description(film_tags)
    film = Radiograph(
        pixels=grey.pixels,
        source="dicom",
        bits=grey.bits,
        made_by=(frame.storage, Fact("bits", {"bits": grey.bits}), *frame.stored.steps, *grey.steps),
        spacing=said.spacing,
        units=grey.units,
        has_window=grey.has_window,
        laterality=said.laterality,
        body_part=said.body_part,
        modality=said.modality,
        patient=said.patient,
        reference=said.reference,
        study=said.study,
        is_phantom=said.is_phantom,
        notices=(*said.notices, *((doubt(),) if frame.is_doubtful else ()), *said.of_spacing, *grey.notices),
    )
    return StoredFilm(film, said.aspect)


def _parse(content: bytes, max_pixels: int) -> Dataset:
    """The dataset of a file with or without preamble."""
    bare = content[128:132] != b"DICM"
    front.check_front(content, most_inflated=_MOST_INFLATED * max_pixels + _HEADER_ROOM)
    with damaged_if_it_fails():
        dataset = dcmread(BytesIO(content), force=bare)
    if bare and not (tags.text(dataset, "SOPClassUID") or tags.whole(dataset, "Rows", 0)):
        raise BoneAgeError("not_an_image")
    if (tags.text(dataset, "SOPClassUID") or "").startswith(REPORT_CLASSES):
        raise BoneAgeError("no_pixel_data", "report")
    if "PixelData" not in dataset and any(tag in content for tag in _PIXEL_DATA):
        raise BoneAgeError("truncated")
    return dataset
