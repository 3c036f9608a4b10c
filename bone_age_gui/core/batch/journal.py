"""The journal of a batch: one line of JSON per film, on the disk before the next film is reported.

The first line says what was run (model, limits, table of patients), so that a run is continued only as what it
was. A line that was cut off by a crash is dropped when the journal is opened again.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bone_age_gui.core.batch.films import JOURNAL_FILE
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.whole_files import remove_leftovers

FORMAT = "bone-age batch journal 1"
_ENTRY_KEYS = {"key", "record"}
_SEALED = "0" * 32


class Journal:
    """The open journal of one run; nobody else can open it meanwhile.

    Parameters
    ----------
    folder : Path
        Output folder; made if it is not there.
    identity : mapping
        What was asked for, in words: ``{"the model": "densenet121 1.0, sha256 ...", ...}``. A journal is only
        continued under the same identity.
    resume : bool
        Continue a journal that is there. Without it such a folder is refused.

    Raises
    ------
    BoneAgeError
        ``batch_exists batch_differs batch_running batch_sealed bad_journal journal_gone disk_full not_writable``.
    """

    def __init__(self, folder: Path, identity: Mapping[str, str | None], resume: bool = False) -> None:
        self.records: dict[str, CaseRecord] = {}
        """What an earlier run has written, by the key of the film."""
        self.salt = secrets.token_hex(16)
        """Secret of this run, kept when it is continued."""
        path = self._path = folder / JOURNAL_FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if path.exists() and not resume and path.stat().st_size:
                raise BoneAgeError("batch_exists")
            if path.exists() and not path.is_file():
                raise _damaged()
            self._file = io.FileIO(path, "r+" if path.exists() else "w+")  # no buffer that holds half a line
        except OSError as error:
            raise write_error(error) from error
        try:
            self._begin(dict(identity))
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, key: str, record: CaseRecord) -> None:
        """Write one film and wait until the disk has it.

        Raises
        ------
        ValueError
            If it was written before.
        BoneAgeError
            ``journal_gone`` if the file is not there any more, ``disk_full not_writable``.
        """
        if key in self.records:
            raise ValueError("this film is in the journal")
        if not self._is_there():
            raise BoneAgeError("journal_gone")
        self._write({"key": key, "record": record.to_plain()})
        self.records[key] = record

    def close(self) -> None:
        """Close the file, so that another run may open it."""
        self._file.close()

    def _is_there(self) -> bool:
        """False if the file was deleted or replaced meanwhile: what is written would be lost, and nobody would know."""
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(self._file.fileno()))
        except OSError:
            return False

    def _begin(self, identity: dict[str, str | None]) -> None:
        _lock(self._file)
        header, self._end = self._read()
        try:
            self._file.truncate(self._end)
            remove_leftovers(self._path.parent)  # nobody else writes here now
        except OSError as error:
            raise write_error(error) from error
        if header is None:
            self._write({"format": FORMAT, "salt": self.salt, "identity": identity})
            return
        self.salt = header["salt"]
        if self.salt == _SEALED:
            raise BoneAgeError("batch_sealed")
        if other := [name for name, value in identity.items() if header["identity"].get(name) != value]:
            raise BoneAgeError("batch_differs", names=tuple(other))

    def _read(self) -> tuple[dict[str, Any] | None, int]:
        """Header and place after the last whole line; the records on the way."""
        header: dict[str, Any] | None = None
        end = 0
        self._file.seek(0)
        content = self._file.readall()
        for raw in content.splitlines(keepends=True):
            try:
                value = json.loads(raw if raw.endswith(b"\n") else b"")
                if header is None:
                    header = _checked_header(value)
                else:
                    self._take(value)
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                if end + len(raw) == len(content) and (header is not None or _begins_as_ours(raw)):
                    break  # cut off while it was written
                raise _damaged() from error
            end += len(raw)
        return header, end

    def _take(self, value: Any) -> None:
        if not isinstance(value, dict) or value.keys() != _ENTRY_KEYS:
            raise ValueError("no entry")
        record = CaseRecord.from_plain(value["record"])
        # Older journals did not keep the study's own tags, which DICOM reports need: such a film is read again.
        if record.reference is None or record.study is not None:
            self.records[str(value["key"])] = record

    def _write(self, value: dict[str, Any]) -> None:
        line = _line(value)
        try:
            self._file.seek(self._end)
            rest = memoryview(line)
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):  # half a line is dropped at the next opening anyhow
                self._file.truncate(self._end)
            raise write_error(error) from error
        self._end += len(line)


def has_journal(folder: Path) -> bool:
    """True if a batch was begun in this folder."""
    try:
        return (folder / JOURNAL_FILE).stat().st_size > 0
    except OSError:
        return False


def seal_journal(folder: Path) -> None:
    """Throw the secret of a finished run away: nobody can find out any more which film a key belongs to.

    Such a run cannot be continued. Raises ``BoneAgeError`` (``bad_journal disk_full not_writable``).
    """
    try:
        with io.FileIO(folder / JOURNAL_FILE, "r+") as file:
            header = _checked_header(json.loads(file.readline()))
            file.seek(0)
            file.write(_line(header | {"salt": _SEALED}))  # as long as before, so that nothing behind it moves
            os.fsync(file.fileno())
    except OSError as error:
        raise write_error(error) from error
    except (ValueError, KeyError, RecursionError) as error:
        raise _damaged() from error


def write_error(error: OSError) -> BoneAgeError:
    """Why nothing can be written, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return BoneAgeError("disk_full", "batch")
    return BoneAgeError("not_writable")


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, allow_nan=False).encode("ascii") + b"\n"


def _begins_as_ours(line: bytes) -> bool:
    """True for a piece of a first line: a file of somebody else is never overwritten."""
    start = _line({"format": FORMAT}).rstrip(b"}\n")
    return line[: len(start)] == start[: len(line)]


def _checked_header(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ValueError("no journal")
    if not isinstance(value["salt"], str) or not re.fullmatch("[0-9a-f]{32}", value["salt"]):
        raise ValueError("no salt")
    if not isinstance(value["identity"], dict):
        raise ValueError("no header")
    return value


def _lock(file: io.FileIO) -> None:
    """One run per folder; the system frees the lock when the program ends, however it ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0x7FFFFFFF)  # locks on Windows bind readers too: far behind the text
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.ENOLCK, errno.ENOTSUP, errno.EINVAL):
            return  # a network folder without locks
        raise BoneAgeError("batch_running") from error


def _damaged() -> BoneAgeError:
    return BoneAgeError("bad_journal", file=JOURNAL_FILE)
