"""``bone-age estimate --report DIR``: reports of the films that are estimated."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bone_age_gui import __version__

if TYPE_CHECKING:
    from bone_age_gui.core.values.types import Case
    from bone_age_gui.report.case_files import CaseReports

FORMATS = ("pdf", "sr", "dicom-pdf", "csv", "xlsx", "json", "summary")
_DEFAULT = ("pdf",)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to ``estimate``."""
    parser.add_argument("--report", type=Path, metavar="DIR", help="write reports into this folder")
    parser.add_argument(
        "--formats",
        type=_formats,
        metavar="LIST",
        help=f"reports to write, separated by commas: {', '.join(FORMATS)} (default: pdf)",
    )
    parser.add_argument(
        "--anonymise", action="store_true", help="no names, numbers, dates or file names in the reports"
    )


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """``SystemExit`` where an option needs another one."""
    if options.report is None and (options.formats or options.anonymise):
        parser.error("--formats and --anonymise need --report DIR")


class FilmReports:
    """The reports that were asked for; does nothing if there are none. ``BoneAgeError`` if one can't be written."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._reports: CaseReports | None = None
        if options.report is not None:
            self._reports = _open(options)

    def add(self, case: Case) -> None:
        """Write the files of one film."""
        if self._reports is not None:
            from bone_age_gui.core.values.record import record_of

            record = record_of(case, program_version=__version__, created=datetime.now(UTC))
            self._reports.add(case, record)

    def finish(self) -> None:
        """Write the tables."""
        if self._reports is not None:
            self._reports.finish()


def _open(options: argparse.Namespace) -> CaseReports:
    from bone_age_gui import paths
    from bone_age_gui.core.growth import GrowthReference
    from bone_age_gui.report.case_files import CaseReports
    from bone_age_gui.wording.report import BURNT_IN

    if options.anonymise:
        print(f"bone-age: {BURNT_IN}", file=sys.stderr)
    reference = GrowthReference.load(paths.growth_file())
    return CaseReports(options.report, options.formats or _DEFAULT, reference, anonymous=options.anonymise)


def _formats(text: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    if not wanted or not set(wanted) <= set(FORMATS):
        raise argparse.ArgumentTypeError(f"'{text}' is no list of {', '.join(FORMATS)}")
    return wanted
