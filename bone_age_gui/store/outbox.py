"""Reports that wait for an archive, and which ones are there: kept over every restart, for their owner only.

A report is known by its archive and its SOP instance UID, so that none is sent twice. Its file goes once the archive
has it; the line stays, without anything of the patient.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from pathlib import Path

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reported import FiledReport, ReportAddress
from bone_age_gui.core.values.whole_files import not_written, write_private

FOLDER = "outbox"
CLAIM_SECONDS = 60.0
"""How long a report belongs to the one that is sending it."""
_MOST = 20
"""Reports that are claimed at a time: as many as are surely sent while they are claimed."""
_BETWEEN = "\n"
"""Begins a name that no archive has."""
_FIRST_WAIT, _LONGEST_WAIT = 60.0, 3600.0
_TABLE = """
CREATE TABLE IF NOT EXISTS reports (
    node TEXT NOT NULL, uid TEXT NOT NULL, class_uid TEXT NOT NULL, study_uid TEXT NOT NULL, series_uid TEXT NOT NULL,
    state TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL,
    claimed REAL NOT NULL DEFAULT 0, code TEXT NOT NULL DEFAULT '', added REAL NOT NULL, sent REAL,
    PRIMARY KEY (node, uid)
)
"""
_LATER = ("image_uid", "made_at", "follows")
"""Columns that joined: the film of a structured report, when it was made, and the UIDs of the one that it follows."""


class State(StrEnum):
    """Where a report is."""

    WAITING = "waiting"
    SENT = "sent"


@dataclass(frozen=True)
class Parcel:
    """A report that waits for the archive ``node``; ``code`` is why it was not taken the last time."""

    node: str
    address: ReportAddress
    path: Path
    tries: int = 0
    code: str = ""


class Outbox:
    """Below the user's data folder ``data``.

    Where the disk fails, methods raise ``BoneAgeError``: ``outbox_broken disk_full read_only no_folder not_written``.
    """

    def __init__(self, data_folder: Path) -> None:
        self._folder = data_folder / FOLDER

    def add(self, node: str, content: bytes, report: FiledReport) -> State | None:
        """Let a report wait; says where it is if it was added before, else ``None``."""
        uid = report.uid
        with self._open() as table:
            row = table.execute("SELECT state FROM reports WHERE node = ? AND uid = ?", (node, uid)).fetchone()
            if row is not None:
                if row[0] == State.WAITING and not self._place(node, uid).exists():
                    write_private(self._place(node, uid), content)
                return State(row[0])
            write_private(self._place(node, uid), content)
            now = time.time()
            table.execute(
                "INSERT OR IGNORE INTO reports (node, uid, class_uid, study_uid, series_uid, state, due, added, "
                "image_uid, made_at, follows) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (node, uid, report.class_uid, report.study_uid, report.series_uid, State.WAITING, now, now,
                 report.image_uid, report.made_at, " ".join(astuple(report.follows)) if report.follows else ""),
            )  # fmt: skip
        return None

    def reports_of(self, node: str, image_uid: str) -> tuple[FiledReport, ...]:
        """The structured reports of a film that wait for this archive or were sent there, in their order."""
        return self._structured("node = ? AND image_uid = ?", node, image_uid)

    def structured(self) -> tuple[FiledReport, ...]:
        """All structured reports that wait for any archive or were sent there, in their order."""
        return self._structured("TRUE")

    def _structured(self, which: str, *values: str) -> tuple[FiledReport, ...]:
        if not self._folder.is_dir():
            return ()
        with self._open() as table:
            rows = table.execute(
                "SELECT class_uid, study_uid, series_uid, uid, image_uid, made_at, follows FROM reports "
                f"WHERE image_uid != '' AND {which} ORDER BY added",
                values,
            ).fetchall()
        return tuple(
            FiledReport(kind, study, series, uid, image, made_at, _address(follows))
            for kind, study, series, uid, image, made_at, follows in rows
        )

    def claim(self, node: str, *, at_once: bool = False, leave_out: Collection[str] = ()) -> list[Parcel]:
        """Some reports for an archive that are due, for this caller alone for a while; ``at_once``: due or not.

        ``leave_out`` holds UIDs that are not wanted.
        """
        now = time.time()
        with self._open() as table:
            rows = table.execute(
                "SELECT uid, class_uid, study_uid, series_uid, tries, code FROM reports "
                "WHERE node = ? AND state = ? AND claimed <= ? AND (due <= ? OR ?) ORDER BY due",
                (node, State.WAITING, now, now, at_once),
            ).fetchall()
            rows = [row for row in rows if row[0] not in leave_out][:_MOST]
            for row in rows:
                table.execute(
                    "UPDATE reports SET claimed = ? WHERE node = ? AND uid = ?", (now + CLAIM_SECONDS, node, row[0])
                )
        return [
            Parcel(node, ReportAddress(kind, study, series, uid), self._place(node, uid), tries, code)
            for uid, kind, study, series, tries, code in rows
        ]

    def sent(self, parcel: Parcel) -> None:
        """The archive finds it: only the line stays."""
        with self._open() as table:
            table.execute(
                "UPDATE reports SET state = ?, sent = ?, code = '' WHERE node = ? AND uid = ?",
                (State.SENT, time.time(), parcel.node, parcel.address.uid),
            )
        with suppress(OSError):
            parcel.path.unlink(missing_ok=True)

    def failed(self, parcel: Parcel, code: str) -> None:
        """It was not taken: wait, each time longer, up to an hour."""
        wait = min(_FIRST_WAIT * 2 ** min(parcel.tries, 10), _LONGEST_WAIT)
        with self._open() as table:
            table.execute(
                "UPDATE reports SET tries = tries + 1, claimed = 0, due = ?, code = ? WHERE node = ? AND uid = ?",
                (time.time() + wait, code, parcel.node, parcel.address.uid),
            )

    def release(self, parcel: Parcel, code: str = "") -> None:
        """The archive was not reached, so that it was not tried: it is due as before."""
        with self._open() as table:
            table.execute(
                "UPDATE reports SET claimed = 0, code = ? WHERE node = ? AND uid = ?",
                (code, parcel.node, parcel.address.uid),
            )

    def counts(self) -> dict[str, dict[str, int]]:
        """By archive: how many are waiting and sent, and the waiting ones by the code of their last failure."""
        if not self._folder.is_dir():
            return {}
        with self._open() as table:
            rows = table.execute(
                "SELECT node, state, code, COUNT(*) FROM reports GROUP BY node, state, code"
            ).fetchall()
        counts: dict[str, dict[str, int]] = {}
        for node, state, code, number in rows:
            of_node = counts.setdefault(node, {})
            of_node[state] = of_node.get(state, 0) + number
            if state == State.WAITING and code:
                of_node[code] = of_node.get(code, 0) + number
        return counts

    def rename(self, renamed: Mapping[str, str]) -> None:
        """Let reports go along with archives that have other names now: old and new ones, which may change places."""
        if not renamed or not self._folder.is_dir():
            return
        with self._open() as table:
            between = {old: f"{_BETWEEN}{number}" for number, old in enumerate(renamed)}
            steps = [*between.items(), *((between[old], new) for old, new in renamed.items())]
            for old, new in steps:
                for (uid,) in table.execute("SELECT uid FROM reports WHERE node = ?", (old,)).fetchall():
                    with suppress(FileNotFoundError):  # the line of one that was sent has no file
                        self._place(old, uid).replace(self._place(new, uid))
                table.execute("UPDATE OR REPLACE reports SET node = ? WHERE node = ?", (new, old))

    def forget(self, is_theirs: Callable[[Path], bool]) -> None:
        """Forget the waiting reports of which this is true. ``OSError`` if a file cannot be deleted."""
        if not self._folder.is_dir():
            return
        with self._open() as table:
            rows = table.execute("SELECT node, uid FROM reports WHERE state = ?", (State.WAITING,)).fetchall()
            for node, uid in rows:
                path = self._place(node, uid)
                if path.exists() and is_theirs(path):
                    table.execute("DELETE FROM reports WHERE node = ? AND uid = ?", (node, uid))
                    path.unlink(missing_ok=True)

    def forget_studies(self, studies: Collection[str]) -> None:
        """Forget which reports of these studies were sent."""
        if studies and self._folder.is_dir():
            with self._open() as table:
                table.executemany(
                    "DELETE FROM reports WHERE study_uid = ? AND state = ?", [(each, State.SENT) for each in studies]
                )

    def empty(self) -> None:
        """Forget every report, waiting or sent. ``OSError`` if a file cannot be deleted."""
        if not self._folder.is_dir():
            return
        with self._open() as table:
            table.execute("DELETE FROM reports")
        for path in self._folder.glob("*.dcm"):
            path.unlink(missing_ok=True)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction; other programs wait for it."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._folder.chmod(0o700)
            path = self._folder / "outbox.sqlite"
            if not path.exists():
                with suppress(FileExistsError):
                    os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
            with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as table:
                table.execute("PRAGMA synchronous = FULL")
                table.execute("BEGIN IMMEDIATE")
                table.execute(_TABLE)
                _complete(table)
                try:
                    yield table
                except BaseException:
                    table.execute("ROLLBACK")
                    raise
                table.execute("COMMIT")
        except sqlite3.Error as error:
            raise _broken() from error
        except OSError as error:
            raise not_written(error, "data") from error

    def _place(self, node: str, uid: str) -> Path:
        name = hashlib.sha256(f"{node}\n{uid}".encode()).hexdigest()
        return self._folder / f"{name}.dcm"


def _complete(table: sqlite3.Connection) -> None:
    """Give the table of an earlier version the columns that joined."""
    present = {row[1] for row in table.execute("PRAGMA table_info(reports)")}
    for name in _LATER:
        if name not in present:
            table.execute(f"ALTER TABLE reports ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")


def _address(text: str) -> ReportAddress | None:
    parts = text.split(" ")
    return ReportAddress(*parts) if len(parts) == len(fields(ReportAddress)) else None


def empty_outbox(data_folder: Path) -> None:
    """Forget every report, waiting or sent. ``OSError`` if a file cannot be deleted."""
    Outbox(data_folder).empty()


def _broken() -> BoneAgeError:
    return BoneAgeError("outbox_broken")
