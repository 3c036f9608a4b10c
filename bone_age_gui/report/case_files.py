"""The reports of films that are at hand: some files for each film, tables for all of them.

File names hold a running number and the name of the film's file, never patient data: where the file is named
after the patient, or the reports are anonymised, the number stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from bone_age_gui.core.reader.filed import read_filed
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.reported import FiledReport
from bone_age_gui.core.values.types import Case
from bone_age_gui.core.values.whole_files import claim, make_folder, not_written, release
from bone_age_gui.report.anonymise import Anonymiser
from bone_age_gui.report.film import FILM_ENDINGS, write_film_report
from bone_age_gui.report.formats import CASE_FORMATS, FILM_FORMATS

if TYPE_CHECKING:
    from bone_age_gui.report.dicom.predecessors import Predecessors
    from bone_age_gui.report.growth_chart import Reference

_STEM_LENGTH = 40
_MOST_READ = 5000
"""Reports of a folder that are looked at."""
_NUMBERED = re.compile(r"([0-9]{4,})(?:_|\.|$)")


class CaseReports:
    """Writes reports into a folder: ``add`` for each film, then ``finish`` for the tables.

    Nothing that is there already is written over. A new structured report names the latest one of its film among those
    in the folder and ``known`` ones.
    """

    def __init__(
        self,
        folder: Path,
        formats: Sequence[str],
        reference: Reference | None,
        *,
        anonymous: bool = False,
        known: Sequence[FiledReport] = (),
    ) -> None:
        self._folder = make_folder(folder)
        self._formats = tuple(formats)
        self._reference = reference
        self._anonymiser = Anonymiser() if anonymous else None
        self._records: list[CaseRecord] = []
        self._number = _last_number(folder)
        self._known = tuple(known)
        self._reports_before: Predecessors | None = None

    def shown(self, record: CaseRecord) -> CaseRecord:
        """The record as the reports hold it: anonymised where they are."""
        return self._anonymiser.record(record) if self._anonymiser else record

    def add(self, case: Case, record: CaseRecord) -> list[Path]:
        """Write the files of one film; a film without an estimate only gets its row in the tables.

        Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
        """
        shown = self.shown(record)
        self._records.append(shown)
        if case.radiograph is None or record.bone_age_months is None:
            return []
        wanted = [name for name in FILM_FORMATS if name in self._formats]
        if not wanted:
            return []
        paths = self._claim(record, wanted)
        try:
            return [self._write(name, case, shown, path) for name, path in paths.items()]
        finally:
            release(paths.values())

    def finish(self) -> list[Path]:
        """Write the tables. Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``."""
        return [self._write_table(name) for name, kind in CASE_FORMATS.items() if kind.file and name in self._formats]

    def _claim(self, record: CaseRecord, wanted: Sequence[str]) -> dict[str, Path]:
        """The files of a film by format, under the next number that no other run has taken."""
        while True:
            self._number += 1
            stem = report_stem(record, self._number, self._anonymiser is not None)
            paths = {name: self._folder / f"{stem}{FILM_ENDINGS[name]}" for name in wanted}
            try:
                if claim(paths.values()):
                    return paths
            except OSError as error:
                raise not_written(error) from error

    def _write(self, name: str, case: Case, record: CaseRecord, path: Path) -> Path:
        return write_film_report(
            name,
            case,
            record,
            self._reference,
            path,
            predecessors=self._predecessors,
            anonymous=self._anonymiser is not None,
        )

    def _predecessors(self) -> Predecessors:
        """The structured reports of this folder, read when the first one is written, and the known ones."""
        from bone_age_gui.report.dicom.predecessors import Predecessors

        if self._reports_before is None:
            self._reports_before = Predecessors((*self._known, *filed_in(self._folder, f"*{FILM_ENDINGS['sr']}")))
        return self._reports_before

    def _write_table(self, name: str) -> Path:
        path = _claim_free(self._folder / CASE_FORMATS[name].file)
        try:
            return self._fill_table(name, path)
        finally:
            release([path])

    def _fill_table(self, name: str, path: Path) -> Path:
        if name == "summary":
            from bone_age_gui.report.pdf.run import write_run_pdf

            return write_run_pdf(self._records, path, anonymous=self._anonymiser is not None)
        if name == "json":
            from bone_age_gui.report.tables.json_lines import write_json_lines

            return write_json_lines(self._records, path)
        from bone_age_gui.report.tables.spreadsheet import write_csv, write_xlsx

        return (write_csv if name == "csv" else write_xlsx)(self._records, path)


def filed_in(folder: Path, pattern: str) -> tuple[FiledReport, ...]:
    """Our structured reports in a folder, those with the highest numbers or names."""
    return read_filed(sorted(folder.glob(pattern))[-_MOST_READ:])


def report_stem(record: CaseRecord, number: int, anonymous: bool) -> str:
    """``"0001_film"``, or ``"0001"`` where the film's file is named after the patient."""
    stem = PurePath(record.file.replace("\\", "/")).stem
    words = [record.patient_id or "", *re.split(r"[\s^=,;._-]+", record.patient_name or "")]
    named = any(len(word) > 1 and word.lower() in stem.lower() for word in words)
    safe = re.sub(r"[^A-Za-z0-9-]+", "-", stem).strip("-")[:_STEM_LENGTH]
    return f"{number:04d}" if anonymous or named or not safe else f"{number:04d}_{safe}"


def _last_number(folder: Path) -> int:
    """The greatest running number in the folder, 0 if there is none."""
    matches = (_NUMBERED.match(path.name) for path in folder.iterdir())
    return max((int(match[1]) for match in matches if match), default=0)


def _claim_free(path: Path) -> Path:
    """``path``, or the first of its kind with a number, taken for this run.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
    number, free = 1, path
    try:
        while not claim([free]):
            number += 1
            free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    except OSError as error:
        raise not_written(error) from error
    return free
