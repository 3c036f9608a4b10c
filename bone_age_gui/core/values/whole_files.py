"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from bone_age_gui.core.values.errors import BoneAgeError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}


def write_whole(path: Path, write: Callable[[Path], None]) -> Path:
    """Let ``write`` fill a temporary file beside ``path``, then put it in its place.

    Returns ``path``. After a failure nothing is left and an older file at ``path`` is as it was.

    Raises
    ------
    BoneAgeError
        ``disk_full read_only no_folder not_written``.
    """
    path = Path(path)
    # The suffix stays, for libraries that choose the format by it.
    temporary = path.with_name(f".{secrets.token_hex(8)}.part{path.suffix}")
    try:
        write(temporary)
        _sync(temporary)
        os.replace(temporary, path)
    except OSError as error:
        raise not_written(error) from error
    finally:
        temporary.unlink(missing_ok=True)
    return path


def make_folder(folder: Path) -> Path:
    """Create a folder for reports, if it is missing. ``BoneAgeError`` as ``write_whole``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(error) from error
    return folder


def not_written(error: OSError) -> BoneAgeError:
    """An error of the file system in plain words, without the path."""
    if error.errno in _FULL:
        text = "The disk is full. Make room, or choose another folder, and write the report again."
        return BoneAgeError("Report not written", text, "disk_full")
    if error.errno in _CLOSED:
        text = (
            "The folder may not be written to, or the file is open in another program. Close it there, or choose "
            "another folder."
        )
        return BoneAgeError("Report not written", text, "read_only")
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
        text = "The folder is not there any more, or is no folder. Choose another one."
        return BoneAgeError("Report not written", text, "no_folder")
    text = f"The system says: {error.strerror or 'unknown error'}. Choose another folder, and write the report again."
    return BoneAgeError("Report not written", text, "not_written")


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
