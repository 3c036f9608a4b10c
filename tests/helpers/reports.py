"""Structured reports of other programs, as the tests write them: TID 1500 with a bone age."""

from __future__ import annotations

from pathlib import Path

from pydicom import Dataset, FileMetaDataset
from pydicom.uid import ComprehensiveSRStorage, EnhancedSRStorage, ExplicitVRLittleEndian, generate_uid


def code(value: str, scheme: str, meaning: str) -> Dataset:
    """A coded concept."""
    concept = Dataset()
    concept.CodeValue, concept.CodingSchemeDesignator, concept.CodeMeaning = value, scheme, meaning
    return concept


def number(name: Dataset, value: float, unit: str) -> Dataset:
    """A measurement."""
    item, measured = Dataset(), Dataset()
    item.RelationshipType, item.ValueType, item.ConceptNameCodeSequence = "CONTAINS", "NUM", [name]
    measured.NumericValue = f"{value:.6g}"
    measured.MeasurementUnitsCodeSequence = [code(unit, "UCUM", unit)]
    item.MeasuredValueSequence = [measured]
    return item


def container(name: Dataset, items: list[Dataset]) -> Dataset:
    """A group of items."""
    item = Dataset()
    item.RelationshipType, item.ValueType, item.ConceptNameCodeSequence = "CONTAINS", "CONTAINER", [name]
    item.ContinuityOfContent, item.ContentSequence = "SEPARATE", items
    return item


def write_foreign_report(
    path: Path,
    bone_age: float | None,
    unit: str = "mo",
    *,
    study_date: str = "20241118",
    patient_id: str = "TEST-1",
    birth_date: str = "20140302",
    sex: str = "F",
    image_uid: str | None = None,
    content_date: str = "20241118",
    scheme: str = "LN",
) -> Path:
    """A TID 1500 report as another program writes it; ``None`` for one without a bone age."""
    report = Dataset()
    report.file_meta = FileMetaDataset()
    report.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    report.SOPClassUID = EnhancedSRStorage if image_uid is None else ComprehensiveSRStorage
    report.SOPInstanceUID = report.StudyInstanceUID = report.SeriesInstanceUID = generate_uid()
    report.PatientID, report.PatientBirthDate, report.PatientSex = patient_id, birth_date, sex
    report.PatientName = "A^B"
    report.StudyDate, report.ContentDate, report.ContentTime, report.Modality = study_date, content_date, "101500", "SR"
    measured = [number(code("85151-9", scheme, "XR Bone age"), bone_age, unit)] if bone_age is not None else []
    if image_uid is not None:
        image, reference = Dataset(), Dataset()
        image.RelationshipType, image.ValueType = "INFERRED FROM", "IMAGE"
        reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1.1", image_uid
        image.ReferencedSOPSequence = [reference]
        measured.append(image)
    group = container(code("125007", "DCM", "Measurement Group"), measured)
    report.ValueType, report.ContinuityOfContent = "CONTAINER", "SEPARATE"
    report.ConceptNameCodeSequence = [code("126000", "DCM", "Imaging Measurement Report")]
    report.ContentSequence = [container(code("126010", "DCM", "Imaging Measurements"), [group])]
    report.save_as(path, enforce_file_format=True)
    return path
