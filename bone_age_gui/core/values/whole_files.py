"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from bone_age_gui.core.values.errors import BoneAgeError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}


_LEFTOVER = re.compile(r"\.[0-9a-f]{16}\.part(\..*)?")
"""The name of a temporary file, as ``whole_file`` makes it."""


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary file beside ``path`` to fill, which takes its place at the end of the block.

    After a failure nothing is left and an older file at ``path`` is as it was. ``OSError`` if the file system fails.
    """
    path = Path(path)
    # The suffix stays, for libraries that choose the format by it.
    temporary = path.with_name(f".{secrets.token_hex(8)}.part{path.suffix}")
    try:
        yield temporary
        _sync(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_private(path: Path, content: bytes) -> None:
    """Write a whole file that its owner alone may read, in a folder that is there. ``OSError`` if it cannot."""
    with whole_file(path) as temporary:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)


def claim(paths: Iterable[Path]) -> bool:
    """Take these names, so that no other run writes to them: empty files that reports will replace.

    False, and nothing taken, if one of them is there already. ``OSError`` if the file system fails.
    """
    taken: list[Path] = []
    for path in paths:
        try:
            path.open("xb").close()
        except FileExistsError:
            release(taken)
            return False
        except OSError:
            release(taken)
            raise
        taken.append(path)
    return True


def release(paths: Iterable[Path]) -> None:
    """Give names back that were claimed and not written to."""
    for path in paths:
        with suppress(OSError):
            if path.stat().st_size == 0:
                path.unlink()


def remove_leftovers(folder: Path) -> None:
    """Delete the temporary files of a program that was ended while it wrote, in this folder and those in it.

    ``OSError`` if the folder cannot be read.
    """
    for place in (folder, *(child for child in folder.iterdir() if child.is_dir() and not child.is_symlink())):
        for path in place.iterdir():
            if _LEFTOVER.fullmatch(path.name) and path.is_file():
                path.unlink(missing_ok=True)


def write_whole(path: Path, write: Callable[[Path], None], what: str = "report") -> Path:
    """Let ``write`` fill a temporary file that takes the place of ``path`` when it is whole; gives back ``path``.

    Raises
    ------
    BoneAgeError
        ``disk_full read_only no_folder not_written``; ``what`` says what it was, in one word.
    """
    try:
        with whole_file(path) as temporary:
            write(temporary)
    except OSError as error:
        raise not_written(error, what) from error
    return Path(path)


def write_content(path: Path, content: bytes | str, what: str = "report") -> Path:
    """Write bytes, or a text (UTF-8) with its own line ends, whole or not at all.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
    written = content.encode("utf-8") if isinstance(content, str) else content
    return write_whole(path, lambda temporary: _fill(temporary, written), what)


def copy_whole(source: Path, path: Path, what: str = "data") -> Path:
    """Copy a file, whole or not at all.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
    return write_whole(path, partial(shutil.copyfile, source), what)


def make_folder(folder: Path) -> Path:
    """Create a folder for reports, if it is missing.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(error) from error
    return folder


def not_written(error: OSError, what: str = "report") -> BoneAgeError:
    """Why the file system did not take a ``report``, ``picture`` or ``table``, without the path."""
    if error.errno in _FULL:
        return BoneAgeError("disk_full", what)
    if error.errno in _CLOSED:
        return BoneAgeError("read_only", what)
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
        return BoneAgeError("no_folder", what)
    return BoneAgeError("not_written", what, problem=error.strerror or type(error).__name__)


def _fill(temporary: Path, content: bytes) -> None:
    temporary.write_bytes(content)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
