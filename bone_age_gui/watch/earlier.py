"""Earlier bone ages of a film's child, from structured reports that came with the film."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from bone_age_gui.core.reader.header import read_header
from bone_age_gui.core.values.course import with_earlier
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.workers.reports import read_reports


def with_earlier_results(record: CaseRecord, reports: Sequence[Path]) -> CaseRecord:
    """The record with what reports of the same child say. ``BoneAgeError`` (``no_workers``)."""
    number = (record.patient_id or "").strip()
    if not number or record.bone_age_months is None:
        return record
    of_the_child = [path for path in reports if _number_in(path, _changed(path)) == number]
    (completed,) = with_earlier([record], read_reports(of_the_child))
    return completed


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return -1


@lru_cache(maxsize=10_000)
def _number_in(path: Path, changed: int) -> str:
    """The patient's number in a file that was ``changed`` then; empty where it holds none."""
    try:
        return str(read_header(path, ["PatientID"]).get("PatientID") or "").strip()
    except Exception:  # whatever it is, it is of nobody
        return ""
