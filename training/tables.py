"""The tables that training commands write."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from bone_age_gui.core.values.whole_files import write_content


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file (UTF-8), whole or not at all.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    write_text(path, text.getvalue())


def write_text(path: Path, text: str) -> None:
    """Write a text (UTF-8) with its own line ends, whole or not at all.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
    write_content(path, text, "table")
