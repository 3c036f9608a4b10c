"""``bone-age batch``: a whole folder, with reports at the end.

Neither names of files nor anything else of a patient goes to the terminal: it may be logged.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from bone_age_gui import __version__
from bone_age_gui.cli import comparison
from bone_age_gui.cli.commands import Commands
from bone_age_gui.cli.converters import whole_within
from bone_age_gui.cli.output import note_on_stderr
from bone_age_gui.cli.report import formats_of
from bone_age_gui.cli.signals import stopped_by_signals
from bone_age_gui.core.batch.progress import RunProgress
from bone_age_gui.core.values.exit_codes import ExitCode
from bone_age_gui.core.values.flags import final_borderline, final_flag
from bone_age_gui.report.formats import RUN_FORMATS
from bone_age_gui.wording.command_line import (
    UNSEEN_NAMES,
    films_found,
    stopped_after,
    using_cpu,
    writing_reports,
)
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.records import refusal_words_of
from bone_age_gui.wording.runs import plan_notice, progress_words
from bone_age_gui.wording.terminal import summary_text

if TYPE_CHECKING:
    from bone_age_gui.core.batch.run import BatchPlan, BatchRow, BatchSettings, BatchSummary
    from bone_age_gui.core.values.course import EarlierAges

TELL_SECONDS = 10.0
"""Between two lines about a run where nothing can be drawn over."""
_DRAW_SECONDS = 0.2
_MOST_WORKERS = 64


def add_parser(
    commands: Commands, add_model_and_device: Callable[[argparse.ArgumentParser], None], epilog: str
) -> None:
    """Add the command with its options; ``add_model_and_device`` adds those for model and device."""
    parser = commands.add_parser(
        "batch",
        help=tr("estimate all films of a folder and write reports"),
        description=tr(
            "Estimate every DICOM, PNG, JPEG, TIFF and WebP film of a folder in parallel. Results are kept in "
            "a journal as they come; reports are written at the end. A film that cannot be read is refused in its row."
        ),
        epilog=epilog,
        allow_abbrev=False,
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=tr("folder with the films"))
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=tr("folder for journal and reports"))
    parser.add_argument(
        "--patients",
        type=Path,
        metavar="CSV",
        help=tr(
            "table with the columns file, sex, birth_date or age_months, study_date, reader_age_months, height_cm, "
            "mother_cm, father_cm"
        ),
    )
    parser.add_argument(
        "--formats",
        type=formats_of(RUN_FORMATS),
        default=("csv",),
        metavar="LIST",
        help=tr("reports to write, separated by commas: {formats} (default: csv)", formats=", ".join(RUN_FORMATS)),
    )
    comparison.add_height_reference(parser)
    comparison.add_options(parser)
    _add_ways(parser)
    add_model_and_device(parser)
    parser.add_argument("--json", action="store_true", help=tr("the summary as one JSON object"))


def _add_ways(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which films are taken and how."""
    parser.add_argument("--recursive", action="store_true", help=tr("look into the folders below, too"))
    parser.add_argument("--resume", action="store_true", help=tr("continue a run that was stopped"))
    parser.add_argument(
        "--workers",
        type=whole_within(1, _MOST_WORKERS),
        metavar="N",
        help=tr("processes that read films (default: the cores)"),
    )
    parser.add_argument(
        "--anonymise", action="store_true", help=tr("no names, numbers, dates or file names in the reports")
    )
    parser.add_argument(
        "--insist",
        action="store_true",
        help=tr("estimate films too that would be refused for what they show; they are marked as doubtful"),
    )
    parser.add_argument("--scheduler", metavar="tcp://HOST:PORT", help=tr("run on this Dask cluster"))


def run(options: argparse.Namespace) -> int:
    """Run the batch and write the reports.

    Raises
    ------
    BoneAgeError
        Of the folders: ``folder_unreadable no_films same_folder bad_patients``; of what is estimated with:
        ``growth_missing growth_broken model_not_found bad_card card_schema model_damaged model_unusable bad_signature
        cuda_unavailable``; of the run: those of ``core.batch.run.run_batch``; of its reports: ``disk_full read_only
        no_folder not_written``.
    """
    from bone_age_gui import paths
    from bone_age_gui.core.batch.run import BatchControl, plan_batch, run_batch
    from bone_age_gui.core.model.bundle import find_bundle
    from bone_age_gui.core.model.predictor import Predictor
    from bone_age_gui.store.kept import kept_examinations
    from bone_age_gui.store.worklist import worklist_file

    reference = comparison.reference_of(options)
    plan = plan_batch(options.folder, options.out, recursive=options.recursive, patients=options.patients)
    bundle = find_bundle(options.model, paths.model_search_path())
    model = bundle if options.scheduler else Predictor(bundle, options.device, threads=1)  # films are the parallel axis
    if isinstance(model, Predictor) and model.fallback_reason:
        note_on_stderr(using_cpu(model.fallback_reason))
    _tell_before(plan, options)
    control = BatchControl()
    meter = _Meter(RunProgress(len(plan.films)), sys.stderr)
    with stopped_by_signals(control.cancel), kept_examinations(worklist_file()) as kept:
        try:
            summary = run_batch(plan, model, reference, _settings(options, kept), meter.show, control)
        finally:
            meter.end()
    return _finish(options, plan, summary, meter)


