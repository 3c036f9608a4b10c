"""Small files that a person names: read whole, but never without end, as a device or a wrong file would be."""

from __future__ import annotations

import errno
from pathlib import Path

MOST_BYTES = 64 * 2**20
"""Tables, cards and reports have a few MB at most."""


def read_bounded(path: Path, most: int = MOST_BYTES) -> bytes:
    """The content of a file, pipes included. ``OSError`` if it cannot be read, or has more than ``most`` bytes."""
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, "File too large")
    return content
