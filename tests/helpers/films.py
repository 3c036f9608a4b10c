"""Films that the tests draw and wrap: a hand-like picture, DICOM files in every syntax, pictures.

Every film is drawn as uint16, 0 to 65535, bone bright on dark, and wrapped with
``write_dicom`` or ``write_picture``; both return the path.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import numpy as np
from pydicom import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    JPEG2000,
    UID,
    DeflatedExplicitVRLittleEndian,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
    generate_uid,
)

NATIVE_SYNTAXES = (
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
)
LOSSLESS_SYNTAXES = (
    *NATIVE_SYNTAXES,
    RLELossless,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEG2000Lossless,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
)
LOSSY_SYNTAXES = (JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless, JPEG2000)


def hand_like(height: int = 600, width: int = 480, seed: int = 0) -> np.ndarray:
    """A hand-like film: uint16 (height, width), 0 to 65535, bright bones in soft tissue on dark air."""
    rng = np.random.default_rng(seed)
    air, tissue, bone = 0.06, 0.34, 0.85
    film = np.full((height, width), air, np.float32)
    scale = min(height / 600, width / 480)
    bend = rng.uniform(-0.04, 0.04)

    def at(x: float, y: float) -> tuple[int, int]:
        return round(width * (0.5 + x + bend * (y - 0.5))), round(height * y)

    def stroke(start: tuple[float, float], end: tuple[float, float], thick: float, value: float) -> None:
        layer = np.zeros_like(film)
        cv2.line(layer, at(*start), at(*end), 1.0, max(1, round(thick * scale)), cv2.LINE_AA)
        np.copyto(film, np.maximum(film, layer * value))

    fingers = [(-0.22, 0.30), (-0.09, 0.13), (0.02, 0.09), (0.13, 0.15)]
    roots = [-0.13, -0.05, 0.03, 0.11]
    stroke((0.0, 0.74), (0.0, 1.02), 150, tissue)
    stroke((-0.01, 0.60), (-0.01, 0.72), 190, tissue)
    for (x, y), root in zip(fingers, roots, strict=True):
        stroke((root, 0.55), (x, y), 58, tissue)
    stroke((0.12, 0.68), (0.30, 0.42), 60, tissue)
    film = cv2.GaussianBlur(film, (0, 0), 7 * scale)
    for (x, y), root in zip(fingers, roots, strict=True):
        for first, last in ((0.03, 0.26), (0.33, 0.60), (0.67, 0.95)):
            start = (root + (x - root) * first, 0.60 + (y - 0.60) * first)
            end = (root + (x - root) * last, 0.60 + (y - 0.60) * last)
            stroke(start, end, 24, bone)
    stroke((0.14, 0.66), (0.20, 0.57), 26, bone)
    stroke((0.22, 0.54), (0.28, 0.45), 24, bone)
    for x, y in ((-0.08, 0.68), (-0.02, 0.66), (0.05, 0.68), (-0.04, 0.71), (0.04, 0.72)):
        stroke((x, y), (x + 0.005, y + 0.004), 30, bone)
    stroke((-0.07, 0.77), (-0.08, 1.02), 56, bone)
    stroke((0.08, 0.78), (0.08, 1.02), 40, bone)
    film = cv2.GaussianBlur(film, (0, 0), 1.5 * scale)
    trabeculae = cv2.GaussianBlur(rng.normal(0, 1, film.shape).astype(np.float32), (0, 0), 2 * scale)
    film += 0.07 * trabeculae / trabeculae.std() * np.clip((film - tissue) / (bone - tissue), 0, 1)
    film += rng.normal(0, 0.004, film.shape).astype(np.float32)
    return np.round(np.clip(film, 0, 1) * 65535).astype(np.uint16)


def quantise(pixels: np.ndarray, bits: int) -> np.ndarray:
    """The film in ``bits`` bits: uint8 up to 8, else uint16."""
    top = 2**bits - 1
    return np.round(pixels.astype(np.float64) * (top / 65535)).astype(np.uint8 if bits <= 8 else np.uint16)


def write_picture(path: Path, pixels: np.ndarray, *, bits: int = 8) -> Path:
    """Write a grey film with 8 or 16 bits as PNG, TIFF, JPEG or WebP, by the suffix of ``path``."""
    if not cv2.imwrite(str(path), quantise(pixels, bits)):
        raise ValueError(f"cannot write {path.suffix}")
    return path


def write_dicom(
    path: Path,
    pixels: np.ndarray,
    *,
    bits: int = 12,
    photometric: str = "MONOCHROME2",
    syntax: UID = ExplicitVRLittleEndian,
    signed: bool = False,
    sex: str | None = "F",
    birth_date: str | None = "20140302",
    study_date: str | None = "20261120",
    age: str | None = None,
    body_part: str | None = "HAND",
    laterality: str | None = "L",
    modality: str | None = "DX",
    **tags: Any,
) -> Path:
    """Wrap a film as a single-frame DICOM file.

    Parameters
    ----------
    pixels : numpy.ndarray
        uint16 (height, width), bone bright; quantised to ``bits`` and turned round for MONOCHROME1.
    signed : bool
        Store two's complement around the middle, with a rescale intercept that undoes it.
    sex, birth_date, study_date, age, body_part, laterality, modality : str or None
        Tags of these meanings; ``None`` leaves the tag out.
    **tags
        Any other DICOM keyword, set last; ``None`` deletes the tag.
    """
    top = 2**bits - 1
    stored = quantise(pixels, bits)
    if photometric == "MONOCHROME1":
        stored = (top - stored).astype(stored.dtype)
    dataset = _header(stored, bits, photometric, signed)
    named = {
        "PatientSex": sex,
        "PatientBirthDate": birth_date,
        "StudyDate": study_date,
        "PatientAge": age,
        "BodyPartExamined": body_part,
        "ImageLaterality": laterality,
        "Modality": modality,
    }
    if signed:
        stored = (stored.astype(np.int32) - 2 ** (bits - 1)).astype(np.int8 if bits <= 8 else np.int16)
        named |= {"RescaleIntercept": 2 ** (bits - 1), "RescaleSlope": 1}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd values are written on purpose
        for keyword, value in (named | tags).items():
            if value is not None:
                setattr(dataset, keyword, value)
            elif keyword in dataset:
                delattr(dataset, keyword)
        _wrap(dataset, stored, syntax)
        dataset.save_as(path, enforce_file_format=True)
    return path


def write_cells(path: Path, cells: np.ndarray, syntax: UID = ExplicitVRLittleEndian, **tags: Any) -> Path:
    """Write ``cells`` bit by bit as they are, in a lossless syntax, as a hand of a girl; ``tags`` say what they are.

    Parameters
    ----------
    cells : numpy.ndarray
        uint8, int8, uint16 or int16, shape (height, width) or (height, width, 3); the code streams have all bits.
    **tags
        Any DICOM keyword; ``None`` deletes the tag.
    """
    bits = 8 * cells.itemsize
    dataset = _header(cells[..., 0] if cells.ndim == 3 else cells, bits, "MONOCHROME2", cells.dtype.kind == "i")
    dataset.PatientSex, dataset.Modality, dataset.BodyPartExamined = "F", "DX", "HAND"
    dataset.PatientBirthDate, dataset.StudyDate = "20140302", "20261120"
    if cells.ndim == 3:
        dataset.SamplesPerPixel, dataset.PlanarConfiguration, dataset.PhotometricInterpretation = 3, 0, "RGB"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    if syntax in NATIVE_SYNTAXES:
        _wrap(dataset, cells, syntax)
    else:
        dataset.PixelData = encapsulate([cells_stream(cells, syntax)])
        dataset["PixelData"].VR = "OB"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd values are written on purpose
        for keyword, value in tags.items():
            if value is not None:
                setattr(dataset, keyword, value)
            elif keyword in dataset:
                delattr(dataset, keyword)
        dataset.save_as(path, enforce_file_format=True)
    return path


def cells_stream(cells: np.ndarray, syntax: UID) -> bytes:
    """The frame of a lossless compressed syntax, with all bits of ``cells``; JPEG 2000 keeps their sign."""
    unsigned = np.ascontiguousarray(cells).view(f"u{cells.itemsize}")
    if syntax == RLELossless:
        return _rle(unsigned)
    if syntax == JPEGLSLossless:
        return bytes(imagecodecs.jpegls_encode(unsigned))
    if syntax in (JPEG2000Lossless, HTJ2KLossless, HTJ2KLosslessRPCL):
        return encode(np.ascontiguousarray(cells), syntax, 8 * cells.itemsize)
    return encode(unsigned, syntax, 8 * cells.itemsize)


def _rle(cells: np.ndarray) -> bytes:
    """A frame of byte planes, the highest of each sample first (PS3.5 annex G)."""
    pixels = cells.reshape(cells.shape[0], cells.shape[1], -1)
    planes = pixels.astype(f">u{cells.itemsize}").view(np.uint8).reshape(*pixels.shape, cells.itemsize)
    segments = []
    for sample in range(pixels.shape[2]):
        for plane in range(cells.itemsize):
            segment = bytes(imagecodecs.packbits_encode(np.ascontiguousarray(planes[:, :, sample, plane])))
            segments.append(segment + b"\0" * (len(segment) % 2))
    starts = np.cumsum([64, *(len(segment) for segment in segments)])[: len(segments)]
    header = np.zeros(16, "<u4")
    header[0], header[1 : 1 + len(segments)] = len(segments), starts
    return header.tobytes() + b"".join(segments)


def _header(stored: np.ndarray, bits: int, photometric: str, signed: bool) -> Dataset:
    """The tags of a digital film without its pixels, with a made-up patient."""
    dataset = Dataset()
    dataset.SOPClassUID = DigitalXRayImageStorageForPresentation
    dataset.SOPInstanceUID = generate_uid()
    dataset.StudyInstanceUID = generate_uid()
    dataset.SeriesInstanceUID = generate_uid()
    dataset.PatientName = "Doe^Jane"
    dataset.PatientID = "TEST-1"
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.Rows, dataset.Columns = stored.shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = photometric
    dataset.BitsAllocated = 8 if bits <= 8 else 16
    dataset.BitsStored = bits
    dataset.HighBit = bits - 1
    dataset.PixelRepresentation = int(signed)
    return dataset


def _wrap(dataset: Dataset, stored: np.ndarray, syntax: UID) -> None:
    """Put ``stored`` into ``dataset`` as the transfer syntax wants it."""
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    if syntax in NATIVE_SYNTAXES:
        order = ">" if syntax == ExplicitVRBigEndian else "<"
        raw = stored.astype(stored.dtype.newbyteorder(order)).tobytes()
        dataset.PixelData = raw + b"\0" * (len(raw) % 2)
        dataset["PixelData"].VR = "OB" if stored.itemsize == 1 else "OW"
        return
    if syntax in (RLELossless, JPEGLSLossless, JPEGLSNearLossless):
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        options = {"jls_error": 2} if syntax == JPEGLSNearLossless else {}
        dataset.compress(syntax, stored, generate_instance_uid=False, **options)
        return
    dataset.PixelData = encapsulate([encode(stored, syntax, dataset.BitsStored)])
    dataset["PixelData"].VR = "OB"


def encode(stored: np.ndarray, syntax: UID, bits: int) -> bytes:
    """The code stream of JPEG, JPEG 2000 and HTJ2K syntaxes."""
    if syntax in (JPEGLossless, JPEGLosslessSV1):
        predictor = 1 if syntax == JPEGLosslessSV1 else 4
        return bytes(
            imagecodecs.jpeg8_encode(
                stored.view(f"u{stored.itemsize}"), lossless=True, predictor=predictor, bitspersample=bits
            )
        )
    if syntax in (JPEGBaseline8Bit, JPEGExtended12Bit):
        return bytes(imagecodecs.jpeg8_encode(stored, 95, bitspersample=bits))
    if syntax in (JPEG2000Lossless, JPEG2000):
        reversible = syntax == JPEG2000Lossless
        return bytes(
            imagecodecs.jpeg2k_encode(
                stored, None if reversible else 45, codecformat="j2k", reversible=reversible, bitspersample=bits
            )
        )
    if syntax in (HTJ2KLossless, HTJ2KLosslessRPCL):
        return bytes(imagecodecs.htj2k_encode(stored, reversible=True))
    raise ValueError(f"no encoder for {syntax.name}")
