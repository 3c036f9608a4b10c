"""Writes the reports of open films: asks in a dialog, works in the pool."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from bone_age_gui import __version__
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.record import record_of
from bone_age_gui.core.values.types import Case
from bone_age_gui.gui.dialogs.report import ReportChoice, ReportDialog
from bone_age_gui.gui.work.session import Session


class ReportCommands(QObject):
    """The report commands of one window; ``show_error`` shows a ``BoneAgeError``."""

    def __init__(self, window: QWidget, session: Session, show_error: Callable[[BoneAgeError], None]) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._show_error = show_error
        self._last: ReportChoice | None = None

    def write(self) -> None:
        """Ask what and where, then write in the background."""
        film, session = self._session.current, self._session
        finished = [
            each.case for each in session.films if each.case.estimate is not None or each.case.error is not None
        ]
        if film is None or film.case.estimate is None:
            return
        dialog = ReportDialog(len(finished), self._last, self._window)
        if dialog.exec() != QDialog.DialogCode.Accepted or dialog.choice is None:
            return
        self._last = dialog.choice
        cases = finished if dialog.choice.all_films else [film.case]
        reference = session.engine.reference if session.engine is not None else None
        session.said.emit("Writing the reports\N{HORIZONTAL ELLIPSIS}")
        session.run_job(partial(write_reports, cases, dialog.choice, reference), self._written, self._failed)

    def _written(self, count: int) -> None:
        self._session.said.emit(f"{count} report{' was' if count == 1 else 's were'} written.")

    def _failed(self, error: BoneAgeError) -> None:
        self._session.said.emit(error.title)
        self._show_error(error)


def write_reports(cases: Sequence[Case], choice: ReportChoice, reference: Any) -> int:
    """Write what was chosen and give back how many files that are; runs in the pool."""
    from bone_age_gui.report.case_files import CaseReports

    reports = CaseReports(choice.folder, choice.formats, reference, anonymous=choice.anonymous)
    files = []
    for case in cases:
        files += reports.add(case, record_of(case, program_version=__version__, created=datetime.now(UTC)))
    return len(files + reports.finish())
