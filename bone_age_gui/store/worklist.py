"""The worklist: what was entered for films, and the final bone ages of each child, in one file of SQLite.

A film is known by the SHA-256 of its bytes, a child by a keyed hash of its number, birth date and sex; the file holds
no name, no number of a patient and no path. Of structured reports that were written it holds their DICOM UIDs. Every
change is on the disk when the call returns. Several programs may use one file: each change is one small transaction,
and only values that were changed are written.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from bone_age_gui import paths
from bone_age_gui.core.values import strict_json
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reading import Examination
from bone_age_gui.core.values.reported import FiledReport
from bone_age_gui.core.values.types import Patient
from bone_age_gui.store import own_file, schema
from bone_age_gui.store.entered import Entered, from_values, to_values
from bone_age_gui.store.transactions import Transactions

FILE = "worklist.sqlite"
WAIT_SECONDS = 3.0
"""So long is another program waited for that writes at the same moment."""
_BESIDE = ("-wal", "-shm", "-journal")
"""Endings of the files that SQLite puts beside its own."""
_TABLES = ("entered", "child", "final", "joined", "filed")
_MOST_FILED = 20_000


class Worklist(Transactions):
    """An open worklist; ``open_worklist`` makes one."""

    # What was entered

    def entered(self, film: str) -> Entered:
        """What was entered for a film; ``NOTHING`` where nothing was."""
        rows = self._read("SELECT name, value FROM entered WHERE film = ?", film)
        return from_values(dict(rows))

    def entered_at(self, film: str) -> str | None:
        """When something was last entered for a film: ISO, UTC."""
        rows = self._read("SELECT max(changed) FROM entered WHERE film = ?", film)
        return rows[0][0]

    def enter(self, film: str, before: Entered, after: Entered) -> None:
        """Write what this window changed, and nothing else: another window may have changed other values."""
        old, new = to_values(before), to_values(after)
        written = [(film, name, text, _now()) for name, text in new.items() if old.get(name) != text]
        gone = [(film, name) for name in old.keys() - new.keys()]
        if not written and not gone:
            return
        with self._writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO entered VALUES (?, ?, ?, ?)", written)
            connection.executemany("DELETE FROM entered WHERE film = ? AND name = ?", gone)

    # Children and their films

    def child_of(self, patient: Patient, film: str) -> str:
        """By what a child is known: its number, birth date and sex; without all three each film is its own child."""
        number = (patient.patient_id or "").strip()
        if not number or patient.birth_date is None or patient.sex is None:
            return f"film {self._hash(f'film {film}')}"
        return self._hash(f"{number}\n{patient.birth_date.isoformat()}\n{patient.sex}")

    def image_of(self, sop_instance_uid: str | None, film: str) -> str:
        """By what an image is known, in a film and in a report that names it."""
        return self._hash(f"image {sop_instance_uid}" if sop_instance_uid else f"film {film}")

    def root_of(self, child: str) -> str:
        """The child whose films those of ``child`` were put to by a person; else ``child`` itself."""
        rows = self._read("SELECT with_child FROM joined WHERE child = ?", child)
        return str(rows[0][0]) if rows else child

    def join(self, child: str, other: str) -> None:
        """A person says that two are the same child."""
        first, second = self.root_of(child), self.root_of(other)
        if first == second:
            return
        with self._writing() as connection:
            connection.execute("UPDATE joined SET with_child = ? WHERE with_child = ?", (first, second))
            connection.execute("INSERT OR REPLACE INTO joined VALUES (?, ?)", (second, first))

    def separate(self, child: str) -> None:
        """Take back what ``join`` said of a child, and of all that were put to it."""
        with self._writing() as connection:
            connection.execute("DELETE FROM joined WHERE child = ? OR with_child = ?", (child, child))

    def put_final(self, film: str, child: str, examination: Examination, model: str) -> None:
        """Keep the final bone age of a film; ``model`` is the SHA-256 of the model in use."""
        value = json.dumps(strict_json.to_plain(examination), allow_nan=False)
        rows = self._read("SELECT value FROM final WHERE film = ? AND model = ?", film, model)
        row = self._read("SELECT child FROM child WHERE film = ?", film)
        if rows and rows[0][0] == value and row and row[0][0] == child:
            return
        with self._writing() as connection:
            connection.execute("INSERT OR REPLACE INTO child VALUES (?, ?)", (film, child))
            connection.execute("INSERT OR REPLACE INTO final VALUES (?, ?, ?, ?)", (film, model, value, _now()))

    def examinations(self, child: str) -> tuple[Examination, ...]:
        """The final bone ages of a child's films, the newest of each film, in the order of their study dates."""
        root = self.root_of(child)
        rows = self._read(
            "SELECT f.film, f.value FROM final f JOIN child c ON c.film = f.film "
            "WHERE c.child = ? OR c.child IN (SELECT child FROM joined WHERE with_child = ?) ORDER BY f.changed",
            root,
            root,
        )
        newest: dict[str, Examination] = {}
        for film, value in rows:
            with contextlib.suppress(ValueError):  # what cannot be read is no reason to lose the others
                newest[film] = strict_json.from_plain(Examination, strict_json.parse_json(value), "final")
        return tuple(sorted(newest.values(), key=lambda each: each.study_date or ""))

    # Structured reports that were written

    def put_filed(self, report: FiledReport, patient: Patient) -> None:
        """Keep the numbers of a report, so that a later one of its film names it."""
        child, value = self.child_of(patient, report.uid), json.dumps(strict_json.to_plain(report))
        with self._writing() as connection:
            row = (report.uid, child, report.study_uid, value, _now())
            connection.execute("INSERT OR REPLACE INTO filed VALUES (?, ?, ?, ?, ?)", row)

    def filed(self) -> tuple[FiledReport, ...]:
        """The reports that are kept: the newest ones, where they are very many."""
        rows = self._read("SELECT value FROM filed ORDER BY changed DESC LIMIT ?", str(_MOST_FILED))
        reports = []
        for (value,) in rows:
            with contextlib.suppress(ValueError):  # what cannot be read is no reason to lose the others
                reports.append(strict_json.from_plain(FiledReport, strict_json.parse_json(value), "filed"))
        return tuple(reports)

    # Forgetting

    def films_of(self, child: str) -> frozenset[str]:
        """Films that are kept for a child."""
        root = self.root_of(child)
        rows = self._read(
            "SELECT film FROM child WHERE child = ? OR child IN (SELECT child FROM joined WHERE with_child = ?)",
            root,
            root,
        )
        return frozenset(film for (film,) in rows)

    def forget(self, child: str, films: frozenset[str], studies: Collection[str] = ()) -> None:
        """Delete all that is kept of a child, and of these films and studies; what is deleted is written over."""
        root = self.root_of(child)
        gone = [(film,) for film in films | self.films_of(child)]
        with self._writing() as connection:
            for table in ("entered", "final", "child"):
                connection.executemany(f"DELETE FROM {table} WHERE film = ?", gone)
            connection.executemany("DELETE FROM filed WHERE study = ?", [(study,) for study in studies])
            of_the_child = "child = ? OR child IN (SELECT child FROM joined WHERE with_child = ?)"
            connection.execute(f"DELETE FROM filed WHERE {of_the_child}", (root, root))
            connection.execute("DELETE FROM joined WHERE child = ? OR with_child = ?", (root, root))
        self._empty_the_log()

    def forget_all(self) -> None:
        """Delete everything, and give the room back."""
        with self._writing() as connection:
            for table in _TABLES:
                connection.execute(f"DELETE FROM {table}")
            connection.execute("UPDATE secret SET key = ?", (secrets.token_bytes(32),))
        self._try(lambda: self._connection.execute("VACUUM"))
        self._empty_the_log()

    def _hash(self, text: str) -> str:
        (key,) = self._read("SELECT key FROM secret")[0]  # another window may have forgotten all, and the key with it
        return hmac.new(key, text.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()


def worklist_file() -> Path:
    """The worklist of this user."""
    return paths.user_data_dir() / FILE


def in_memory() -> Worklist:
    """A worklist that ends with the program: for one window that keeps nothing."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.bring_up_to_date(connection, secrets.token_bytes(32))
    return Worklist(connection)


def open_worklist(path: Path) -> tuple[Worklist, BoneAgeError | None]:
    """Open a worklist, or begin one; with it the error to be shown where a damaged file was set aside.

    Raises
    ------
    BoneAgeError
        ``worklist_newer`` for the file of a newer version, which is left as it is; ``worklist_damaged`` where a damaged
        one cannot be set aside; ``worklist_not_written`` if the file system fails.
    """
    try:
        return Worklist(_connect(path)), None
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise BoneAgeError("worklist_not_written", reason=str(error)) from error
        try:
            kept_as = _set_aside(path)
            return Worklist(_connect(path)), BoneAgeError("worklist_damaged", kept_as=kept_as) if kept_as else None
        except (OSError, sqlite3.Error) as second:
            raise BoneAgeError("worklist_damaged", "stuck") from second
    except ValueError as error:
        raise BoneAgeError("worklist_newer") from error
    except OSError as error:
        raise BoneAgeError("worklist_not_written", reason=error.strerror or "unknown error") from error


def _connect(path: Path) -> sqlite3.Connection:
    """A connection to a sound file of this version.

    Raises ``sqlite3.Error`` (``DatabaseError`` for a damaged file), ``OSError``, ``ValueError`` for a newer version.
    """
    own_file.make_private(path)
    connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
    try:
        # One write to the disk for a keystroke (4 ms) instead of three (24 ms); readers and a writer don't wait for
        # each other. What is forgotten is taken out of the log at once.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        if schema.version_of(connection) > schema.VERSION:
            raise ValueError("newer")
        schema.bring_up_to_date(connection, secrets.token_bytes(32))
        if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("quick_check")
        _check_tables(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_tables(connection: sqlite3.Connection) -> None:
    """``sqlite3.DatabaseError`` if a table is missing, or the key."""
    try:
        for table in _TABLES:
            connection.execute(f"SELECT 1 FROM {table} LIMIT 1")
        key = connection.execute("SELECT key FROM secret").fetchone()
    except sqlite3.OperationalError as error:
        raise sqlite3.DatabaseError("a table is missing") from error
    if key is None:
        raise sqlite3.DatabaseError("the key is missing")


def _set_aside(path: Path) -> str:
    """Rename a damaged file; its new name. Another window may have been faster: then the file opens, and stays."""
    try:
        _connect(path).close()
        return ""
    except sqlite3.DatabaseError:
        kept_as = path.with_name(f"{path.stem}-damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}.sqlite")
        path.rename(kept_as)
        for rest in _BESIDE:
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + rest).rename(kept_as.with_name(kept_as.name + rest))
        return kept_as.name


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
