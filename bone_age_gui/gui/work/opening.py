"""Turning dropped files and folders into a list of films."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MAX_FROM_FOLDERS = 50
"""A folder dropped on the window opens at most so many films: each is kept in memory at full resolution."""


@dataclass(frozen=True)
class Found:
    """Files to open; ``left_out`` says that the folders held more than `MAX_FROM_FOLDERS`."""

    files: tuple[Path, ...]
    left_out: bool = False


def find_films(paths: Iterable[Path]) -> Found:
    """Files as they are, and the films inside folders in the order of their names."""
    from bone_age_gui.core.batch.films import films_to_open  # loads pydicom: not before the first paint

    opened = films_to_open(paths, MAX_FROM_FOLDERS)
    return Found(tuple(film.path for film in opened.films), opened.has_more)
