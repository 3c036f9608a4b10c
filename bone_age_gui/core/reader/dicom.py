"""DICOM films: checked by their header, decoded, and turned into grey."""

from __future__ import annotations

import logging
from io import BytesIO

import numpy as np
from pydicom import Dataset, dcmread
from pydicom.encaps import get_frame
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless

from bone_age_gui.core.reader import codecs, tags
from bone_age_gui.core.reader import patient as patient_tags
from bone_age_gui.core.reader import refusals as refuse
from bone_age_gui.core.reader.colour import grey_of_colour
from bone_age_gui.core.reader.grey import to_grey
from bone_age_gui.core.values.types import Notice, Radiograph

codecs.register()
# pydicom's log lines quote the values of tags; no handler of ours may see a patient in them.
logging.getLogger("pydicom").propagate = False

_GREY = ("MONOCHROME1", "MONOCHROME2")
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


def read_dicom(data: bytes, max_pixels: int) -> Radiograph:
    """Read one DICOM film; its polarity is as its tags say.

    Parameters
    ----------
    data : bytes
        The whole file.
    max_pixels : int
        Rows times columns allowed, checked before anything is decoded.

    Raises
    ------
    BoneAgeError
        With the codes of ``reader_refusals``.
    """
    dataset = _parse(data)
    _check(dataset, max_pixels)
    stored, syntax = _decode(dataset)
    if stored.min() == stored.max():
        raise refuse.blank()
    bits = tags.whole(dataset, "BitsStored", 8 * stored.itemsize)
    if stored.ndim == 3:
        return _with_tags(dataset, grey_of_colour(stored), bits, (syntax, "colour channels made grey"), ())
    pixels, steps, notices = to_grey(stored, dataset)
    return _with_tags(dataset, pixels, bits, (syntax, f"{bits} bits", *steps), notices)


def _with_tags(
    dataset: Dataset, pixels: np.ndarray, bits: int, made_by: tuple[str, ...], notices: tuple[Notice, ...]
) -> Radiograph:
    """The pixels with all that the tags say of them."""
    patient, of_patient = patient_tags.read_patient(dataset)
    spacing, of_spacing = patient_tags.read_spacing(dataset)
    body_part, of_part = patient_tags.read_body_part(dataset)
    modality, of_modality = patient_tags.read_modality(dataset)
    return Radiograph(
        pixels=pixels,
        source="dicom",
        bits=bits,
        made_by=made_by,
        spacing=spacing,
        laterality=patient_tags.read_laterality(dataset),
        body_part=body_part,
        modality=modality,
        patient=patient,
        reference=patient_tags.read_reference(dataset),
        study=patient_tags.read_study(dataset),
        is_phantom=patient_tags.is_phantom(dataset),
        notices=(*of_part, *of_modality, *of_patient, *of_spacing, *notices),
    )


def _parse(data: bytes) -> Dataset:
    """The dataset of a file with or without preamble."""
    bare = data[128:132] != b"DICM"
    try:
        dataset = dcmread(BytesIO(data), force=bare)
    except Exception:  # pydicom raises whatever the broken bytes lead to
        raise refuse.truncated() from None
    if bare and not (tags.text(dataset, "SOPClassUID") or tags.whole(dataset, "Rows", 0)):
        raise refuse.not_an_image()
    if "PixelData" not in dataset and any(tag in data for tag in _PIXEL_DATA):
        raise refuse.truncated()
    return dataset


def _check(dataset: Dataset, max_pixels: int) -> None:
    """Refuse what holds no single film of a sane size, by its header alone."""
    if tags.value(dataset, "PixelData") is None:
        raise refuse.no_pixel_data()
    frames = tags.whole(dataset, "NumberOfFrames", 1)
    if frames > 1:
        raise refuse.multi_frame(frames)
    rows, columns = tags.whole(dataset, "Rows", 0), tags.whole(dataset, "Columns", 0)
    if rows <= 0 or columns <= 0:
        raise refuse.truncated()
    refuse.check_size(columns, rows, max_pixels)
    if tags.whole(dataset, "BitsAllocated", 0) not in (8, 16):
        raise refuse.unsupported(f"{tags.whole(dataset, 'BitsAllocated', 0)} bits in a pixel")


def _syntax(dataset: Dataset) -> UID:
    """The transfer syntax; where the file does not name it, the one in which it could be parsed."""
    stated = getattr(dataset, "file_meta", Dataset()).get("TransferSyntaxUID")
    if stated:
        return UID(stated)
    return ImplicitVRLittleEndian if dataset.original_encoding[0] else ExplicitVRLittleEndian


def _decode(dataset: Dataset) -> tuple[np.ndarray, str]:
    """Stored values (rows, columns) or (rows, columns, 3), and how they were stored in words."""
    syntax = _syntax(dataset)
    try:
        decoder = get_decoder(syntax)
    except NotImplementedError:
        raise refuse.unsupported(syntax.name if syntax.name != syntax else "an unknown transfer syntax") from None
    plugins = codecs.plugins_for(syntax, tags.whole(dataset, "SamplesPerPixel", 1))
    if not plugins:
        raise refuse.unsupported(syntax.name)
    if syntax.is_encapsulated:
        _check_stream(dataset, syntax)
    dataset.file_meta.TransferSyntaxUID = syntax
    for plugin in plugins:
        try:
            stored, properties = decoder.as_array(dataset, index=0, decoding_plugin=plugin)
        except Exception:  # every plug-in raises its own; the next one may know better
            continue
        return _as_stored(stored, dataset, str(properties["photometric_interpretation"])), _words(syntax)
    raise refuse.truncated()


def _check_stream(dataset: Dataset, syntax: UID) -> None:
    """Refuse a code stream that ends early or is not of the stated size, before it is decoded."""
    try:
        stream = get_frame(dataset.PixelData, 0, number_of_frames=1)
    except Exception:  # pydicom raises whatever the broken bytes lead to
        raise refuse.truncated() from None
    if syntax == RLELossless:
        return
    header = codecs.stream_header(stream)
    sizes = (tags.whole(dataset, "Rows", 0), tags.whole(dataset, "Columns", 0))
    if header is None or (header.rows, header.columns) != sizes or not codecs.is_complete(stream):
        raise refuse.truncated()


def _as_stored(stored: np.ndarray, dataset: Dataset, photometric: str) -> np.ndarray:
    """Native byte order, palettes resolved; refuses what is neither grey nor RGB."""
    if photometric == "PALETTE COLOR" and stored.ndim == 2:
        try:
            stored = apply_color_lut(stored, dataset)[..., :3]
        except Exception:  # a broken palette raises whatever its bytes lead to
            raise refuse.truncated() from None
    elif stored.ndim == 2 and photometric not in _GREY:
        raise refuse.unsupported(f"{photometric or 'an unknown kind of grey'}")
    return np.ascontiguousarray(stored, dtype=stored.dtype.newbyteorder("="))


def _words(syntax: UID) -> str:
    """``"JPEG 2000 Image Compression (Lossless Only) decoded"`` or ``"uncompressed"``."""
    return f"{syntax.name} decoded" if syntax.is_compressed else "uncompressed"
