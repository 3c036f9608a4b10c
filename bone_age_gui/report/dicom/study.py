"""The study to which a DICOM report belongs, and the tags that every DICOM report carries."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pydicom import Dataset
from pydicom.uid import UID, SecondaryCaptureImageStorage, generate_uid

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.reported import MANUFACTURER
from bone_age_gui.core.values.types import StudyTags
from bone_age_gui.wording.language import ENGLISH, language
from bone_age_gui.wording.values import visible

NAME = "Bone Age"
REMOVED_BY = "Names, numbers, dates and UIDs left out or replaced"
UTF_8 = "ISO_IR 192"
_LONG = 64
"""Characters that a DICOM long string (LO) holds."""
_NAME_GROUPS, _NAME_PARTS = 3, 5
_IMAGES = "ImageStorage"
"""In the keyword of every standard class of images."""


@dataclass(frozen=True)
class Study:
    """``tags`` holds patient and study and stands for the source image; ``is_generated`` if there was no study."""

    tags: Dataset
    is_generated: bool
    is_anonymous: bool = False


def study_of(record: CaseRecord, anonymous: bool = False) -> Study:
    """Patient and study for a report; ``anonymous`` says that the record was anonymised.

    A record without a DICOM reference gets a generated study, the same for all reports of that record; so does one
    whose film is of no standard kind of image, to which a report cannot point.
    """
    if record.reference is not None and _IMAGES not in UID(record.reference.sop_class_uid).keyword:
        record = replace(record, reference=None)
    # Its warnings quote the values of tags, which may be the patient's.
    warnings.filterwarnings("ignore", module="pydicom")
    tags = Dataset()
    tags.SpecificCharacterSet = UTF_8
    _describe(tags, (record.study if record.reference is not None else None) or StudyTags())
    tags.PatientName = person_name(record.patient_name)
    tags.PatientID = long_string(record.patient_id)
    tags.PatientSex = record.sex or ""
    tags.PatientBirthDate = dicom_date(record.birth_date)
    tags.StudyDate = dicom_date(record.study_date)
    _number(tags, record)
    if anonymous:
        tags.PatientIdentityRemoved = "YES"
        tags.DeidentificationMethod = REMOVED_BY
    if record.reference is None:
        tags.StudyDescription = "Bone age (generated study: picture without tags)"
    return Study(tags, record.reference is None, anonymous)


def _number(tags: Dataset, record: CaseRecord) -> None:
    """The UIDs of the source image, or generated ones."""
    reference = record.reference
    if reference is not None:
        tags.SOPClassUID = UID(reference.sop_class_uid)
        tags.SOPInstanceUID = UID(reference.sop_instance_uid)
        tags.StudyInstanceUID = UID(reference.study_instance_uid)
        tags.SeriesInstanceUID = UID(reference.series_instance_uid)
        return
    made_from = f"{record.file}\n{record.created}\n{record.bone_age_months!r}\n{record.model_sha256}"
    tags.SOPClassUID = SecondaryCaptureImageStorage
    tags.StudyInstanceUID = uid_from(f"study {made_from}")
    tags.SOPInstanceUID, tags.SeriesInstanceUID = generate_uid(), generate_uid()


def _describe(tags: Dataset, study: StudyTags) -> None:
    """What the study says of itself; the first four must be there, even if they are empty."""
    tags.StudyID = long_string(study.study_id)
    tags.StudyTime = study.study_time
    tags.AccessionNumber = long_string(study.accession_number)
    tags.ReferringPhysicianName = person_name(study.referring_physician)
    if study.description:
        tags.StudyDescription = long_string(study.description)
    if study.patient_id_issuer:
        tags.IssuerOfPatientID = long_string(study.patient_id_issuer)


def long_string(text: str | None) -> str:
    """Text as a DICOM long string: one value of at most 64 characters."""
    return visible(text or "").replace("\\", "/")[:_LONG]


def person_name(text: str | None) -> str:
    """Text as a DICOM name: up to three ways of writing it, each of up to five parts and 64 characters."""
    groups = visible(text or "").replace("\\", "/").split("=")[:_NAME_GROUPS]
    return "=".join("^".join(group.split("^")[:_NAME_PARTS])[:_LONG] for group in groups)


def dicom_date(iso: str | None) -> str:
    """``2014-03-02`` as ``20140302``; empty for anything that is no date."""
    try:
        return date.fromisoformat(iso or "").strftime("%Y%m%d")
    except ValueError:
        return ""


def uid_from(text: str) -> UID:
    """The same UID for the same text."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
    return UID(f"2.25.{int(digest[:32], 16)}")


def report_uid(kind: str, record: CaseRecord, *, of_series: bool = False) -> UID:
    """The UID of a report: the same as long as it says the same, so that an archive that has it is not sent it again.

    ``kind`` names the sort of report. What counts is the film, the model, the final bone age, who decided, what was
    known of the child, and the language in force. A picture without a DICOM reference gets a new UID each time.
    """
    if record.reference is None:
        return generate_uid()
    statements = (
        record.reference.sop_instance_uid, record.model_sha256, record.bone_age_months, record.final_age_months,
        record.reader_age_months, record.decided_by, record.remark, record.sex, record.birth_date, record.study_date,
        record.chronological_age_months, record.patient_name, record.patient_id, record.adult_height, record.flag,
        record.borderline, record.threshold_sd, record.normal_below, record.beyond_above, record.reference_name,
        record.reader_name,
    )  # fmt: skip
    if of_series:
        return uid_from(f"series {kind} {statements!r}")
    spoken = "" if language() == ENGLISH else f"{language()} "
    return uid_from(f"report {kind} {spoken}{statements!r}")


def equipment(record: CaseRecord) -> dict[str, Any]:
    """Who made the report, by the names of highdicom."""
    return {
        "manufacturer": MANUFACTURER,
        "manufacturer_model_name": NAME,
        "software_versions": long_string(record.program_version) or "unknown",
        "device_serial_number": long_string(record.model_sha256) or "none",
    }


def moment(record: CaseRecord) -> datetime:
    """When the record was made, in local time without a zone, as DICOM writes it."""
    return _local(record.created)


def decided_moment(record: CaseRecord) -> datetime:
    """Local time at which a reader decided; records that do not hold it were made then."""
    return _local(record.decided_at or record.created)


def _local(iso: str) -> datetime:
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return datetime.now().replace(microsecond=0)
    return when.astimezone().replace(tzinfo=None) if when.tzinfo else when
