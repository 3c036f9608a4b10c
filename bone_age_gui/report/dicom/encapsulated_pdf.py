"""The PDF report as a DICOM object (Encapsulated PDF Storage), for archives that take no plain files."""

from __future__ import annotations

from pathlib import Path

from pydicom import Dataset, FileDataset
from pydicom.sr.coding import Code
from pydicom.uid import EncapsulatedPDFStorage

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.whole_files import write_whole
from bone_age_gui.report.dicom.codes import language_code
from bone_age_gui.report.dicom.document import new_document
from bone_age_gui.report.dicom.study import study_of
from bone_age_gui.wording.language import language

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
    document = new_document(EncapsulatedPDFStorage, record, study, "pdf", TITLE, SERIES_NUMBER)
    document.Modality = "DOC"
    document.AcquisitionDateTime = ""
    document.DocumentTitle = TITLE
    document.VerificationFlag = "UNVERIFIED"
    document.ConceptNameCodeSequence = [_code(Code("18748-4", "LN", "Diagnostic imaging report"))]
    # No module of this object has a place for it, so it is an attribute more (PS3.2, standard extended SOP class).
    document.LanguageCodeSequence = [_code(language_code(language()))]
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


def _code(code: Code) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code.value, code.scheme_designator, code.meaning
    return item
