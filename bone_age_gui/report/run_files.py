"""The reports of a run: which files they are, written one by one, each whole or not at all."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from bone_age_gui.core.record import CaseRecord
from bone_age_gui.report.files import make_folder

NAMES = {"csv": "results.csv", "xlsx": "results.xlsx", "pdf": "report.pdf", "json": "results.jsonl", "sr": "sr"}
"""File of each format; ``sr`` is a folder with one DICOM object for each estimated film."""


def write_reports(
    records: Sequence[CaseRecord],
    folder: Path,
    formats: Sequence[str],
    *,
    sources: Mapping[str, Path] | None = None,
    anonymous: bool = False,
) -> list[Path]:
    """Write the wanted formats (keys of ``NAMES``) and give back the files, in their order.

    ``sources`` are the files of the films by ``record.file``; ``anonymous`` says that the records were
    anonymised. Tables are replaced; a structured report that is there stays, with its DICOM numbers.
    ``BoneAgeError`` as ``files.write_whole``.
    """
    make_folder(folder)
    files: list[Path] = []
    for name in formats:
        path = folder / NAMES[name]
        if name == "sr":
            files += _write_structured(records, path, sources or {}, anonymous)
        else:
            files.append(_write(name, records, path, anonymous))
    return files


def _write(name: str, records: Sequence[CaseRecord], path: Path, anonymous: bool) -> Path:
    if name == "pdf":
        from bone_age_gui.report.pdf_run import write_run_pdf

        return write_run_pdf(records, path, anonymous=anonymous)
    if name == "json":
        from bone_age_gui.report.json_lines import write_json_lines

        return write_json_lines(records, path)
    from bone_age_gui.report.table import write_csv, write_xlsx

    return (write_xlsx if name == "xlsx" else write_csv)(records, path)


def _write_structured(
    records: Sequence[CaseRecord], folder: Path, sources: Mapping[str, Path], anonymous: bool
) -> list[Path]:
    from bone_age_gui.report.dicom_sr import write_sr

    make_folder(folder)
    # Its warnings quote the values of tags, which may be the patient's.
    warnings.filterwarnings("ignore", module="pydicom")
    files = []
    for record in records:
        if record.bone_age_months is None:
            continue
        path = folder / f"{_stem(record)}.dcm"
        if not path.exists():
            source = sources.get(record.file) if record.reference is not None else None
            write_sr(record, path, source=None if anonymous else source, anonymous=anonymous)
        files.append(path)
    return files


def _stem(record: CaseRecord) -> str:
    """A name that names nobody and stays the same for the same record."""
    made_from = f"{record.file}\n{record.created}\n{record.bone_age_months!r}\n{record.model_sha256}"
    return hashlib.sha256(made_from.encode("utf-8", "surrogatepass")).hexdigest()[:16]
