"""A whole folder of films: found, estimated in parallel, and written to a journal as they finish.

One bad film never stops a run: its row says why it was refused. A run that was stopped, however, is continued from
its journal, and no film is computed or written twice.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bone_age_gui.core.batch.films import BatchFilm, BatchRow, find_films
from bone_age_gui.core.batch.journal import Journal, has_journal, seal_journal
from bone_age_gui.core.batch.local import BatchControl, Prepare, run_local
from bone_age_gui.core.batch.patients import match_patients, read_patients
from bone_age_gui.core.batch.worker import BatchCase, prepare_film
from bone_age_gui.core.growth import DEFAULT_THRESHOLD_SD, GrowthReference
from bone_age_gui.core.height import FIRST_CHOICE
from bone_age_gui.core.machine import physical_cores
from bone_age_gui.core.model.bundle import CARD_FILE, Bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.values.course import EarlierAges, with_earlier
from bone_age_gui.core.values.cut_offs import CutOffs
from bone_age_gui.core.values.digest import file_sha256
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.record import CaseRecord, record_of
from bone_age_gui.core.workers.reports import read_reports

__all__ = ["BatchControl", "BatchPlan", "BatchRow", "BatchSettings", "BatchSummary", "has_journal",
           "plan_batch", "run_batch", "seal_journal"]  # fmt: skip

MAX_WORKERS = 64
_LISTED_LINES = 20
Anonymise = Callable[[bytes], Callable[[CaseRecord], CaseRecord]]


@dataclass(frozen=True)
class BatchPlan:
    """What is to be run. ``notices`` say what must be known of folder and table, without names; ``reports`` are
    structured reports that lie among the films: earlier results of their children."""

    out: Path
    films: tuple[BatchFilm, ...]
    patients_sha256: str | None = None
    notices: tuple[Fact, ...] = ()
    reports: tuple[Path, ...] = ()


@dataclass(frozen=True)
class BatchSettings:
    """How it is to be run.

    Attributes
    ----------
    workers : int or None
        Processes that read films; one per physical core if ``None``.
    anonymise : callable or None
        Makes from a secret the function that takes the patient out of a record; such a run writes nothing else.
        Once its reports are written, ``seal_journal`` throws the secret away.
    scheduler : str or None
        Address of a Dask scheduler, ``tcp://host:port``, to run there instead of in processes of this machine.
    insist : bool
        Estimate films too that would be refused for what they show; they are doubtful.
    demands_sex : bool
        Refuse films of which the sex is not known.
    kept : EarlierAges or None
        Earlier bone ages of the children that this machine keeps; an anonymised run does not ask for them.
    prepare : callable
        What a worker process does with a film (see ``worker.prepare_film``).
    """

    program_version: str
    threshold_sd: float = DEFAULT_THRESHOLD_SD
    workers: int | None = None
    resume: bool = False
    anonymise: Anonymise | None = None
    scheduler: str | None = None
    device: str = "auto"
    insist: bool = False
    demands_sex: bool = False
    kept: EarlierAges | None = None
    prepare: Prepare = prepare_film


@dataclass(frozen=True)
class BatchSummary:
    """The outcome. ``records`` are in the order of the films and, where that was asked for, anonymised; else each holds
    the other examinations of its child."""

    films: int
    earlier: int
    seconds: float
    records: tuple[CaseRecord, ...]

    @property
    def refused(self) -> int:
        """Films without an estimate."""
        return sum(record.is_refused for record in self.records)

    @property
    def doubtful(self) -> int:
        """Films whose estimate may be wrong."""
        return sum(record.is_doubtful for record in self.records)

    @property
    def is_complete(self) -> bool:
        """True if every film has its record."""
        return len(self.records) == self.films


def plan_batch(folder: Path, out: Path, *, recursive: bool = False, patients: Path | None = None) -> BatchPlan:
    """Find the films and read the table of patients; nothing is written.

    Raises
    ------
    BoneAgeError
        ``folder_unreadable``, ``no_films``, ``same_folder``, or ``bad_patients`` with all mistakes.
    """
    table = read_patients(patients) if patients is not None else None
    inside = find_films(folder, recursive=recursive, leave_out=out)
    if out.exists() and out.samefile(folder):
        raise BoneAgeError("same_folder")
    if not inside.films:
        raise BoneAgeError("no_films", "" if recursive else "shallow")
    notices = []
    if inside.closed_folders:
        notices.append(Fact("closed_folders", {"folders": inside.closed_folders}))
    if inside.reports:
        notices.append(Fact("reports_aside", {"reports": len(inside.reports)}))
    films = tuple(replace(film, number=number) for number, film in enumerate(inside.films))
    if table is not None:
        given, unused = match_patients(table, [film.name for film in films])
        films = tuple(replace(film, given=given.get(film.name)) for film in films)
        if unused:
            notices.append(_unused(unused))
    return BatchPlan(out, films, table.sha256 if table is not None else None, tuple(notices), inside.reports)


def _unused(lines: Sequence[int]) -> Fact:
    """Lines of the table that name no film, so many of them as can be read."""
    listed = tuple(str(line) for line in lines[:_LISTED_LINES])
    if len(lines) > _LISTED_LINES:
        return Fact("many_unused_lines", {"count": len(lines), "lines": listed})
    return Fact("unused_lines", {"count": len(lines), "lines": listed})


def run_batch(
    plan: BatchPlan,
    model: Predictor | Bundle,
    reference: GrowthReference,
    settings: BatchSettings,
    on_row: Callable[[BatchRow], None],
    control: BatchControl | None = None,
) -> BatchSummary:
    """Finish every film of the plan that the journal does not hold yet.

    Parameters
    ----------
    model : Predictor or Bundle
        A predictor runs here; a bundle is enough for a cluster.
    on_row : callable
        Called in this thread for each film once it is on the disk; those of an earlier run come first. Its record
        is not anonymised, unless it comes from the journal of an anonymised run.
    control : BatchControl, optional
        Cancels and pauses, from any thread.

    Raises
    ------
    BoneAgeError
        Of the journal: ``batch_exists batch_differs batch_running batch_sealed bad_journal disk_full not_writable``;
        of the workers: ``no_workers no_distributed no_cluster``. What was finished is in the journal.
    """
    control = control or BatchControl()
    bundle = model if isinstance(model, Bundle) else model.bundle
    started = time.monotonic()
    with Journal(plan.out, _identity(plan, bundle, settings, reference), settings.resume) as journal:
        keys = [film.key(journal.salt) for film in plan.films]
        earlier = {number: journal.records[key] for number, key in enumerate(keys) if key in journal.records}
        for number, record in earlier.items():
            on_row(BatchRow(plan.films[number], record, is_earlier=True))
        waiting = [_asked_for(film, settings) for film in plan.films if film.number not in earlier]
        with contextlib.closing(_run(waiting, model, reference, settings, control)) as finished_films:
            fresh = _write_down(finished_films, journal, keys, settings, on_row)
    records = _in_order(earlier | fresh, plan, settings)
    return BatchSummary(len(plan.films), len(earlier), time.monotonic() - started, records)


def _in_order(done: Mapping[int, CaseRecord], plan: BatchPlan, settings: BatchSettings) -> tuple[CaseRecord, ...]:
    """The records by the numbers of their films, with the other examinations of each child."""
    records = tuple(done[number] for number in sorted(done))
    if settings.anonymise is not None:  # no birth date is left, by which a child is known
        return records
    return with_earlier(records, read_reports(plan.reports), settings.kept)


def _asked_for(film: BatchFilm, settings: BatchSettings) -> BatchFilm:
    return replace(film, insisted=settings.insist, demands_sex=settings.demands_sex)


def _write_down(
    finished_films: Iterable[BatchCase],
    journal: Journal,
    keys: Sequence[str],
    settings: BatchSettings,
    on_row: Callable[[BatchRow], None],
) -> dict[int, CaseRecord]:
    """Put each film into the journal and then hand it out; the records by the film's number, as they were kept."""
    change = settings.anonymise(bytes.fromhex(journal.salt)) if settings.anonymise is not None else None
    kept: dict[int, CaseRecord] = {}
    for finished in finished_films:
        number = finished.film.number
        record = _record(finished, settings.program_version)
        kept[number] = _anonymised(record, change, len(journal.records))
        journal.add(keys[number], kept[number])
        on_row(BatchRow(finished.film, record, finished.thumbnail))
    return kept


