"""What every DICOM object beside the structured report begins with: patient, study, a series of its own, equipment."""

from __future__ import annotations

from copy import deepcopy

from pydicom import FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.report.dicom.study import Study, equipment, moment, report_uid


def new_document(
    sop_class: UID, record: CaseRecord, study: Study, kind: str, title: str, series_number: int
) -> FileDataset:
    """An object of a SOP class, in explicit little endian, without its content; ``kind`` goes to ``report_uid``."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    document = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    document.update(deepcopy(study.tags))
    document.SOPClassUID = sop_class
    document.SOPInstanceUID = report_uid(kind, record)
    document.SeriesInstanceUID = report_uid(kind, record, of_series=True)
    document.SeriesNumber = series_number
    document.SeriesDescription = title
    document.InstanceNumber = 1
    maker = equipment(record)
    document.Manufacturer = maker["manufacturer"]
    document.ManufacturerModelName = maker["manufacturer_model_name"]
    document.SoftwareVersions = maker["software_versions"]
    document.DeviceSerialNumber = maker["device_serial_number"]
    document.ConversionType = "WSD"
    when = moment(record)
    document.ContentDate = when.strftime("%Y%m%d")
    document.ContentTime = when.strftime("%H%M%S")
    # The film on the page may hold text, whatever the record says.
    document.BurnedInAnnotation = "YES"
    return document
