"""What a structured report says: of a child as an examination, and of itself among the reports of a film."""

from __future__ import annotations

from dataclasses import dataclass

from bone_age_gui.core.values.reading import Examination
from bone_age_gui.core.values.types import Patient

MANUFACTURER = "Bone Age (open source)"
"""What every DICOM object of this program names as its maker."""

REPORT_CLASSES = "1.2.840.10008.5.1.4.1.1.88."
"""What the class of every structured report begins with."""


@dataclass(frozen=True)
class ReportedExamination:
    """``patient`` is the report's, ``image_uid`` the image that it names (``None`` where it names none).

    ``report_uid`` is its own number, and ``made_at`` its date and time as DICOM writes them: of two reports of one
    image the later one counts.
    """

    patient: Patient
    examination: Examination
    report_uid: str
    image_uid: str | None = None
    made_at: str = ""


@dataclass(frozen=True)
class ReportAddress:
    """The UIDs by which a report is named, and by which an archive is asked for it."""

    class_uid: str
    study_uid: str
    series_uid: str
    uid: str


@dataclass(frozen=True)
class FiledReport(ReportAddress):
    """A report of this program: the film that it is of (empty where it names none), when it was made, as DICOM writes
    it, and which report it ``follows``."""

    image_uid: str = ""
    made_at: str = ""
    follows: ReportAddress | None = None
