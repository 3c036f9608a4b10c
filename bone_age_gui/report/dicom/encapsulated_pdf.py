"""The PDF report as a DICOM object (Encapsulated PDF Storage), for archives that take no plain files."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from pydicom import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.whole_files import write_whole
from bone_age_gui.report.dicom.study import equipment, moment, report_uid, study_of

SERIES_NUMBER = 9902
TITLE = "Bone age report (research)"


def write_encapsulated_pdf(pdf: bytes, record: CaseRecord, path: Path, *, anonymous: bool = False) -> Path:
    """Wrap the finished PDF of a film. ``anonymous`` says that the record was anonymised.

    ``ValueError`` if ``pdf`` is no PDF; ``BoneAgeError`` (``disk_full read_only no_folder not_written``) where it
    cannot be written.
    """
    if not pdf.startswith(b"%PDF-"):
        raise ValueError("that is no PDF")
    wrapped = _wrap(pdf, record, anonymous)
    return write_whole(path, lambda temporary: wrapped.save_as(temporary, enforce_file_format=True))


def _wrap(pdf: bytes, record: CaseRecord, anonymous: bool) -> FileDataset:
    study = study_of(record, anonymous)
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    document = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    document.update(deepcopy(study.tags))
    document.SOPClassUID = EncapsulatedPDFStorage
    document.SOPInstanceUID = report_uid("pdf", record)
    document.SeriesInstanceUID = report_uid("pdf", record, of_series=True)
    document.Modality = "DOC"
    document.SeriesNumber = SERIES_NUMBER
    document.SeriesDescription = TITLE
    document.InstanceNumber = 1
    made = equipment(record)
    document.Manufacturer = made["manufacturer"]
    document.ManufacturerModelName = made["manufacturer_model_name"]
    document.SoftwareVersions = made["software_versions"]
    document.DeviceSerialNumber = made["device_serial_number"]
    document.ConversionType = "WSD"
    when = moment(record)
    document.ContentDate = when.strftime("%Y%m%d")
    document.ContentTime = when.strftime("%H%M%S")
    document.AcquisitionDateTime = ""
    # The film in the PDF may hold text, whatever the record says.
    document.BurnedInAnnotation = "YES"
    document.DocumentTitle = TITLE
    document.VerificationFlag = "UNVERIFIED"
    document.ConceptNameCodeSequence = [_code("18748-4", "LN", "Diagnostic imaging report")]
    if not study.is_generated:
        document.SourceInstanceSequence = [_reference(study.tags)]
    document.MIMETypeOfEncapsulatedDocument = "application/pdf"
    document.EncapsulatedDocumentLength = len(pdf)
    document.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
    return document


def _reference(image: Dataset) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = image.SOPClassUID
    item.ReferencedSOPInstanceUID = image.SOPInstanceUID
    return item


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item
