"""``bone-age estimate --report DIR``: reports of the films that are estimated."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from bone_age_gui.cli.output import note_on_stderr
from bone_age_gui.report.formats import CASE_FORMATS, parse_formats
from bone_age_gui.wording.command_line import NO_REPORT_FOLDER, not_formats
from bone_age_gui.wording.language import tr

if TYPE_CHECKING:
    from bone_age_gui.core.growth import GrowthReference
    from bone_age_gui.core.values.record import CaseRecord
    from bone_age_gui.core.values.types import Case
    from bone_age_gui.report.case_files import CaseReports

_DEFAULT = ("pdf",)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to ``estimate``."""
    parser.add_argument("--report", type=Path, metavar="DIR", help=tr("write reports into this folder"))
    parser.add_argument(
        "--formats",
        type=formats_of(CASE_FORMATS),
        metavar="LIST",
        help=tr("reports to write, separated by commas: {formats} (default: pdf)", formats=", ".join(CASE_FORMATS)),
    )
    parser.add_argument(
        "--anonymise", action="store_true", help=tr("no names, numbers, dates or file names in the reports")
    )


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """``SystemExit`` where an option needs another one."""
    if options.report is None and (options.formats or options.anonymise):
        parser.error(tr(NO_REPORT_FOLDER))


class FilmReports:
    """The reports that were asked for; does nothing if there are none.

    Every method raises ``BoneAgeError`` where a file cannot be written: ``disk_full read_only no_folder not_written``.
    """

    def __init__(self, options: argparse.Namespace, reference: GrowthReference) -> None:
        self._reports: CaseReports | None = None
        if options.report is not None:
            self._reports = _open(options, reference)

    def shown(self, record: CaseRecord) -> CaseRecord:
        """The record as the reports hold it: anonymised where they are."""
        return self._reports.shown(record) if self._reports is not None else record

    def add(self, case: Case, record: CaseRecord) -> None:
        """Write the files of one film."""
        if self._reports is not None:
            self._reports.add(case, record)

    def finish(self) -> None:
        """Write the tables."""
        if self._reports is not None:
            self._reports.finish()


def _open(options: argparse.Namespace, reference: GrowthReference) -> CaseReports:
    from bone_age_gui.report.case_files import CaseReports
    from bone_age_gui.wording.report import BURNT_IN

    if options.anonymise:
        note_on_stderr(tr(BURNT_IN))
    from bone_age_gui.store.kept import known_reports
    from bone_age_gui.store.worklist import worklist_file

    formats = options.formats or _DEFAULT
    known = known_reports(worklist_file()) if "sr" in formats and not options.anonymise else ()
    return CaseReports(options.report, formats, reference, anonymous=options.anonymise, known=known)


def formats_of(formats: Collection[str]) -> Callable[[str], tuple[str, ...]]:
    """A converter for argparse of a list of these formats."""

    def convert(text: str) -> tuple[str, ...]:
        try:
            return parse_formats(text, formats)
        except ValueError:
            raise argparse.ArgumentTypeError(not_formats(text, formats)) from None

    return convert
