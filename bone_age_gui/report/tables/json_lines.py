"""Records as JSON lines: one object per film and line, for programs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.whole_files import write_content
from bone_age_gui.report.case_json import case_line


def write_json_lines(records: Iterable[CaseRecord], path: Path) -> Path:
    """Write the records; the file appears whole or not at all.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
    text = "".join(f"{case_line(record)}\n" for record in records)
    return write_content(path, text)
