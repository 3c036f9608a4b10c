"""A whole folder of films: found, estimated in parallel, and written to a journal as they finish.

One bad film never stops a run: its row says why it was refused. A run that was stopped, however, is continued from
its journal, and no film is computed or written twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bone_age_gui.core.batch.films import BatchFilm, find_films
from bone_age_gui.core.batch.journal import Journal, has_journal, seal_journal
from bone_age_gui.core.batch.local import BatchControl, Finished, Job, run_local
from bone_age_gui.core.batch.patients import GivenPatient, match_patients, read_patients
from bone_age_gui.core.workers.pool import Serve, Task
from bone_age_gui.core.batch.worker import serve as serve_films
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.model.bundle import Bundle
from bone_age_gui.core.model.predictor import Predictor, physical_cores
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.record import CaseRecord, record_of

__all__ = ["BatchControl", "BatchPlan", "BatchRow", "BatchSettings", "BatchSummary", "has_journal",
           "plan_batch", "run_batch", "seal_journal"]  # fmt: skip

MAX_WORKERS = 64
Disguise = Callable[[bytes], Callable[[CaseRecord], CaseRecord]]


@dataclass(frozen=True)
class BatchPlan:
    """What is to be run. ``notices`` are sentences about folder and table, without names."""

    out: Path
    films: tuple[BatchFilm, ...]
    given: Mapping[str, GivenPatient] = field(default_factory=dict)
    patients_sha256: str | None = None
    notices: tuple[str, ...] = ()

    @property
    def sources(self) -> dict[str, Path]:
        """The file of each film by its name."""
        return {film.name: film.path for film in self.films}


@dataclass(frozen=True)
class BatchSettings:
    """How it is to be run.

    Attributes
    ----------
    workers : int or None
        Processes that read films; one per physical core if ``None``.
    disguise : callable or None
        Makes from a secret the function that takes the patient out of a record; such a run writes nothing else.
        Once its reports are written, ``seal_journal`` throws the secret away.
    scheduler : str or None
        Address of a Dask scheduler, ``tcp://host:port``, to run there instead of in processes of this machine.
    serve : callable
        Body of a worker process (see ``batch_work.serve``).
    """

    program_version: str
    threshold_sd: float = 2.0
    workers: int | None = None
    resume: bool = False
    disguise: Disguise | None = None
    scheduler: str | None = None
    device: str = "auto"
    serve: Serve = serve_films


@dataclass(frozen=True)
class BatchRow:
    """A finished film: ``number`` counts the films of the plan from 0, ``is_earlier`` if an earlier run did it."""

    number: int
    path: Path
    name: str
    record: CaseRecord
    thumbnail: np.ndarray | None = None
    is_earlier: bool = False


@dataclass(frozen=True)
class BatchSummary:
    """The outcome. ``records`` are in the order of the films and, where that was asked for, anonymised."""

    films: int
    earlier: int
    was_cancelled: bool
    seconds: float
    records: tuple[CaseRecord, ...]

    @property
    def refused(self) -> int:
        """Films without an estimate."""
        return sum(record.is_refused for record in self.records)

    @property
    def is_complete(self) -> bool:
        """True if every film has its record."""
        return len(self.records) == self.films


def plan_batch(folder: Path, out: Path, *, recursive: bool = False, patients: Path | None = None) -> BatchPlan:
    """Find the films and read the table of patients; nothing is written.

    Raises
    ------
    BoneAgeError
        ``no_folder``, ``no_films``, ``same_folder``, or ``bad_patients`` with all mistakes.
    """
    table = read_patients(patients) if patients is not None else None
    found = find_films(folder, recursive=recursive, leave_out=out)
    if out.exists() and out.samefile(folder):
        raise BoneAgeError(
            "The reports need a folder of their own",
            "Input and output are the same folder. Choose another output folder; it may lie inside.",
            "same_folder",
        )
    if not found.films:
        hint = "" if recursive else " Films in folders below are found with --recursive."
        raise BoneAgeError("No films found", f"The folder holds no DICOM file and no picture.{hint}", "no_films")
    notices = []
    if found.closed_folders:
        notices.append(f"{found.closed_folders} folders below could not be opened; their films are missing.")
    given: dict[str, GivenPatient] = {}
    if table is not None:
        given, unused = match_patients(table, found.films)
        if unused:
            lines = ", ".join(str(line) for line in unused[:20]) + (" ..." if len(unused) > 20 else "")
            notices.append(f"{len(unused)} lines of the table of patients name no film of the folder (lines {lines}).")
    return BatchPlan(out, found.films, given, table.sha256 if table is not None else None, tuple(notices))


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
        As ``Journal``, ``run_local`` and ``run_on_cluster`` do. What was finished is in the journal.
    """
    control = control or BatchControl()
    bundle = model if isinstance(model, Bundle) else model.bundle
    started = time.monotonic()
    with Journal(plan.out, _identity(plan, bundle, settings), settings.resume) as journal:
        keys = [film.key(journal.salt) for film in plan.films]
        done = {number: journal.records[key] for number, key in enumerate(keys) if key in journal.records}
        for number, record in done.items():
            on_row(BatchRow(number, plan.films[number].path, plan.films[number].name, record, is_earlier=True))
        earlier = len(done)
        change = settings.disguise(bytes.fromhex(journal.salt)) if settings.disguise is not None else None
        jobs = [
            Job(Task(number, film.path), plan.given.get(film.name))
            for number, film in enumerate(plan.films)
            if number not in done
        ]
        with contextlib.closing(_run(jobs, model, reference, settings, control)) as answers:
            for finished in answers:
                film = plan.films[finished.number]
                record = _record(finished, film.name, settings.program_version)
                done[finished.number] = _disguised(record, change, len(journal.records))
                journal.add(keys[finished.number], done[finished.number])
                on_row(BatchRow(finished.number, film.path, film.name, record, finished.thumbnail))
    records = tuple(done[number] for number in sorted(done))
    return BatchSummary(len(plan.films), earlier, control.cancelled.is_set(), time.monotonic() - started, records)


