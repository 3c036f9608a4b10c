"""Runs a batch for the window: a thread drives the worker processes, and rows come back in portions."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from bone_age_gui import __version__
from bone_age_gui.core.batch.progress import RunProgress
from bone_age_gui.core.batch.run import (
    BatchControl,
    BatchPlan,
    BatchRow,
    BatchSettings,
    has_journal,
    plan_batch,
    run_batch,
    seal_journal,
)
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.gui.work.batch.values import BatchRequest, Outcome, Writing
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.gui.work.jobs import Jobs
from bone_age_gui.store.kept import kept_examinations, known_reports, remember_reports
from bone_age_gui.wording.language import one_language

LOOK_MS = 100
MAX_ROWS = 200
"""Rows shown at one look: a resumed run brings thousands at once, and the window must stay responsive."""

News = BatchPlan | BatchRow | Writing
Inbox = queue.SimpleQueue[tuple[float, News]]


class BatchSession(QObject):
    """One run at a time.

    Attributes
    ----------
    planned : Signal(object)
        List of all films, as waiting `BatchRow`.
    arrived : Signal(object)
        List of finished `BatchRow`.
    progressed : Signal(object)
        `Progress`: how far, how fast and how long.
    writing : Signal(object)
        `Writing`: the films are done, and the reports are being written.
    noticed : Signal(object)
        A `Fact` about folder or table.
    ended : Signal(object)
        `Outcome`: complete, with its reports, or cancelled.
    failed : Signal(object)
        `BoneAgeError`: the run could not begin or go on.
    crashed : Signal(object)
        A bug, as an exception.
    """

    planned = Signal(object)
    arrived = Signal(object)
    progressed = Signal(object)
    writing = Signal(object)
    noticed = Signal(object)
    ended = Signal(object)
    failed = Signal(object)
    crashed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = Jobs(self, threads=1)
        self._jobs.crashed.connect(self.crashed)
        self._control = BatchControl()
        self._inbox: Inbox = queue.SimpleQueue()
        self._progress = RunProgress(0)
        self._stopped: tuple[BatchRequest, Outcome] | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    @property
    def is_running(self) -> bool:
        """True from the start until the end, or the failure, was signalled."""
        return self._jobs.active > 0

    @staticmethod
    def can_continue(out: Path) -> bool:
        """True if a run was begun in this output folder."""
        return has_journal(out)

    def start(self, request: BatchRequest, engine: Engine, threshold_sd: float, kept_in: Path | None = None) -> None:
        """Begin a run, with what the worklist of ``kept_in`` has; does nothing while one is running."""
        if self.is_running:
            return
        self._control = BatchControl()
        self._inbox = queue.SimpleQueue()
        self._progress = RunProgress(0)
        request = replace(request, kept_in=None if request.anonymise else kept_in)
        work = partial(_work, request, engine, threshold_sd, self._control, self._inbox)
        self._jobs.submit(work, partial(self._finish, request), self._fail)
        self._timer.start(LOOK_MS)

    def write_reports(self) -> None:
        """Write the reports of what a stopped run has finished; it can still be continued."""
        if self.is_running or self._stopped is None:
            return
        request, outcome = self._stopped
        self._control = BatchControl()
        work = partial(_write_so_far, request, outcome, self._control, self._inbox)
        self._jobs.submit(work, partial(self._finish, request), self._fail)
        self._timer.start(LOOK_MS)

    def pause(self, wanted: bool) -> None:
        """Start no more films, or go on."""
        self._control.pause(wanted)
        (self._progress.pause if wanted else self._progress.start)(time.monotonic())

    def cancel(self) -> None:
        """Stop soon; what is finished stays in the journal."""
        self._control.cancel()

    def shutdown(self) -> None:
        """Cancel, then wait for the run to stop."""
        self._timer.stop()
        self._control.cancel()
        self._jobs.shutdown()

    def _look(self, most: int = MAX_ROWS) -> None:
        items: list[BatchRow] = []
        writing: Writing | None = None
        while len(items) < most:
            try:
                when, news = self._inbox.get_nowait()
            except queue.Empty:
                break
            if isinstance(news, BatchPlan):
                self._take_plan(news, when)
            elif isinstance(news, Writing):
                writing = news
            else:
                self._progress.count(when, is_refused=news.is_refused, is_earlier=news.is_earlier)
                items.append(news)
        if items:
            self.arrived.emit(items)
            self._report_progress()
        if writing is not None:
            self.writing.emit(writing)

    def _take_plan(self, plan: BatchPlan, when: float) -> None:
        self._progress = RunProgress(len(plan.films))
        self._progress.start(when)
        self.planned.emit([BatchRow(film) for film in plan.films])
        for notice in plan.notices:
            self.noticed.emit(notice)
        self._report_progress()

    def _report_progress(self) -> None:
        self.progressed.emit(self._progress.so_far())

    def _finish(self, request: BatchRequest, outcome: Outcome) -> None:
        self._stop_looking()
        self._stopped = (request, outcome) if outcome.is_unfinished else None
        self.ended.emit(outcome)

    def _fail(self, error: BoneAgeError) -> None:
        self._stop_looking()
        self.failed.emit(error)

    def _stop_looking(self) -> None:
        self._timer.stop()
        while not self._inbox.empty():
            self._look()


def _work(request: BatchRequest, engine: Engine, threshold_sd: float, control: BatchControl, inbox: Inbox) -> Outcome:
    """The whole run, in a pool thread."""

    def send(news: News) -> None:
        inbox.put((time.monotonic(), news))

    plan = plan_batch(request.folder, request.out, recursive=request.recursive, patients=request.patients)
    send(plan)
    settings = BatchSettings(
        program_version=__version__,
        threshold_sd=threshold_sd,
        workers=request.workers or None,
        resume=request.resume,
        anonymise=_anonymise if request.anonymise else None,
        insist=request.insist,
        demands_sex=engine.demands_sex,
    )
    with kept_examinations(request.kept_in) as kept:
        settings = replace(settings, kept=kept)
        summary = run_batch(plan, engine.predictor, engine.reference, settings, send, control)
    done = len(summary.records)
    outcome = Outcome(summary.films, done, summary.refused, summary.seconds, request.out, summary.doubtful)
    outcome = replace(outcome, records=summary.records)
    if not summary.is_complete:
        return outcome
    from bone_age_gui.report.run_files import finish_run

    with one_language():
        reports = finish_run(
            summary.records, request.out, request.formats, seal=seal_journal if request.anonymise else None,
            go_on=partial(_go_on, control, inbox), earlier=plan.reports, known=known_reports(request.kept_in),
        )  # fmt: skip
    remember_reports(request.kept_in, reports.files)
    return replace(outcome, reports=reports.files, wrote_all=reports.is_complete)


def _write_so_far(request: BatchRequest, outcome: Outcome, control: BatchControl, inbox: Inbox) -> Outcome:
    """The reports of the finished films, in a pool thread; an anonymised run is not sealed, as it may go on."""
    from bone_age_gui.report.run_files import write_run_reports

    with one_language():
        reports = write_run_reports(
            outcome.records, request.out, request.formats,
            anonymous=request.anonymise, go_on=partial(_go_on, control, inbox), known=known_reports(request.kept_in),
        )  # fmt: skip
    remember_reports(request.kept_in, reports.files)
    return replace(outcome, reports=reports.files, wrote_all=reports.is_complete)


def _go_on(control: BatchControl, inbox: Inbox, done: int, total: int) -> bool:
    """Tell how far the reports are; False ends the writing."""
    inbox.put((time.monotonic(), Writing(done, total)))
    return not control.cancelled.is_set()


def _anonymise(key: bytes) -> Callable[[CaseRecord], CaseRecord]:
    from bone_age_gui.report.run_files import anonymiser

    return anonymiser(key)
