"""The one finder of films, for the window, the command line and a batch: DICOM by content, pictures by extension.

Each film has a key by which a run that is continued knows it again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from bone_age_gui.core.batch.patients import GivenPatient
from bone_age_gui.core.reader.read import is_dicom
from bone_age_gui.core.reader.reports import is_report
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.film_suffixes import FILM_SUFFIXES, PICTURE_SUFFIXES
from bone_age_gui.core.values.record import CaseRecord

JOURNAL_FILE = "journal.jsonl"
"""Marks the output folder of a batch; such a folder is never scanned for films."""
_HIDDEN = (".", "__")
_INDEX = "DICOMDIR"


@dataclass(frozen=True)
class BatchFilm:
    """A file of a folder.

    ``name`` is its path below the folder, with forward slashes; ``number`` counts the films of a run from 0 and
    ``given`` is what the table of patients says of this one. ``insisted``: a person wants an estimate also of a
    film that would be refused for what it shows; ``demands_sex``: none where the sex is not known.
    """

    path: Path
    name: str
    number: int = 0
    given: GivenPatient | None = None
    insisted: bool = False
    demands_sex: bool = False

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
class BatchRow:
    """A film with its outcome; without a record it still waits.

    ``thumbnail`` is uint8 (h, w); ``is_earlier`` is True if an earlier run did it, ``is_unread`` where the estimate
    is left out because a reader is to read first.
    """

    film: BatchFilm
    record: CaseRecord | None = None
    thumbnail: np.ndarray | None = None
    is_earlier: bool = False
    is_unread: bool = False

    @property
    def is_refused(self) -> bool:
        """True if there is a reason instead of an estimate."""
        return self.record is not None and self.record.is_refused


@dataclass(frozen=True)
class FoundFilms:
    """Films in the order of their names, those of a folder before those of the folders in it.

    ``closed_folders`` is how many folders could not be looked into; ``has_more`` says that there are more films than
    were wanted; ``reports`` are structured reports, which are no films.
    """

    films: tuple[BatchFilm, ...]
    closed_folders: int = 0
    has_more: bool = False
    reports: tuple[Path, ...] = ()


def find_films(folder: Path, *, recursive: bool = False, leave_out: Path | None = None) -> FoundFilms:
    """Look for films in a folder.

    A file with a known extension is always listed, so that a reason is given if it cannot be read; any other one
    is listed if its content is DICOM, whatever it is called; structured reports are put aside. Hidden files,
    ``DICOMDIR``, the folder ``leave_out`` and the output folders of other batches are passed over. Links are followed,
    but no folder is entered twice.

    Raises
    ------
    BoneAgeError
        ``folder_unreadable`` if the folder is none, or cannot be read.
    """
    finder = _Finder(recursive, leave_out)
    try:
        films = tuple(finder.films(folder))
    except OSError as error:
        raise _unreadable(error) from error
    return FoundFilms(films, finder.closed, reports=tuple(finder.reports))


def films_to_open(paths: Iterable[Path], most: int) -> FoundFilms:
    """The films that a person means by opening these files and folders: each file, and every film below each folder.

    Folders give ``most`` films at most, all together.
    """
    finder = _Finder(recursive=True, leave_out=None)
    films: list[BatchFilm] = []
    room = most
    for path in paths:
        if not path.is_dir():
            if may_be_report(path):
                finder.reports.append(path)
            else:
                films.append(BatchFilm(path, path.name))
            continue
        try:
            inside = list(islice(finder.films(path), room + 1))
        except OSError:
            finder.closed += 1
            continue
        films += inside[:room]
        if len(inside) > room:
            return FoundFilms(tuple(films), finder.closed, has_more=True, reports=tuple(finder.reports))
        room -= len(inside)
    return FoundFilms(tuple(films), finder.closed, reports=tuple(finder.reports))


def may_be_report(path: Path) -> bool:
    """True for a DICOM structured report, by its name and first bytes."""
    return path.suffix.lower() not in PICTURE_SUFFIXES and is_report(path)


class _Finder:
    """Structured reports are no films, and put aside into ``reports``."""

    def __init__(self, recursive: bool, leave_out: Path | None) -> None:
        self._recursive = recursive
        self.reports: list[Path] = []
        self._seen: set[tuple[int, int]] = set()
        self.closed = 0
        if leave_out is not None and leave_out.is_dir():
            self._seen.add(_identity(leave_out))

    def films(self, folder: Path) -> Iterator[BatchFilm]:
        """The films of one folder, by names below it; none of one that was looked at. ``OSError`` if it is closed."""
        identity = _identity(folder)
        if identity in self._seen:
            return iter(())
        self._seen.add(identity)
        return self._walk(_entries(folder), folder)

    def _walk(self, entries: list[os.DirEntry[str]], root: Path) -> Iterator[BatchFilm]:
        folders = []
        for entry in entries:
            if entry.name.startswith(_HIDDEN):
                continue
            path = Path(entry.path)
            if entry.is_dir():
                folders.append(path)
            elif may_be_report(path):
                self.reports.append(path)
            elif _is_film(path):
                yield BatchFilm(path, path.relative_to(root).as_posix())
        for folder in folders if self._recursive else ():
            yield from self._enter(folder, root)

    def _enter(self, folder: Path, root: Path) -> Iterator[BatchFilm]:
        try:
            identity = _identity(folder)
            if identity in self._seen or (folder / JOURNAL_FILE).is_file():
                return
            self._seen.add(identity)
            entries = _entries(folder)
        except OSError:
            self.closed += 1
            return
        yield from self._walk(entries, root)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


def _is_film(path: Path) -> bool:
    if path.suffix.lower() in FILM_SUFFIXES:
        return True
    return path.name.upper() != _INDEX and path.is_file() and is_dicom(path)


def _unreadable(error: OSError) -> BoneAgeError:
    if isinstance(error, FileNotFoundError):
        return BoneAgeError("folder_unreadable", "missing")
    if isinstance(error, NotADirectoryError):
        return BoneAgeError("folder_unreadable", "file")
    if isinstance(error, PermissionError):
        return BoneAgeError("folder_unreadable", "permission")
    return BoneAgeError("folder_unreadable", "undelivered")
