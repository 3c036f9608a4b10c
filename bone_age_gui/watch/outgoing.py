"""Reports from the outbox into an archive."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bone_age_gui.core.values.bounded_files import read_bounded
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reported import FiledReport
from bone_age_gui.core.values.types import Case
from bone_age_gui.pacs.archive import Archive
from bone_age_gui.pacs.deliver import deliver, report_address
from bone_age_gui.store.outbox import Outbox, State


@dataclass(frozen=True)
class Delivery:
    """What became of the reports that were tried: how many the archive has now, and why it has not the others."""

    sent: int = 0
    refusals: tuple[BoneAgeError, ...] = ()


def add_report(outbox: Outbox, node: str, content: bytes) -> State | None:
    """Let a report, a DICOM file, wait for an archive; says where it is if it was added before.

    Raises ``BoneAgeError``: ``archive_no_report archive_anonymised``, and where the outbox cannot be written
    ``outbox_broken disk_full read_only no_folder not_written``.
    """
    address = report_address(content)
    return outbox.add(node, content, address)


def reports_before(outbox: Outbox, node: str, case: Case) -> tuple[FiledReport, ...]:
    """The structured reports of a film that were sent to an archive or wait for it.

    Raises ``BoneAgeError``: ``outbox_broken disk_full read_only no_folder not_written``.
    """
    reference = case.radiograph.reference if case.radiograph is not None else None
    return outbox.reports_of(node, reference.sop_instance_uid) if reference is not None else ()


def send_waiting(outbox: Outbox, node: str, archive: Archive, *, at_once: bool = False) -> Delivery:
    """Send what waits for this archive and is due, or all of it ``at_once``.

    Raises ``BoneAgeError`` where the archive as a whole cannot be reached, with the codes that `Archive` lists, and
    where the disk fails: ``outbox_broken disk_full read_only no_folder not_written``. The rest waits on.
    """
    sent, refusals, tried = 0, list[BoneAgeError](), set[str]()
    while parcels := outbox.claim(node, at_once=at_once, leave_out=tried):
        tried |= {parcel.address.uid for parcel in parcels}
        known = [(each.address, each.path) for each in parcels]
        try:
            outcomes = deliver(archive, known)
        except BaseException as error:
            for parcel in parcels:
                outbox.release(parcel, error.code if isinstance(error, BoneAgeError) else "")
            raise
        for parcel, refusal in zip(parcels, outcomes, strict=True):
            if refusal is None:
                outbox.sent(parcel)
                sent += 1
            else:
                outbox.failed(parcel, refusal.code)
                refusals.append(refusal)
    return Delivery(sent, tuple(refusals))


def read_report(path: Path) -> bytes:
    """The content of a report's file. ``BoneAgeError`` (``report_unreadable``)."""
    try:
        return read_bounded(path)
    except OSError as error:
        raise BoneAgeError("report_unreadable", problem=error.strerror or type(error).__name__) from error
