"""The reports of a run: which files they are, written one by one, each whole or not at all."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bone_age_gui.core.reader.filed import read_filed
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.reported import FiledReport
from bone_age_gui.core.values.whole_files import make_folder
from bone_age_gui.report.anonymise import Anonymiser
from bone_age_gui.report.formats import RUN_FORMATS

if TYPE_CHECKING:
    from bone_age_gui.report.dicom.predecessors import Predecessors


@dataclass(frozen=True)
class RunFiles:
    """The files that are there, in their order, and whether these are all that were wanted."""

    files: tuple[Path, ...]
    is_complete: bool


def anonymiser(key: bytes) -> Callable[[CaseRecord], CaseRecord]:
    """What takes the patients out of the records of one run; its pseudonyms rest on the run's ``key``."""
    return Anonymiser(key).record


def finish_run(
    records: Sequence[CaseRecord],
    folder: Path,
    formats: Sequence[str],
    *,
    seal: Callable[[Path], None] | None = None,
    go_on: Callable[[int, int], bool] = lambda done, of: True,
    earlier: Sequence[Path] = (),
    known: Sequence[FiledReport] = (),
) -> RunFiles:
    """Write the reports of a run, then seal it.

    ``seal`` is given where the records are anonymised: it throws away what links them to the films, once every report
    is there. ``go_on`` is asked before each file, with the number of files that are done and of all files, and ends
    the work with ``False``. ``earlier`` are structured reports among the films, ``known`` others that were written
    before: a changed one names the one before it.

    Raises
    ------
    BoneAgeError
        ``disk_full read_only no_folder not_written``, and what ``seal`` raises.
    """
    run_files = write_run_reports(
        records, folder, formats, anonymous=seal is not None, go_on=go_on, earlier=earlier, known=known
    )  # fmt: skip
    if seal is not None and run_files.is_complete:
        seal(folder)
    return run_files


def write_run_reports(
    records: Sequence[CaseRecord],
    folder: Path,
    formats: Sequence[str],
    *,
    anonymous: bool = False,
    go_on: Callable[[int, int], bool] = lambda done, of: True,
    earlier: Sequence[Path] = (),
    known: Sequence[FiledReport] = (),
) -> RunFiles:
    """Write the wanted formats (keys of ``RUN_FORMATS``).

    ``anonymous`` says that the records were anonymised; the others are as for ``finish_run``. Tables are replaced; a
    structured report that is there stays, with its DICOM numbers.

    Raises
    ------
    BoneAgeError
        ``disk_full read_only no_folder not_written``.
    """
    make_folder(folder)
    writers: list[Callable[[], Path]] = []
    for name in formats:
        path = folder / RUN_FORMATS[name].file
        if name == "sr":
            estimated = (record for record in records if record.bone_age_months is not None)
            structured = _Structured(path, anonymous, earlier, known)
            writers += [partial(structured.write, record) for record in estimated]
        else:
            writers.append(partial(_write, name, records, path, anonymous))
    files: list[Path] = []
    for write in writers:
        if not go_on(len(files), len(writers)):
            break
        files.append(write())
    return RunFiles(tuple(files), len(files) == len(writers))


def _write(name: str, records: Sequence[CaseRecord], path: Path, anonymous: bool) -> Path:
    if name == "pdf":
        from bone_age_gui.report.pdf.run import write_run_pdf

        return write_run_pdf(records, path, anonymous=anonymous)
    if name == "json":
        from bone_age_gui.report.tables.json_lines import write_json_lines

        return write_json_lines(records, path)
    from bone_age_gui.report.tables.spreadsheet import write_csv, write_xlsx

    return (write_xlsx if name == "xlsx" else write_csv)(records, path)


class _Structured:
    """Writes the structured reports of a run; those that are there, earlier and known ones may have successors."""

    def __init__(self, folder: Path, anonymous: bool, earlier: Sequence[Path], known: Sequence[FiledReport]) -> None:
        self._folder = folder
        self._anonymous = anonymous
        self._earlier = earlier
        self._known = known
        self._before: Predecessors | None = None

    def write(self, record: CaseRecord) -> Path:
        """The file of one film."""
        from bone_age_gui.report.dicom.sr import write_sr

        make_folder(self._folder)
        # Its warnings quote the values of tags, which may be the patient's.
        warnings.filterwarnings("ignore", module="pydicom")
        path = self._folder / f"{_stem(record)}.dcm"
        if not path.exists():
            write_sr(record, path, anonymous=self._anonymous, predecessors=self._predecessors())
        return path

    def _predecessors(self) -> Predecessors:
        from bone_age_gui.report.dicom.predecessors import Predecessors

        if self._before is None:
            lying_there = read_filed([*self._earlier, *sorted(self._folder.glob("*.dcm"))])
            self._before = Predecessors((*self._known, *lying_there))
        return self._before


def _stem(record: CaseRecord) -> str:
    """A name that names nobody and stays the same for the same record."""
    made_from = f"{record.file}\n{record.created}\n{record.bone_age_months!r}\n{record.model_sha256}"
    return hashlib.sha256(made_from.encode("utf-8", "surrogatepass")).hexdigest()[:16]
