"""Sending reports to an archive: each is sent once, and counts as sent when a query to the archive returns it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bone_age_gui.core.reader.filed import FILED_TAGS, filed_report
from bone_age_gui.core.reader.header import read_header
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reported import MANUFACTURER, FiledReport, ReportAddress
from bone_age_gui.pacs import identifiers, refusals
from bone_age_gui.pacs.archive import Archive
from bone_age_gui.pacs.contexts import SENT_CLASSES
from bone_age_gui.pacs.query import is_uid


def report_address(content: bytes) -> FiledReport:
    """The UIDs of a report of this program.

    Raises ``BoneAgeError``: ``archive_no_report``, ``archive_anonymised``.
    """
    try:
        header = read_header(content, list(FILED_TAGS))
        address = filed_report(header)
        removed, maker = str(header.get("PatientIdentityRemoved", "")), str(header.get("Manufacturer", ""))
    except Exception as error:  # whatever the file is
        raise refusals.no_report() from error
    uids = (address.uid, address.study_uid, address.series_uid)
    kinds = {str(kind) for kind in SENT_CLASSES}
    if maker != MANUFACTURER or address.class_uid not in kinds or not all(is_uid(uid) for uid in uids):
        raise refusals.no_report()
    if removed.strip().upper() == "YES":
        raise refusals.anonymised_report()
    return address


def deliver(archive: Archive, reports: Sequence[tuple[ReportAddress, Path]]) -> list[BoneAgeError | None]:
    """Send what the archive does not hold yet; for each, ``None`` once the archive finds it, else why it does not.

    Raises ``BoneAgeError`` with the codes that ``archive.Archive`` lists, where nothing can be sent at all.
    """
    outcomes: list[BoneAgeError | None] = [None] * len(reports)
    waiting = [number for number, (address, _) in enumerate(reports) if not holds(archive, address)]
    for number in list(waiting):
        if not has_study(archive, reports[number][0].study_uid):
            outcomes[number] = refusals.no_such_study()
            waiting.remove(number)
    if not waiting:
        return outcomes
    for number, refusal in zip(waiting, archive.send([reports[number][1] for number in waiting]), strict=True):
        outcomes[number] = refusal
        if refusal is None and not holds(archive, reports[number][0]):
            outcomes[number] = refusals.not_confirmed()
    return outcomes


def holds(archive: Archive, address: ReportAddress) -> bool:
    """Whether the archive finds this very object."""
    keys = identifiers.instance_query(address.study_uid, address.series_uid, address.uid)
    return any(identifiers.text_of(answer, "SOPInstanceUID", "") == address.uid for answer in archive.find(keys))


def has_study(archive: Archive, study_uid: str) -> bool:
    """Whether the archive holds the study that a report is to be filed in."""
    return any(
        identifiers.text_of(answer, "StudyInstanceUID", "") == study_uid
        for answer in archive.find(identifiers.study_uid_query(study_uid))
    )
