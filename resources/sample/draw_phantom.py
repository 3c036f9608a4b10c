"""Draw the sample film: a phantom of a child's left hand, as PNG and as DICOM. Nobody was radiographed.

    python resources/sample/draw_phantom.py [FOLDER]

writes phantom_hand.png (8 bits) and phantom_hand.dcm (12 bits, JPEG-LS lossless) beside itself or into FOLDER.
Everything is fixed, dates and identifiers too: running it again gives the same files.
"""

from __future__ import annotations

import hashlib
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from phantom_render import SPACING_MM, WHITE, render
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ComputedRadiographyImageStorage, ExplicitVRLittleEndian, JPEGLSLossless

DESCRIPTION = "bone-age-gui phantom"
COMMENT = "Drawn phantom, not a patient"


def fixed_uid(name: str) -> UID:
    """A UID under 2.25 that is always the same for the same name."""
    digest = hashlib.sha256(f"{DESCRIPTION} {name}".encode()).digest()
    return UID(f"2.25.{int.from_bytes(digest[:15], 'big')}")


def png_bytes(pixels: np.ndarray) -> bytes:
    """An 8-bit grey PNG of uint8 (height, width) with the description as a text chunk."""
    height, width = pixels.shape
    above = np.vstack([np.zeros((1, width), np.uint8), pixels[:-1]])
    rows = np.hstack([np.full((height, 1), 2, np.uint8), pixels - above])  # filter 2: difference to the row above
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"tEXt", b"Description\0" + DESCRIPTION.encode("latin-1")),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    ]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def dicom_dataset(pixels: np.ndarray) -> Dataset:
    """A CR image of uint16 (height, width) with 12 bits used, compressed by JPEG-LS without loss."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = ComputedRadiographyImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = fixed_uid("image")
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.ImplementationClassUID = fixed_uid("implementation")
    dataset.file_meta.ImplementationVersionName = "BONEAGEGUI"
    _describe_patient_and_study(dataset)
    _describe_series_and_image(dataset)
    _describe_pixels(dataset, pixels)
    dataset.compress(JPEGLSLossless, generate_instance_uid=False)
    return dataset


def _describe_patient_and_study(dataset: Dataset) -> None:
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = "PHANTOM^DRAWN"
    dataset.PatientID = "PHANTOM-1"
    dataset.PatientBirthDate = "20140302"
    dataset.PatientSex = "F"
    dataset.PatientAge = "010Y"
    dataset.QualityControlSubject = "YES"
    dataset.StudyInstanceUID = fixed_uid("study")
    dataset.StudyID = "1"
    dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = ""
    dataset.StudyDescription = "Hand PA, drawn phantom"
    for moment in ("Study", "Series", "Acquisition", "Content"):
        setattr(dataset, f"{moment}Date", "20241120")
        setattr(dataset, f"{moment}Time", "120000")


def _describe_series_and_image(dataset: Dataset) -> None:
    dataset.SOPClassUID = ComputedRadiographyImageStorage
    dataset.SOPInstanceUID = fixed_uid("image")
    dataset.SeriesInstanceUID = fixed_uid("series")
    dataset.Modality = "CR"
    dataset.SeriesNumber = 1
    dataset.InstanceNumber = 1
    dataset.AcquisitionNumber = 1
    dataset.BodyPartExamined = "HAND"
    dataset.ViewPosition = "PA"
    dataset.ImageLaterality = "L"
    dataset.PatientOrientation = ["L", "H"]  # right in the picture is the thumb, down is the forearm
    dataset.Manufacturer = "bone-age-gui"
    dataset.ManufacturerModelName = "draw_phantom.py"
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.ImageComments = COMMENT
    dataset.QualityControlImage = "YES"
    dataset.BurnedInAnnotation = "NO"
    dataset.LossyImageCompression = "00"


def _describe_pixels(dataset: Dataset, pixels: np.ndarray) -> None:
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 0
    dataset.PixelSpacing = [SPACING_MM, SPACING_MM]
    dataset.WindowCenter = (WHITE + 1) / 2
    dataset.WindowWidth = WHITE + 1
    dataset.PixelData = pixels.astype("<u2").tobytes()


def main(folder: Path) -> None:
    """Write both files into the folder."""
    film = render()
    (folder / "phantom_hand.png").write_bytes(png_bytes(np.rint(film * (255 / WHITE)).astype(np.uint8)))
    dicom_dataset(film).save_as(folder / "phantom_hand.dcm", enforce_file_format=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
