"""Reports that wait: none lost, none twice, whatever ends in between."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reported import FiledReport, ReportAddress
from bone_age_gui.store import outbox as module
from bone_age_gui.store.outbox import Outbox, State

ROOT = Path(__file__).resolve().parents[2]


def add(outbox: Outbox, uid: str, node: str = "pacs") -> State | None:
    return outbox.add(node, uid.encode(), FiledReport("1.1", "1.2", "1.3", uid))


def test_a_report_waits_over_a_restart_and_is_sent_once(tmp_path: Path) -> None:
    assert add(Outbox(tmp_path), "1.9") is None
    assert add(Outbox(tmp_path), "1.9") is State.WAITING
    (parcel,) = Outbox(tmp_path).claim("pacs")
    assert parcel.path.read_bytes() == b"1.9"
    assert parcel.address == ReportAddress("1.1", "1.2", "1.3", "1.9")
    Outbox(tmp_path).sent(parcel)
    assert add(Outbox(tmp_path), "1.9") is State.SENT
    assert Outbox(tmp_path).claim("pacs", at_once=True) == []
    assert not parcel.path.exists(), "what the archive has does not stay here"
    assert add(Outbox(tmp_path), "1.9", "another archive") is None


def test_reports_go_along_with_an_archive_that_is_renamed(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    for node in ("one", "two"):
        for uid in ("1.8", "1.9"):
            outbox.add(node, f"{node} {uid}".encode(), FiledReport("1", "1", "1", uid))
    (first, _) = outbox.claim("one")
    outbox.sent(first)
    outbox.rename({"one": "two", "two": "one"})
    outbox.rename({"nobody": "someone"})
    assert {path.read_bytes() for path in (parcel.path for parcel in outbox.claim("one"))} == {b"two 1.8", b"two 1.9"}
    assert outbox.counts()["two"]["sent"] == 1
    assert add(outbox, first.address.uid, "two") is State.SENT


def test_two_senders_never_have_the_same_report(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    for number in range(30):
        add(outbox, f"1.{number}")
    taken: list[str] = []

    def send() -> None:
        for _ in range(4):
            taken.extend(parcel.address.uid for parcel in Outbox(tmp_path).claim("pacs", at_once=True))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(f"1.{number}" for number in range(30))


def test_a_failure_waits_longer_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(module.time, "time", lambda: now[0])
    outbox = Outbox(tmp_path)
    add(outbox, "1.9")
    waits = []
    for _ in range(9):
        (parcel,) = outbox.claim("pacs", at_once=True)
        outbox.failed(parcel, "archive_refused")
        start = now[0]
        while not outbox.claim("pacs"):
            now[0] += 30
        waits.append(now[0] - start)
        now[0] += module.CLAIM_SECONDS
    assert waits[:3] == [60, 120, 240]
    assert waits[-1] == 3600
    assert outbox.counts() == {"pacs": {"waiting": 1, "archive_refused": 1}}


def test_what_waits_for_longest_is_sent_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(module.time, "time", lambda: now[0])
    outbox = Outbox(tmp_path)
    for uid in ("1.3", "1.1", "1.2"):
        add(outbox, uid)
        now[0] += 1
    (first, *others) = outbox.claim("pacs")
    assert [parcel.address.uid for parcel in (first, *others)] == ["1.3", "1.1", "1.2"]
    outbox.failed(first, "archive_refused")
    for parcel in others:
        outbox.release(parcel)
    assert [parcel.address.uid for parcel in outbox.claim("pacs", at_once=True)] == ["1.1", "1.2", "1.3"]


def test_a_report_whose_file_is_gone_is_written_again(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    add(outbox, "1.9")
    (parcel,) = outbox.claim("pacs")
    parcel.path.unlink()
    assert add(outbox, "1.9") is State.WAITING
    assert parcel.path.read_bytes() == b"1.9"


def test_what_its_sender_left_is_taken_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(module.time, "time", lambda: now[0])
    add(Outbox(tmp_path), "1.9")
    assert Outbox(tmp_path).claim("pacs")
    assert not Outbox(tmp_path).claim("pacs"), "somebody is at it"
    now[0] += module.CLAIM_SECONDS + 1
    assert Outbox(tmp_path).claim("pacs")


def test_a_program_that_is_ended_midway_loses_nothing(tmp_path: Path) -> None:
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom bone_age_gui.store.outbox import Outbox\n"
        "from bone_age_gui.core.values.reported import FiledReport\n"
        "outbox = Outbox(Path(sys.argv[1]))\n"
        "for number in range(10_000):\n"
        "    outbox.add('pacs', b'x' * 1000, FiledReport('1', '2', '3', f'1.{number}'))\n"
        "    print(number, flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(20)]
    process.kill()
    process.wait(30)
    process.stdout.close()
    waiting: dict[str, Any] = {}
    while parcels := Outbox(tmp_path).claim("pacs"):
        waiting |= {parcel.address.uid: parcel.path.read_bytes() for parcel in parcels}
    assert {f"1.{int(line)}" for line in said} <= set(waiting)
    assert set(waiting.values()) == {b"x" * 1000}


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_nobody_else_reads_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        add(Outbox(tmp_path), "1.9")
    finally:
        os.umask(before)
    folder = tmp_path / module.FOLDER
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_all_of_it_is_forgotten(tmp_path: Path) -> None:
    module.empty_outbox(tmp_path)
    assert not list(tmp_path.iterdir()), "nothing is made only to be emptied"
    add(Outbox(tmp_path), "1.9")
    module.empty_outbox(tmp_path)
    assert Outbox(tmp_path).counts() == {}
    assert not list((tmp_path / module.FOLDER).glob("*.dcm"))


def test_a_damaged_file_is_said_in_words(tmp_path: Path) -> None:
    add(Outbox(tmp_path), "1.9")
    (tmp_path / module.FOLDER / "outbox.sqlite").write_bytes(b"noise" * 1000)
    with pytest.raises(BoneAgeError) as caught:
        add(Outbox(tmp_path), "1.10")
    assert caught.value.code == "outbox_broken"
    assert isinstance(caught.value.__cause__, sqlite3.Error)
