"""The films of a folder: DICOM by content, pictures by extension, and a key for each that a resumed run knows again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bone_age_gui.core.reader.read import DICOM_SUFFIXES, PICTURE_SUFFIXES, is_dicom
from bone_age_gui.core.values.errors import BoneAgeError

JOURNAL_FILE = "journal.jsonl"
"""Marks the output folder of a batch; such a folder is never scanned for films."""
_HIDDEN = (".", "__")
_KNOWN = PICTURE_SUFFIXES | DICOM_SUFFIXES
_INDEX = "DICOMDIR"


@dataclass(frozen=True)
class BatchFilm:
    """A file that was found. ``name`` is its path below the folder, with forward slashes."""

    path: Path
    name: str

    def key(self, salt: str) -> str:
        """A hash of name, size and time of change: the same as long as the file is. Holds no name in clear."""
        try:
            status = self.path.stat()
            size, changed = status.st_size, status.st_mtime_ns
        except (OSError, ValueError):
            size, changed = -1, -1
        text = f"{salt}\n{self.name}\n{size}\n{changed}"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class FoundFilms:
    """Films in the order of their names; ``closed_folders`` is how many folders could not be looked into."""

    films: tuple[BatchFilm, ...]
    closed_folders: int = 0


def find_films(folder: Path, *, recursive: bool = False, leave_out: Path | None = None) -> FoundFilms:
    """Look for films in a folder.

    A file with a known extension is always listed, so that it is refused aloud if it cannot be read; any other one
    is listed if its content is DICOM. Hidden files, ``DICOMDIR``, the folder ``leave_out`` and the output folders
    of other batches are passed over. Links are followed, but no folder is entered twice.

    Raises
    ------
    BoneAgeError
        ``no_folder`` if the folder is none, or cannot be read.
    """
    finder = _Finder(folder, recursive, leave_out)
    films = tuple(finder.films())
    return FoundFilms(films, finder.closed)


class _Finder:
    def __init__(self, folder: Path, recursive: bool, leave_out: Path | None) -> None:
        self._folder = folder
        self._recursive = recursive
        self._seen: set[tuple[int, int]] = set()
        self.closed = 0
        if leave_out is not None and leave_out.is_dir():
            self._seen.add(_identity(leave_out))

    def films(self) -> Iterator[BatchFilm]:
        try:
            entries = _entries(self._folder)
        except OSError as error:
            raise _no_folder(error) from error
        yield from self._walk(entries)

    def _walk(self, entries: list[os.DirEntry[str]]) -> Iterator[BatchFilm]:
        folders = []
        for entry in entries:
            if entry.name.startswith(_HIDDEN):
                continue
            path = Path(entry.path)
            if entry.is_dir():
                folders.append(path)
            elif _is_film(path):
                yield BatchFilm(path, path.relative_to(self._folder).as_posix())
        for folder in folders if self._recursive else ():
            yield from self._enter(folder)

    def _enter(self, folder: Path) -> Iterator[BatchFilm]:
        try:
            identity = _identity(folder)
            if identity in self._seen or (folder / JOURNAL_FILE).is_file():
                return
            self._seen.add(identity)
            entries = _entries(folder)
        except OSError:
            self.closed += 1
            return
        yield from self._walk(entries)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


def _is_film(path: Path) -> bool:
    if path.suffix.lower() in _KNOWN:
        return True
    return path.name.upper() != _INDEX and path.is_file() and is_dicom(path)


def _no_folder(error: OSError) -> BoneAgeError:
    reasons = {
        FileNotFoundError: "It is not there.",
        NotADirectoryError: "This is a file.",
        PermissionError: "You have no permission to read it.",
    }
    reason = reasons.get(type(error), "The disk or network did not deliver it.")
    return BoneAgeError("The folder cannot be opened", f"{reason} Choose the folder that holds the films.", "no_folder")