def _run(
    jobs: Sequence[Job],
    model: Predictor | Bundle,
    reference: GrowthReference,
    settings: BatchSettings,
    control: BatchControl,
) -> Generator[Finished, None, None]:
    if not jobs:
        return
    if settings.scheduler is not None:
        from bone_age_gui.core.batch.cluster import run_on_cluster

        bundle = model if isinstance(model, Bundle) else model.bundle
        yield from run_on_cluster(
            settings.scheduler, jobs, bundle, settings.device, reference, settings.threshold_sd, control
        )
        return
    if isinstance(model, Bundle):
        raise TypeError("a run on this machine needs a predictor")
    workers = min(settings.workers or physical_cores(), MAX_WORKERS, len(jobs))
    yield from run_local(jobs, model, reference, settings.threshold_sd, workers, settings.serve, control)


def _record(finished: Finished, name: str, program_version: str) -> CaseRecord:
    now = datetime.now(UTC)
    return replace(record_of(finished.case, program_version=program_version, created=now), file=name)


def _disguised(record: CaseRecord, change: Callable[[CaseRecord], CaseRecord] | None, number: int) -> CaseRecord:
    """The record as it is written; disguised films are numbered as they come, also over several runs."""
    return record if change is None else replace(change(record), file=f"film-{number + 1:04d}")


def _identity(plan: BatchPlan, bundle: Bundle, settings: BatchSettings) -> dict[str, str]:
    """What must be the same when a run is continued, by the words that name it."""
    return {
        "the model": f"{bundle.name} {bundle.version}, SHA-256 {bundle.sha256}",
        "the model's card": hashlib.sha256(bundle.card.to_json().encode()).hexdigest(),
        "the limit in SD": f"{settings.threshold_sd:g}",
        "the table of patients": plan.patients_sha256 or "none",
        "the anonymising": "yes" if settings.disguise is not None else "no",
        "the version of the program": settings.program_version,
    }
