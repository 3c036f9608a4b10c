"""Arrays in compressed files that were carried from one machine to another."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

BROKEN = (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error)
"""What numpy raises for a file that is not there, or is not whole."""


def read_arrays(path: Path, names: Sequence[str]) -> dict[str, np.ndarray] | None:
    """The arrays of these names in an ``.npz`` file; ``None`` for one that arrived broken or lacks one of them."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
            return {name: content[name] for name in names}
    except BROKEN:
        return None
