"""The report of one film in one format, for whoever writes reports of films: window, command line, watch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case

if TYPE_CHECKING:
    from bone_age_gui.report.dicom.predecessors import Predecessors
    from bone_age_gui.report.growth_chart import Reference

FILM_ENDINGS = {"pdf": ".pdf", "sr": "_sr.dcm", "dicom-pdf": "_pdf.dcm", "dicom-image": "_image.dcm"}
"""By format (``formats.FILM_FORMATS``): how the name of its file ends."""


def write_film_report(
    name: str,
    case: Case,
    record: CaseRecord,
    reference: Reference | None,
    path: Path,
    *,
    predecessors: Callable[[], Predecessors],
    anonymous: bool = False,
) -> Path:
    """Write the report ``name``, a key of ``FILM_ENDINGS``; ``predecessors`` is asked for a structured report alone.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
    if name == "sr":
        from bone_age_gui.report.dicom.sr import write_sr

        return write_sr(record, path, anonymous=anonymous, predecessors=predecessors())
    if name == "dicom-image":
        from bone_age_gui.report.dicom.secondary_capture import write_secondary_capture
        from bone_age_gui.report.pdf.case import case_picture

        picture = case_picture(case, record, reference, anonymous=anonymous)
        return write_secondary_capture(picture, record, path, anonymous=anonymous)
    if name == "dicom-pdf":
        from bone_age_gui.report.dicom.encapsulated_pdf import write_encapsulated_pdf
        from bone_age_gui.report.pdf.case import case_pdf

        pdf = case_pdf(case, record, reference, anonymous=anonymous)
        return write_encapsulated_pdf(pdf, record, path, anonymous=anonymous)
    from bone_age_gui.report.pdf.case import write_case_pdf

    return write_case_pdf(case, record, reference, path, anonymous=anonymous)
