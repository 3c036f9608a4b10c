"""A file that its owner alone may read, where the system has such rights."""

from __future__ import annotations

import os
import sys
from pathlib import Path

OWNER_FOLDER, OWNER_FILE = 0o700, 0o600


def has_owner_rights() -> bool:
    """Whether the rights of single files can be set here; on Windows a file has those of the user's profile."""
    return sys.platform != "win32"


def make_private(path: Path) -> None:
    """Make the folder and an empty file, or close what is there to others. ``OSError`` if the file system fails."""
    folder = path.parent
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=OWNER_FOLDER)
    if not has_owner_rights():
        return
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, OWNER_FILE))
    if path.stat().st_mode & 0o777 != OWNER_FILE:
        path.chmod(OWNER_FILE)
