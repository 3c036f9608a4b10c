"""Structured reports of ours that a folder holds already: a new one on the same film names the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydicom import Dataset
from pydicom.uid import UID

from bone_age_gui.core.reader.header import read_header
from bone_age_gui.report.dicom.study import MANUFACTURER, uid_from

_MOST_READ = 5000
"""Reports of a folder that are looked at; those with the highest numbers."""


class Predecessors:
    """The latest structured report of each film in a folder, by the film's SOP instance UID."""

    def __init__(self, folder: Path, ending: str) -> None:
        self._latest: dict[str, Dataset] = {}
        for path in sorted(folder.glob(f"*{ending}"))[-_MOST_READ:]:
            try:
                report = read_header(path)
                is_ours = report.get("Manufacturer") == MANUFACTURER
            except Exception:  # whatever else a folder holds is no concern of a new report
                continue
            if is_ours:
                self.add(report)

    def of(self, image_uid: str | None) -> Dataset | None:
        """The latest report of a film; ``None`` if there is none."""
        return self._latest.get(str(image_uid)) if image_uid else None

    def add(self, report: Dataset) -> None:
        """Take a report in, if it points to a film and is not older than what is known."""
        image = _image_of(report)
        before = self._latest.get(image) if image else None
        if image and (before is None or _moment(before) <= _moment(report)):
            self._latest[image] = report


def place_in_chain(uid: UID, latest: Dataset | None) -> tuple[UID, list[Dataset]]:
    """The UID of a report and what it names as predecessors, where ``uid`` stands for what it says.

    A report that says what the latest one says is that one again; else it is a new one that follows it. Its UID holds
    the whole chain: a reader who goes back to an earlier decision makes a third report, not the first one again.
    """
    if latest is None or latest.SOPInstanceUID == uid:
        return uid, []
    before = list(latest.get("PredecessorDocumentsSequence") or [])
    if before and latest.SOPInstanceUID == _after(uid, _named(before)):
        return latest.SOPInstanceUID, before
    return _after(uid, str(latest.SOPInstanceUID)), [_reference(latest)]


def _after(uid: UID, before: str) -> UID:
    return uid_from(f"report {uid} after {before}")


def _named(predecessors: Sequence[Dataset]) -> str:
    """The report that was named."""
    for series in predecessors[0].get("ReferencedSeriesSequence") or []:
        for report in series.get("ReferencedSOPSequence") or []:
            return str(report.get("ReferencedSOPInstanceUID", ""))
    return ""


def _reference(report: Dataset) -> Dataset:
    instance, series, study = Dataset(), Dataset(), Dataset()
    instance.ReferencedSOPClassUID = report.SOPClassUID
    instance.ReferencedSOPInstanceUID = report.SOPInstanceUID
    series.SeriesInstanceUID = report.SeriesInstanceUID
    series.ReferencedSOPSequence = [instance]
    study.StudyInstanceUID = report.StudyInstanceUID
    study.ReferencedSeriesSequence = [series]
    return study


def _image_of(report: Dataset) -> str | None:
    for study in report.get("CurrentRequestedProcedureEvidenceSequence") or []:
        for series in study.get("ReferencedSeriesSequence") or []:
            for image in series.get("ReferencedSOPSequence") or []:
                return str(image.get("ReferencedSOPInstanceUID", "")) or None
    return None


def _moment(report: Dataset) -> str:
    return f"{report.get('ContentDate', '')}{report.get('ContentTime', '')}"
