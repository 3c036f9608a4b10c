"""DICOM films: checked by their header, decoded, and turned into grey."""

from __future__ import annotations

import logging
from dataclasses import replace
from io import BytesIO

import numpy as np
from pydicom import Dataset, dcmread
from pydicom.pixels.processing import apply_color_lut

from bone_age_gui.core.reader import front, patient, tags
from bone_age_gui.core.reader import refusals as refuse
from bone_age_gui.core.reader.bits import StoredValues
from bone_age_gui.core.reader.colour import full_scale, grey_of_colour
from bone_age_gui.core.reader.damage import doubt
from bone_age_gui.core.reader.decode import PALETTE, SYNTAXES, DecodedFrame, decode_frame
from bone_age_gui.core.reader.film_tags import read_film_tags
from bone_age_gui.core.reader.geometry import pixel_ratio, square
from bone_age_gui.core.reader.grey import Grey, to_grey
from bone_age_gui.core.reader.grey_tags import read_grey_tags
from bone_age_gui.core.reader.pixel_tags import PixelTags, read_pixel_tags
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.reported import REPORT_CLASSES
from bone_age_gui.core.values.types import GreyUnits, Radiograph

# pydicom's log lines quote the values of tags; no handler of ours may see a patient in them.
logging.getLogger("pydicom").propagate = False

_BLANK_STEP = 8
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


def read_dicom(content: bytes, max_pixels: int) -> Radiograph:
    """Read one DICOM film; its polarity is as its tags say.

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
    frame = _frame(dataset, max_pixels)
    grey = _grey(frame, dataset)
    film_tags = read_film_tags(dataset)
    said = patient.read_description(film_tags)
    film = square(grey.pixels, pixel_ratio(said.spacing, said.aspect), max_pixels)
    return Radiograph(
        pixels=film.pixels,
        source="dicom",
        bits=frame.stored.bits,
        made_by=(
            frame.storage, Fact("bits", {"bits": frame.stored.bits}), *frame.stored.steps, *grey.steps, *film.steps,
        ),
        spacing=film.spacing(said.spacing),
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
    )  # fmt: skip


def _frame(dataset: Dataset, max_pixels: int) -> DecodedFrame:
    """Its pixels, checked by the header before they are decoded."""
    stated = read_pixel_tags(dataset)
    _check(stated, max_pixels)
    decoded = decode_frame(stated)
    return _through_palette(decoded, dataset)


def _through_palette(frame: DecodedFrame, dataset: Dataset) -> DecodedFrame:
    """The frame with the colours that a palette gives to its values, where it has one."""
    if frame.photometric != PALETTE or frame.stored.values.ndim != 2:
        return frame
    with refuse.damaged_if_it_fails():
        colours = apply_color_lut(frame.stored.values, dataset)[..., :3]
    colours = np.ascontiguousarray(colours, dtype=f"u{colours.itemsize}")
    return replace(frame, stored=StoredValues(colours, 8 * colours.itemsize, frame.stored.steps), photometric="RGB")


def _grey(frame: DecodedFrame, dataset: Dataset) -> Grey:
    """The film in grey; refuses one that shows nothing."""
    if frame.stored.values.min() == frame.stored.values.max():
        raise refuse.blank()
    grey = _grey_of(frame, dataset)
    if np.unique(grey.pixels[::_BLANK_STEP, ::_BLANK_STEP]).size < 3:
        raise refuse.blank()
    return grey


def _grey_of(frame: DecodedFrame, dataset: Dataset) -> Grey:
    """The film in grey, also where it was stored in colour."""
    stored = frame.stored
    if stored.values.ndim == 2:
        return to_grey(stored, read_grey_tags(dataset), inverse=frame.photometric == "MONOCHROME1")
    channels = full_scale(stored.values.view(f"u{stored.values.itemsize}"), stored.bits)
    # The colour transform of JPEG 2000 (YBR_RCT, YBR_ICT) is undone by its decoder.
    pixels, step = grey_of_colour(channels, is_ybr=frame.photometric.startswith(("YBR_FULL", "YBR_PARTIAL")))
    return Grey(pixels, (step,), units=GreyUnits(0.0, 2.0**stored.bits - 1))


def _parse(content: bytes, max_pixels: int) -> Dataset:
    """The dataset of a file with or without preamble."""
    bare = content[128:132] != b"DICM"
    front.check_front(content, most_inflated=_MOST_INFLATED * max_pixels + _HEADER_ROOM)
    with refuse.damaged_if_it_fails():
        dataset = dcmread(BytesIO(content), force=bare)
    if bare and not (tags.text(dataset, "SOPClassUID") or tags.whole(dataset, "Rows", 0)):
        raise refuse.not_an_image()
    if (tags.text(dataset, "SOPClassUID") or "").startswith(REPORT_CLASSES):
        raise refuse.structured_report()
    if "PixelData" not in dataset and any(tag in content for tag in _PIXEL_DATA):
        raise refuse.truncated()
    return dataset


def _check(stated: PixelTags, max_pixels: int) -> None:
    """Refuse what holds no single film of a sane size, by its header alone."""
    if stated.data is None:
        raise refuse.no_pixel_data()
    if stated.frames > 1:
        raise refuse.multi_frame(stated.frames)
    if stated.rows <= 0 or stated.columns <= 0:
        raise refuse.truncated()
    refuse.check_size(stated.columns, stated.rows, max_pixels)
    refuse.check_bytes(stated.columns, stated.rows, stated.samples * stated.allocated // 8, max_pixels)
    if stated.allocated not in (8, 16):
        raise refuse.unsupported_bits(stated.allocated)
    if stated.syntax not in SYNTAXES:
        name = stated.syntax.name
        raise refuse.unsupported(name) if name != stated.syntax else refuse.unsupported_transfer()
