"""Structured reports that this program has written before: a new one on the same film names its predecessor."""

from __future__ import annotations

from collections.abc import Iterable

from pydicom import Dataset
from pydicom.uid import UID

from bone_age_gui.core.values.reported import FiledReport, ReportAddress
from bone_age_gui.report.dicom.study import uid_from


class Predecessors:
    """The latest structured report of each film, by the film's SOP instance UID."""

    def __init__(self, reports: Iterable[FiledReport] = ()) -> None:
        self._latest: dict[str, FiledReport] = {}
        for report in reports:
            self.add(report)

    def of(self, image_uid: str) -> FiledReport | None:
        """The latest report of a film; ``None`` if there is none."""
        return self._latest.get(image_uid)

    def add(self, report: FiledReport) -> None:
        """Take a report in, if it points to a film and is not older than what is known."""
        before = self._latest.get(report.image_uid)
        if report.image_uid and (before is None or _is_later(report, before)):
            self._latest[report.image_uid] = report


def _is_later(report: FiledReport, other: FiledReport) -> bool:
    """By their times; of the same second the one that follows the other."""
    if report.made_at == other.made_at:
        return other.follows is None or other.follows.uid != report.uid
    return report.made_at > other.made_at


def place_in_chain(uid: UID, latest: FiledReport | None) -> tuple[UID, ReportAddress | None]:
    """The UID of a report and its predecessor, where ``uid`` stands for what it says.

    A report that says what the latest one says is that one again; else it is a new one that follows it. Its UID holds
    the whole chain: a reader who goes back to an earlier decision makes a third report, not the first one again.
    """
    if latest is None or latest.uid == uid:
        return uid, None
    if latest.follows is not None and latest.uid == _after(uid, latest.follows.uid):
        return UID(latest.uid), latest.follows
    return _after(uid, latest.uid), latest


def predecessor_sequence(report: ReportAddress) -> list[Dataset]:
    """The sequence by which a new report names the one before it (PS3.3, C.17.2)."""
    instance, series, study = Dataset(), Dataset(), Dataset()
    instance.ReferencedSOPClassUID = report.class_uid
    instance.ReferencedSOPInstanceUID = report.uid
    series.SeriesInstanceUID = report.series_uid
    series.ReferencedSOPSequence = [instance]
    study.StudyInstanceUID = report.study_uid
    study.ReferencedSeriesSequence = [series]
    return [study]


def _after(uid: UID, before: str) -> UID:
    return uid_from(f"report {uid} after {before}")
