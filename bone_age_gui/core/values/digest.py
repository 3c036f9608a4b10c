"""What a file is known by, whatever it is called: the SHA-256 of its bytes."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, 64 lower-case hex digits. ``OSError``, also for a pipe or a device, which might never end."""
    if not path.is_file():
        raise FileNotFoundError(errno.ENOENT, "No ordinary file")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal digits; empty if the file cannot be read any more."""
    try:
        return file_sha256(path)
    except OSError:
        return ""
