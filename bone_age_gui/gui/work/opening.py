"""Turning dropped files and folders into a list of films."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_FROM_FOLDERS = 50
"""A folder dropped on the window opens at most so many films: each is kept in memory at full resolution."""

HIDDEN = (".", "__")


@dataclass(frozen=True)
class Found:
    """Files to open; ``left_out`` says that the folders held more than `MAX_FROM_FOLDERS`."""

    files: tuple[Path, ...]
    left_out: bool = False


def find_films(paths: Iterable[Path]) -> Found:
    """Files as they are, and the films inside folders in the order of their names."""
    from bone_age_gui.core.reader.read import DICOM_SUFFIXES, PICTURE_SUFFIXES, is_dicom

    known = PICTURE_SUFFIXES | DICOM_SUFFIXES

    def is_film(path: Path) -> bool:
        suffix = path.suffix.lower()
        return suffix in known or (not suffix and path.name != "DICOMDIR" and is_dicom(path))

    files: list[Path] = []
    inside = 0
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        for film in filter(is_film, _walk(path)):
            if inside == MAX_FROM_FOLDERS:
                return Found(tuple(files), left_out=True)
            files.append(film)
            inside += 1
    return Found(tuple(files))


def _walk(folder: Path) -> Iterator[Path]:
    """Files below a folder, sorted, without hidden ones; links to folders are not followed."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(HIDDEN):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _walk(entry)
        elif entry.is_file():
            yield entry
