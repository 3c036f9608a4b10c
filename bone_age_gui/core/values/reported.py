"""An examination as a report of any program holds it, with whom and what it is of."""

from __future__ import annotations

from dataclasses import dataclass

from bone_age_gui.core.values.reading import Examination
from bone_age_gui.core.values.types import Patient


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
