"""What leaves the window: reports of open films, the result as text, the stages as picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget

from bone_age_gui import __version__
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.record import record_of
from bone_age_gui.core.values.types import Case
from bone_age_gui.gui.actions.definition import Action
from bone_age_gui.gui.actions.disabled_reasons import Reasons
from bone_age_gui.gui.actions.messages import Messages
from bone_age_gui.gui.dialogs.report import ReportChoice, ReportDialog
from bone_age_gui.gui.view.stages_picture import save_stages_picture
from bone_age_gui.gui.work.session import Session
from bone_age_gui.wording.errors import error_words
from bone_age_gui.wording.language import one_language, tr
from bone_age_gui.wording.window import clipboard_text
from bone_age_gui.wording.window_messages import PICTURE_SAVED, RESULT_COPIED, WRITING_REPORTS


class ReportActions(QObject):
    """Asks in dialogs over ``window``, works in the pool.

    Attributes
    ----------
    written : Signal(object, object)
        Reports are there: their paths, in the order in which they were written, and their folder.
    """

    written = Signal(object, object)

    def __init__(self, window: QWidget, session: Session, messages: Messages) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._messages = messages
        self._last: ReportChoice | None = None

    def actions(self, why_not: Reasons) -> tuple[Action, ...]:
        """The actions, in the order of the menu."""
        return (
            Action("report", "&Write reports…", "Write reports of this film or of all open films", self.write,
                   ("Ctrl+E",), "report", why_not.result),
            Action("copy", "&Copy result as text", "Copy the result without patient data", self.copy_result,
                   ("Ctrl+Shift+C",), "copy", why_not.result),
            Action("save_stages", "Save &stages as picture…", "Save original and stages as one PNG",
                   self.save_stages, ("Ctrl+S",), "save-picture", why_not.stages),
        )  # fmt: skip

    def copy_result(self) -> None:
        """Put the result on the clipboard."""
        film = self._session.seen
        text = clipboard_text(film.case) if film is not None else ""
        if text:
            QApplication.clipboard().setText(text)
            self._session.said.emit(tr(RESULT_COPIED))

    def save_stages(self) -> None:
        """Ask where, then draw and write in the background."""
        film = self._session.seen
        if film is None or not film.case.stages:
            return
        name, _ = QFileDialog.getSaveFileName(self._window, tr("Save stages as picture"), "stages.png", "PNG (*.png)")
        if name:
            path = Path(name) if Path(name).suffix.lower() == ".png" else Path(f"{name}.png")
            work = partial(_save_stages, film.case, path)
            self._session.run_job(work, self._picture_saved, self._messages.show_error)

    def _picture_saved(self, path: Path) -> None:
        self._session.said.emit(tr(PICTURE_SAVED))

    def write(self) -> None:
        """Ask what and where, then write the reports in the background."""
        film, session = self._session.seen, self._session
        films = [each.seen for each in session.films]  # a film that is still to be read first is left out
        finished = [each for each in films if each.case.estimate is not None or each.case.error is not None]
        if film is None or film.case.estimate is None:
            return
        dialog = ReportDialog(len(finished), self._last, self._window)
        if dialog.exec() != QDialog.DialogCode.Accepted or dialog.choice is None:
            return
        self._last = dialog.choice
        chosen = finished if dialog.choice.all_films else [film]
        cases, numbers = [each.case for each in chosen], [each.number for each in chosen]
        reference = session.engine.reference if session.engine is not None else None
        session.said.emit(tr(WRITING_REPORTS))
        kept_in = session.keeper.kept_in
        work = partial(
            write_reports, cases, dialog.choice, reference, session.completing(), session.earlier.paths, kept_in
        )
        session.run_job(work, partial(self._written, numbers, dialog.choice.folder), self._failed)

    def _written(self, numbers: Sequence[int], folder: Path, files: Sequence[Path]) -> None:
        self._session.mark_reported(numbers)
        self.written.emit(files, folder)

    def _failed(self, error: BoneAgeError) -> None:
        self._session.said.emit(error_words(error).title)
        self._messages.show_error(error)


def _save_stages(case: Case, path: Path) -> Path:
    """In one language, as reports are; runs in the pool."""
    with one_language():
        return save_stages_picture(case, path)


def write_reports(
    cases: Sequence[Case],
    choice: ReportChoice,
    reference: GrowthReference | None,
    complete: Callable[[Case], Case],
    earlier: Sequence[Path] = (),
    kept_in: Path | None = None,
) -> list[Path]:
    """Write what was chosen and give back the files; runs in the pool.

    ``complete`` gives a case the pixels and stages back that were given up to save memory; ``earlier`` are structured
    reports that came with the films, ``kept_in`` is the worklist that knows of those that were written before: a
    changed one names the one before it.

    Raises
    ------
    BoneAgeError
        ``disk_full read_only no_folder not_written`` for a report, and every code of `with_pixels` for a film.
    """
    from bone_age_gui.core.reader.filed import read_filed
    from bone_age_gui.report.case_files import CaseReports
    from bone_age_gui.store.kept import known_reports, remember_reports

    kept_in = kept_in if "sr" in choice.formats and not choice.anonymous else None
    reports_before = (*known_reports(kept_in), *read_filed(earlier))
    reports = CaseReports(choice.folder, choice.formats, reference, anonymous=choice.anonymous, known=reports_before)
    files: list[Path] = []
    with one_language():
        for case in cases:
            whole = complete(case) if case.estimate is not None else case
            files += reports.add(whole, record_of(case, program_version=__version__, created=datetime.now(UTC)))
        remember_reports(kept_in, files)
        return files + reports.finish()
