"""The reports of a run: which files they are, written one by one, each whole or not at all."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.whole_files import make_folder

NAMES = {"csv": "results.csv", "xlsx": "results.xlsx", "pdf": "report.pdf", "json": "results.jsonl", "sr": "sr"}
"""File of each format; ``sr`` is a folder with one DICOM object for each estimated film."""


def write_reports(
    records: Sequence[CaseRecord],
    folder: Path,
    formats: Sequence[str],
    *,
    anonymous: bool = False,
    go_on: Callable[[int, int], bool] = lambda done, of: True,
) -> list[Path]:
    """Write the wanted formats (keys of ``NAMES``) and give back the files that are there, in their order.

    ``anonymous`` says that the records were
    anonymised; ``go_on`` is asked before each file, with the number of files that are done and of all files, and
    ends the work with ``False``. Tables are replaced; a structured report that is there stays, with its DICOM numbers.
    ``BoneAgeError`` as ``whole_files.write_whole``.
    """
    make_folder(folder)
    writers: list[Callable[[], Path]] = []
    for name in formats:
        path = folder / NAMES[name]
        if name == "sr":
            estimated = (record for record in records if record.bone_age_months is not None)
            writers += [partial(_write_structured, record, path, anonymous) for record in estimated]
        else:
            writers.append(partial(_write, name, records, path, anonymous))
    files: list[Path] = []
    for write in writers:
        if not go_on(len(files), len(writers)):
            break
        files.append(write())
    return files


def _write(name: str, records: Sequence[CaseRecord], path: Path, anonymous: bool) -> Path:
    if name == "pdf":
        from bone_age_gui.report.pdf.run import write_run_pdf

        return write_run_pdf(records, path, anonymous=anonymous)
    if name == "json":
        from bone_age_gui.report.tables.json_lines import write_json_lines

        return write_json_lines(records, path)
    from bone_age_gui.report.tables.table import write_csv, write_xlsx

    return (write_xlsx if name == "xlsx" else write_csv)(records, path)


def _write_structured(record: CaseRecord, folder: Path, anonymous: bool) -> Path:
    from bone_age_gui.report.dicom.sr import write_sr

    make_folder(folder)
    # Its warnings quote the values of tags, which may be the patient's.
    warnings.filterwarnings("ignore", module="pydicom")
    path = folder / f"{_stem(record)}.dcm"
    if not path.exists():
        write_sr(record, path, anonymous=anonymous)
    return path


def _stem(record: CaseRecord) -> str:
    """A name that names nobody and stays the same for the same record."""
    made_from = f"{record.file}\n{record.created}\n{record.bone_age_months!r}\n{record.model_sha256}"
    return hashlib.sha256(made_from.encode("utf-8", "surrogatepass")).hexdigest()[:16]
