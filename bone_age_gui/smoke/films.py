"""Small films in every compression that the program reads, made from one picture, for ``--smoke-test``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import imagecodecs
import numpy as np
from pydicom import Dataset, FileMetaDataset, uid
from pydicom.encaps import encapsulate

LOSSLESS = (
    uid.ExplicitVRLittleEndian,
    uid.RLELossless,
    uid.JPEGLosslessSV1,
    uid.JPEGLSLossless,
    uid.JPEG2000Lossless,
    uid.HTJ2KLossless,
)
LOSSY = (uid.JPEGExtended12Bit, uid.JPEG2000)
BITS = 12


def write_films(pixels: np.ndarray, folder: Path) -> Iterator[tuple[uid.UID, Path]]:
    """Write ``pixels`` (uint16, 12 bits) as a DICOM film in every syntax; gives syntax and file, one by one."""
    for syntax in (*LOSSLESS, *LOSSY):
        path = folder / f"{syntax}.dcm"
        _write(pixels, syntax, path)
        yield syntax, path


def _write(pixels: np.ndarray, syntax: uid.UID, path: Path) -> None:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    dataset.SOPClassUID = uid.ComputedRadiographyImageStorage
    for name in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"):
        setattr(dataset, name, uid.generate_uid())
    dataset.Modality, dataset.BodyPartExamined = "CR", "HAND"
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, BITS, BITS - 1, 0
    if syntax in (uid.RLELossless, uid.JPEGLSLossless):
        dataset.compress(syntax, pixels, generate_instance_uid=False)  # by pylibjpeg-rle and pyjpegls
    elif syntax == uid.ExplicitVRLittleEndian:
        dataset.PixelData = pixels.tobytes()
        dataset["PixelData"].VR = "OW"
    else:
        dataset.file_meta.TransferSyntaxUID = syntax
        dataset.PixelData = encapsulate([_encode(pixels, syntax)])
        dataset["PixelData"].VR = "OB"
    dataset.save_as(path, enforce_file_format=True)


def _encode(pixels: np.ndarray, syntax: uid.UID) -> bytes:
    if syntax == uid.JPEGLosslessSV1:
        return bytes(imagecodecs.jpeg8_encode(pixels, lossless=True, predictor=1, bitspersample=BITS))
    if syntax == uid.JPEGExtended12Bit:
        return bytes(imagecodecs.jpeg8_encode(pixels, 95, bitspersample=BITS))
    if syntax == uid.HTJ2KLossless:
        return bytes(imagecodecs.htj2k_encode(pixels, reversible=True))
    exact = syntax == uid.JPEG2000Lossless
    level = None if exact else 60
    return bytes(imagecodecs.jpeg2k_encode(pixels, level, codecformat="j2k", reversible=exact, bitspersample=BITS))
