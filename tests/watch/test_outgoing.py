"""Reports on their way from the outbox: each is tried once at a time, and one that is refused holds up no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reported import FiledReport
from bone_age_gui.store.outbox import Outbox
from bone_age_gui.watch.outgoing import send_waiting

COUNT = 25
"""More than are claimed at a time."""


class Refusing:
    """An archive that has the studies, takes every third report, and finds what it took."""

    def __init__(self) -> None:
        self.tried: list[str] = []
        self.taken: set[str] = set()

    def find(self, keys: Dataset) -> Iterator[Dataset]:
        asked = keys.get("SOPInstanceUID")
        if asked is None or asked in self.taken:
            yield keys

    def send(self, files: Sequence[Path]) -> list[BoneAgeError | None]:
        outcomes: list[BoneAgeError | None] = []
        for path in files:
            uid = path.read_text(encoding="utf-8")
            self.tried.append(uid)
            assert len(self.tried) <= 4 * COUNT, "again and again"
            self.taken |= {uid} if int(uid[2:]) % 3 == 0 else set()
            outcomes.append(None if uid in self.taken else BoneAgeError("archive_status", "report", status="0xA700"))
        return outcomes


def filled(folder: Path) -> Outbox:
    outbox = Outbox(folder)
    for number in range(COUNT):
        outbox.add("pacs", f"1.{number}".encode(), FiledReport("1.9", "1.8", "1.7", f"1.{number}"))
    return outbox


@pytest.mark.parametrize("at_once", [True, False])
def test_each_report_is_tried_once_and_those_that_are_refused_wait(tmp_path: Path, at_once: bool) -> None:
    outbox, archive = filled(tmp_path), Refusing()
    door: Any = archive
    delivery = send_waiting(outbox, "pacs", door, at_once=at_once)
    assert sorted(archive.tried) == sorted(f"1.{number}" for number in range(COUNT))
    assert (delivery.sent, len(delivery.refusals)) == (9, 16)
    assert outbox.counts() == {"pacs": {"sent": 9, "waiting": 16, "archive_status": 16}}


def test_an_archive_that_is_lost_midway_leaves_all_of_them_due(tmp_path: Path) -> None:
    class Lost(Refusing):
        def send(self, files: Sequence[Path]) -> list[BoneAgeError | None]:
            raise BoneAgeError("archive_lost")

    outbox, archive = filled(tmp_path), Lost()
    door: Any = archive
    with pytest.raises(BoneAgeError) as lost:
        send_waiting(outbox, "pacs", door)
    assert lost.value.code == "archive_lost"
    due = [*outbox.claim("pacs"), *outbox.claim("pacs")]
    assert len(due) == COUNT
    assert {parcel.tries for parcel in due} == {0}, "none was tried"
