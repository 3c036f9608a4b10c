"""How a report of this program stands among the others of its film: by its UIDs and the report that it follows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from bone_age_gui.core.values.reported import MANUFACTURER, REPORT_CLASSES, FiledReport, ReportAddress

if TYPE_CHECKING:
    from pydicom import Dataset

FILED_TAGS = (
    "SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "Manufacturer", "ContentDate",
    "ContentTime", "PatientIdentityRemoved", "CurrentRequestedProcedureEvidenceSequence",
    "PredecessorDocumentsSequence",
)  # fmt: skip
"""All that ``filed_report`` looks at."""
_MOST_BYTES = 20_000_000
"""No report of ours is as large."""


def filed_report(dataset: Dataset) -> FiledReport:
    """The UIDs of a report; whatever is missing is empty."""
    is_structured = str(dataset.get("SOPClassUID", "")).startswith(REPORT_CLASSES)
    images = list(_named(dataset.get("CurrentRequestedProcedureEvidenceSequence"))) if is_structured else []
    before = list(_named(dataset.get("PredecessorDocumentsSequence"))) if is_structured else []
    return FiledReport(
        class_uid=str(dataset.get("SOPClassUID", "")),
        study_uid=str(dataset.get("StudyInstanceUID", "")),
        series_uid=str(dataset.get("SeriesInstanceUID", "")),
        uid=str(dataset.get("SOPInstanceUID", "")),
        image_uid=images[0].uid if images else "",
        made_at=f"{dataset.get('ContentDate', '')}{dataset.get('ContentTime', '')}",
        follows=before[0] if before else None,
    )


def read_filed(paths: Iterable[Path]) -> tuple[FiledReport, ...]:
    """Our structured reports among these files, as far as they name a film; all other files are passed over."""
    return tuple(report for path in paths if (report := _read(path)) is not None)


def _read(path: Path) -> FiledReport | None:
    from bone_age_gui.core.reader.header import read_header  # pydicom: the doors to the reports stay light

    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        dataset = read_header(path, list(FILED_TAGS))
        report = filed_report(dataset)
    except Exception:  # whatever else there is, it is no concern of a new report
        return None
    return report if report.image_uid and dataset.get("Manufacturer") == MANUFACTURER else None


def _named(studies: Iterable[Dataset] | None) -> Iterable[ReportAddress]:
    for study in studies or ():
        for series in study.get("ReferencedSeriesSequence") or ():
            for item in series.get("ReferencedSOPSequence") or ():
                yield ReportAddress(
                    str(item.get("ReferencedSOPClassUID", "")),
                    str(study.get("StudyInstanceUID", "")),
                    str(series.get("SeriesInstanceUID", "")),
                    str(item.get("ReferencedSOPInstanceUID", "")),
                )