def _run(
    films: Sequence[BatchFilm],
    model: Predictor | Bundle,
    reference: GrowthReference,
    settings: BatchSettings,
    control: BatchControl,
) -> Generator[BatchCase, None, None]:
    if not films:
        return
    if settings.scheduler is not None:
        from bone_age_gui.core.batch.cluster import run_on_cluster

        bundle = model if isinstance(model, Bundle) else model.bundle
        yield from run_on_cluster(
            settings.scheduler, films, bundle, settings.device, reference, settings.threshold_sd, control
        )
        return
    if isinstance(model, Bundle):
        raise TypeError("a run on this machine needs a predictor")
    workers = min(settings.workers or physical_cores(), MAX_WORKERS, len(films))
    yield from run_local(films, model, reference, settings.threshold_sd, workers, settings.prepare, control)


def _record(finished: BatchCase, program_version: str) -> CaseRecord:
    record = record_of(finished.case, program_version=program_version, created=datetime.now(UTC))
    return replace(record, file=finished.film.name)


def _anonymised(record: CaseRecord, change: Callable[[CaseRecord], CaseRecord] | None, number: int) -> CaseRecord:
    """The record as it is written; films without names are numbered as they come, also over several runs."""
    return record if change is None else replace(change(record), file=f"film-{number + 1:04d}")


def _identity(
    plan: BatchPlan, bundle: Bundle, settings: BatchSettings, reference: GrowthReference
) -> dict[str, str | None]:
    """What must be the same when a run is continued, by the words that name it; what older runs lack is ``None``."""
    cuts = reference.cut_offs
    heights = reference.heights.chosen if reference.heights is not None else FIRST_CHOICE
    return {
        "the model": f"{bundle.name} {bundle.version}, SHA-256 {bundle.sha256}",
        "the model's card": file_sha256(bundle.directory / CARD_FILE),  # as it was written, whatever this program adds
        "the limit in SD": f"{settings.threshold_sd:g}",
        "the table of patients": plan.patients_sha256 or "none",
        "the anonymising": "yes" if settings.anonymise is not None else "no",
        "the version of the program": settings.program_version,
        "the wish to estimate every film": "yes" if settings.insist else None,
        "the demand of the sex": "yes" if settings.demands_sex else None,
        "the reference of bone ages": reference.fingerprint if reference.is_own else None,
        "the cut-offs of the flag": None if cuts == CutOffs() else f"{cuts.normal_below:g} to {cuts.beyond_above:g}",
        "the reference of heights": None if heights == FIRST_CHOICE else heights,
    }
