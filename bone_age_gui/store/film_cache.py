"""Films that were fetched from an archive: for their owner only, up to a size, and for some days.

A file is named by a hash of the object's UID: no name of an archive ever becomes a path.
"""

from __future__ import annotations

import hashlib
import os
import time
from base64 import b32encode
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from bone_age_gui.core.values.whole_files import not_written, write_private

FOLDER = "fetched-films"
MOST_BYTES = 2 * 2**30
DAYS = 14.0
_SUFFIX = ".dcm"
_HASH_BYTES = 15
"""120 bits, in 24 letters and digits: the window shows the name."""
_DAY = 24 * 3600.0


class FilmCache:
    """Below the user's data folder ``data``; several programs may use it at the same time.

    Parameters
    ----------
    most_bytes : int
        What is used least goes first; the film that comes always stays.
    days : float
        A film goes so many days after it was fetched.
    """

    def __init__(self, data_folder: Path, most_bytes: int = MOST_BYTES, days: float = DAYS) -> None:
        self._folder = data_folder / FOLDER
        self._most_bytes = most_bytes
        self._days = days

    def path_of(self, uid: str) -> Path | None:
        """The film of this SOP instance UID, if it is here and not too old."""
        path = self._place(uid)
        try:
            fetched = path.stat().st_mtime
            if self._is_old(fetched):
                path.unlink(missing_ok=True)
                return None
            os.utime(path, (time.time(), fetched))  # used now; the time of change stays that of fetching
        except OSError:
            return None
        return path

    def put(self, uid: str, content: bytes) -> Path:
        """Keep a film. ``BoneAgeError`` (``disk_full read_only no_folder not_written``) where the disk fails."""
        path = self._place(uid)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._folder.chmod(0o700)
            write_private(path, content)
        except OSError as error:
            raise not_written(error, "data") from error
        self.tidy(keep=path)
        return path

    def tidy(self, keep: Path | None = None) -> None:
        """Let go of what is too old, and of what was not used for longest where there is too much."""
        files = []
        for path in self._files():
            with suppress(OSError):
                status = path.stat()
                if self._is_old(status.st_mtime) and path != keep:
                    path.unlink()
                else:
                    files.append((status.st_atime, status.st_size, path))
        too_much = sum(size for _, size, _ in files) - self._most_bytes
        for _, size, path in sorted(files):
            if too_much <= 0:
                return
            if path != keep:
                with suppress(OSError):
                    path.unlink()
                    too_much -= size

    def forget(self, is_theirs: Callable[[Path], bool]) -> None:
        """Forget the films of which this is true. ``OSError`` if one cannot be deleted."""
        for path in self._files():
            if is_theirs(path):
                path.unlink(missing_ok=True)

    def forget_studies(self, studies: Collection[str]) -> None:
        """Do nothing: a cache keeps files only, and they are forgotten as films."""

    def empty(self) -> None:
        """Forget every film. ``OSError`` if one cannot be deleted."""
        for path in self._files():
            path.unlink(missing_ok=True)

    def _is_old(self, fetched: float) -> bool:
        return time.time() - fetched > self._days * _DAY

    def _files(self) -> list[Path]:
        """The films and what a program that was ended has left half written."""
        try:
            return [path for path in self._folder.iterdir() if path.suffix == _SUFFIX]
        except OSError:
            return []

    def _place(self, uid: str) -> Path:
        digest = hashlib.sha256(uid.encode("utf-8", "surrogatepass")).digest()
        return self._folder / f"film-{b32encode(digest[:_HASH_BYTES]).decode('ascii').rstrip('=').lower()}{_SUFFIX}"


def empty_film_cache(data_folder: Path) -> None:
    """Forget every film that was fetched. ``OSError`` if one cannot be deleted."""
    FilmCache(data_folder).empty()
