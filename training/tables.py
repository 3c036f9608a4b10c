"""The tables that training commands write."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from bone_age_gui.core.values.errors import BoneAgeError


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file (UTF-8), whole or not at all; ``BoneAgeError`` (``not_written``) if that fails."""
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise BoneAgeError(
            "The table was not written",
            f"{path.name}: {error.strerror}. Make room or choose another folder.",
            "not_written",
        ) from error
