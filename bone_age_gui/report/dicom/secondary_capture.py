"""The first page of the PDF report as a DICOM picture (Secondary Capture), for archives that show nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydicom import FileDataset
from pydicom.uid import RLELossless, SecondaryCaptureImageStorage

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.whole_files import write_whole
from bone_age_gui.report.dicom.document import new_document
from bone_age_gui.report.dicom.study import study_of

SERIES_NUMBER = 9903
TITLE = "Bone age report, page 1 (research)"


def write_secondary_capture(picture: np.ndarray, record: CaseRecord, path: Path, *, anonymous: bool = False) -> Path:
    """Wrap a page: uint8, (height, width, 3), RGB. ``anonymous`` says that the record was anonymised.

    Raises ``BoneAgeError`` (``disk_full read_only no_folder not_written``) where it cannot be written.
    """
    wrapped = _wrap(picture, record, anonymous)
    return write_whole(path, lambda temporary: wrapped.save_as(temporary, enforce_file_format=True))


def _wrap(picture: np.ndarray, record: CaseRecord, anonymous: bool) -> FileDataset:
    study = study_of(record, anonymous)
    document = new_document(SecondaryCaptureImageStorage, record, study, "image", TITLE, SERIES_NUMBER)
    document.Modality = "OT"
    document.ImageType = ["DERIVED", "SECONDARY"]
    document.PatientOrientation = ""
    document.Laterality = record.laterality if record.laterality in ("L", "R") else ""
    document.SamplesPerPixel = 3
    document.PhotometricInterpretation = "RGB"
    document.PlanarConfiguration = 0
    document.Rows, document.Columns = picture.shape[:2]
    document.BitsAllocated, document.BitsStored, document.HighBit = 8, 8, 7
    document.PixelRepresentation = 0
    document.PixelData = np.ascontiguousarray(picture).tobytes()
    document.compress(RLELossless, generate_instance_uid=False)
    return document