def _settings(options: argparse.Namespace, kept: EarlierAges) -> BatchSettings:
    from bone_age_gui.core.batch.run import BatchSettings
    from bone_age_gui.report.run_files import anonymiser

    return BatchSettings(
        program_version=__version__,
        threshold_sd=options.threshold_sd,
        demands_sex=options.demand_sex,
        workers=options.workers,
        resume=options.resume,
        anonymise=anonymiser if options.anonymise else None,
        insist=options.insist,
        scheduler=options.scheduler,
        kept=kept,
        device=options.device,
    )


def _finish(options: argparse.Namespace, plan: BatchPlan, summary: BatchSummary, meter: _Meter) -> int:
    """Reports and summary of a run that came to its end, or how to go on with it."""
    if not summary.is_complete:
        note_on_stderr(stopped_after(len(summary.records), summary.films))
        return ExitCode.INTERRUPTED
    from bone_age_gui.core.batch.run import seal_journal
    from bone_age_gui.report.run_files import finish_run
    from bone_age_gui.store.kept import known_reports
    from bone_age_gui.store.worklist import worklist_file

    reports = finish_run(
        summary.records, options.out, options.formats,
        seal=seal_journal if options.anonymise else None, go_on=meter.show_writing, earlier=plan.reports,
        known=() if options.anonymise else known_reports(worklist_file()),
    )  # fmt: skip
    meter.clear()
    if options.json:
        print(json.dumps(_summary(summary, reports.files, options.out)))
    else:
        titles = Counter(refusal_words_of(record).title for record in summary.records if record.is_refused)
        print(summary_text(_summary(summary, reports.files, options.out), titles))
    return ExitCode.SOME_REFUSED if summary.refused else ExitCode.DONE


def _summary(summary: BatchSummary, files: Sequence[Path], out: Path) -> dict[str, Any]:
    """Counts (of doubts and refusals by their codes), speed, and the reports by their paths below the output folder."""
    fresh = summary.films - summary.earlier
    return {
        "films": summary.films,
        "estimated": summary.films - summary.refused,
        "fine": summary.films - summary.refused - summary.doubtful,
        "doubtful": summary.doubtful,
        "refused": summary.refused,
        "from_earlier_run": summary.earlier,
        "doubts": dict(
            Counter(notice.code for record in summary.records if record.is_doubtful for notice in record.doubts)
        ),
        "flags": dict(Counter(flag for record in summary.records if (flag := final_flag(record)))),
        "borderline": sum(final_borderline(record) for record in summary.records),
        "refusals": dict(Counter(record.error_code for record in summary.records if record.is_refused)),
        "seconds": round(summary.seconds, 2),
        "films_per_second": round(fresh / summary.seconds, 2) if fresh and summary.seconds else None,
        "reports": [path.relative_to(out).as_posix() for path in files],
    }


def _tell_before(plan: BatchPlan, options: argparse.Namespace) -> None:
    note_on_stderr(films_found(len(plan.films)))
    for notice in plan.notices:
        note_on_stderr(plan_notice(notice))
    if options.anonymise:
        note_on_stderr(tr(UNSEEN_NAMES))


class _Meter:
    """Progress on stderr: one line that is drawn anew on a terminal, a new line now and then elsewhere."""

    def __init__(self, progress: RunProgress, stream: TextIO) -> None:
        self._progress = progress
        self._stream = stream
        self._draws = stream.isatty()
        self._drawn_at = time.monotonic()
        progress.start(self._drawn_at)

    def show(self, row: BatchRow) -> None:
        now = time.monotonic()
        self._progress.count(now, is_refused=row.is_refused, is_earlier=row.is_earlier)
        self._tell(now, lambda: progress_words(self._progress.so_far()))

    def show_writing(self, done: int, total: int) -> bool:
        """Progress of the reports; never stops them."""
        self._tell(time.monotonic(), lambda: writing_reports(done, total))
        return True

    def _tell(self, now: float, words: Callable[[], str]) -> None:
        if now - self._drawn_at < (_DRAW_SECONDS if self._draws else TELL_SECONDS):
            return
        self._drawn_at = now
        self._stream.write(f"\r\x1b[K{words()}" if self._draws else f"bone-age: {words()}\n")
        self._stream.flush()

    def clear(self) -> None:
        """Take away a drawn line."""
        if self._draws:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def end(self) -> None:
        """Tell where the run stands for the last time."""
        if not self._progress.done:
            return
        self.clear()
        self._stream.write(f"bone-age: {progress_words(self._progress.so_far())}\n")
        self._stream.flush()
