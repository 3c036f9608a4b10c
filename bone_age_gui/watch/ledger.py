"""What a watch has done, film by film, on the disk before it goes on: the reason why nothing is done twice.

It holds no name, number or date of a patient: a film is known by a salted hash.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.whole_files import not_written

FILE, LOCK = "watch.sqlite", "watch-lock.sqlite"
MOST_TRIES = 3
_TABLES = (
    """CREATE TABLE IF NOT EXISTS films (
        key TEXT PRIMARY KEY, outcome TEXT NOT NULL DEFAULT '', code TEXT NOT NULL DEFAULT '',
        tries INTEGER NOT NULL DEFAULT 0, at REAL NOT NULL
    )""",
    "CREATE TABLE IF NOT EXISTS files (file TEXT PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL, at REAL NOT NULL)",
)


class FilmOutcome(StrEnum):
    """What became of a film."""

    ESTIMATED = "estimated"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"
    OTHER = "other"
    """No hand's film, as it says itself; nobody needs to look at it."""


@dataclass(frozen=True)
class LastTime:
    """Something that happened last, and when (s since 1970)."""

    value: str
    at: float


class Ledger:
    """The ledger in the folder ``out``, which is made if it is not there.

    Raises ``BoneAgeError`` (``watch_ledger disk_full read_only no_folder not_written``) where the disk fails.
    """

    def __init__(self, out: Path) -> None:
        self._path = out / FILE
        try:
            out.mkdir(parents=True, exist_ok=True, mode=0o700)
            for name in (FILE, LOCK):
                with suppress(FileExistsError):
                    os.close(os.open(out / name, os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise not_written(error, "data") from error
        with self._open() as table:
            for statement in _TABLES:
                table.execute(statement)
            table.execute("INSERT OR IGNORE INTO facts VALUES ('salt', ?, ?)", (secrets.token_hex(16), time.time()))
            self._salt = str(table.execute("SELECT value FROM facts WHERE name = 'salt'").fetchone()[0])

    def key(self, *parts: str | bytes) -> str:
        """The salted hash of what a film, or a file, is known by."""
        digest = hashlib.sha256(self._salt.encode())
        for part in parts:
            content = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
            digest.update(len(content).to_bytes(8, "big") + content)
        return digest.hexdigest()

    def is_done(self, key: str) -> bool:
        """True for a film that has its outcome."""
        with self._open() as table:
            row = table.execute("SELECT outcome FROM films WHERE key = ?", (key,)).fetchone()
        return row is not None and row[0] != ""

    def begin(self, key: str) -> bool:
        """Note that a film is begun; False if that was done ``MOST_TRIES`` times and the program ended each time."""
        with self._open() as table:
            table.execute("INSERT OR IGNORE INTO films (key, at) VALUES (?, ?)", (key, time.time()))
            tries = int(table.execute("SELECT tries FROM films WHERE key = ?", (key,)).fetchone()[0])
            table.execute("UPDATE films SET tries = tries + 1, at = ? WHERE key = ?", (time.time(), key))
        return tries < MOST_TRIES

    def give_back(self, key: str) -> None:
        """The film could not be finished for no fault of its own: it will be tried again."""
        with self._open() as table:
            table.execute("UPDATE films SET tries = tries - 1 WHERE key = ? AND outcome = ''", (key,))

    def finish(self, key: str, outcome: FilmOutcome, code: str = "") -> None:
        """Everything of this film is on the disk."""
        with self._open() as table:
            table.execute(
                "UPDATE films SET outcome = ?, code = ?, at = ? WHERE key = ?", (outcome, code, time.time(), key)
            )

    def knows_file(self, file: str) -> bool:
        """True for a file that was looked into and has not changed."""
        with self._open() as table:
            return table.execute("SELECT 1 FROM files WHERE file = ?", (file,)).fetchone() is not None

    def note_file(self, file: str) -> None:
        """Need not look into this file again."""
        with self._open() as table:
            table.execute("INSERT OR IGNORE INTO files VALUES (?)", (file,))

    def note(self, name: str, value: str = "") -> None:
        """Keep what happened last."""
        with self._open() as table:
            table.execute("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", (name, value, time.time()))

    def facts(self) -> dict[str, LastTime]:
        """What happened last, by its name."""
        with self._open() as table:
            rows = table.execute("SELECT name, value, at FROM facts WHERE name <> 'salt'").fetchall()
        return {name: LastTime(value, at) for name, value, at in rows}

    def counts(self) -> dict[tuple[str, str], int]:
        """Films by outcome and code; the outcome is empty for those that are begun."""
        with self._open() as table:
            rows = table.execute("SELECT outcome, code, COUNT(*) FROM films GROUP BY outcome, code").fetchall()
        return {(outcome, code): number for outcome, code, number in rows}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else watches into this folder meanwhile; the system ends it with the program, however that ends.

        Raises ``BoneAgeError`` (``watch_running``; ``watch_ledger`` where the disk fails).
        """
        with closing(sqlite3.connect(self._path.with_name(LOCK), timeout=0, isolation_level=None)) as lock:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error as error:  # also of a full disk, on which nobody can be shut out
                raise (_running() if error.sqlite_errorcode == sqlite3.SQLITE_BUSY else _broken()) from error
            yield

    def is_watched(self) -> bool:
        """Whether somebody is ``alone`` now."""
        try:
            with self.alone():
                return False
        except BoneAgeError as error:
            return error.code == "watch_running"

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk at its end."""
        try:
            with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as table:
                table.execute("PRAGMA synchronous = FULL")
                table.execute("BEGIN IMMEDIATE")
                yield table
                table.execute("COMMIT")
        except sqlite3.Error as error:
            raise _broken() from error


def _running() -> BoneAgeError:
    return BoneAgeError("watch_running")


def _broken() -> BoneAgeError:
    return BoneAgeError("watch_ledger", file=FILE)
