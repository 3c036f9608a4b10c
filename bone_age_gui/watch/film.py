"""One film of a watch: estimated, written where it belongs, and its report put into the outbox.

Names of files follow from the film's key: done twice, the same files are written again, and nothing is doubled.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bone_age_gui import __version__
from bone_age_gui.core import pipeline
from bone_age_gui.core.growth import DEFAULT_THRESHOLD_SD, GrowthReference
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.reader.filed import read_filed
from bone_age_gui.core.values.errors import BoneAgeError, bug_error
from bone_age_gui.core.values.record import CaseRecord, record_of
from bone_age_gui.core.values.reported import FiledReport
from bone_age_gui.core.values.types import Case, Radiograph
from bone_age_gui.core.values.whole_files import copy_whole, make_folder, write_content
from bone_age_gui.report.case_json import case_json
from bone_age_gui.report.dicom.predecessors import Predecessors
from bone_age_gui.report.film import FILM_ENDINGS, write_film_report
from bone_age_gui.store.outbox import Outbox
from bone_age_gui.watch.earlier import with_earlier_results
from bone_age_gui.watch.ledger import FilmOutcome
from bone_age_gui.watch.outgoing import add_report, reports_before
from bone_age_gui.watch.sources import Candidate

RESULTS, REPORTS, FOR_A_PERSON = "results", "reports", "for-a-person"
_STEM = 16


@dataclass(frozen=True)
class FilmLine:
    """What a film walks along; ``read`` is that of a worker process with limits.

    ``threshold_sd`` is the limit of the flag in SD; ``demands_sex`` gives no estimate where the sex is not known.
    """

    predictor: Predictor
    reference: GrowthReference
    read: Callable[[Path], Radiograph]
    threshold_sd: float = DEFAULT_THRESHOLD_SD
    demands_sex: bool = False


@dataclass(frozen=True)
class OutputPlace:
    """Where things go: the output folder, the kinds of reports, and the archive (its name) that gets them, if any."""

    out: Path
    formats: tuple[str, ...]
    outbox: Outbox
    send_to: str | None = None


def complete_film(candidate: Candidate, line: FilmLine, place: OutputPlace) -> tuple[FilmOutcome, str]:
    """Estimate, write, and let the report wait for its archive; the outcome, and its code where it is no estimate.

    Raises ``BoneAgeError`` where something cannot be written: ``outbox_broken disk_full read_only no_folder
    not_written``. Such a film is tried again.
    """
    case = _case(candidate, line)
    record = record_of(case, program_version=__version__, created=datetime.now(UTC))
    record = with_earlier_results(replace(record, file=candidate.name), candidate.reports)
    stem = candidate.key[:_STEM]
    if record.is_refused or record.is_doubtful:
        code = record.error_code or record.doubts[0].code
        _file_for_a_person(candidate, case, record, line, place)
        return (FilmOutcome.REFUSED if record.is_refused else FilmOutcome.DOUBTFUL), code
    _write_json(record, make_folder(place.out / RESULTS) / f"{stem}.json")
    reports = _write_reports(
        case, record, line, make_folder(place.out / REPORTS) / stem, place.formats, _before(case, candidate, place)
    )  # fmt: skip
    if place.send_to is not None and record.reference is not None:
        for path in reports:
            if path.suffix == ".dcm":
                add_report(place.outbox, place.send_to, path.read_bytes())
    return FilmOutcome.ESTIMATED, ""


def file_unread(candidate: Candidate, error: BoneAgeError, place: OutputPlace) -> None:
    """Put a film aside for a person, as the program has ended several times while it worked on it."""
    record = record_of(Case(path=candidate.path, error=error), program_version=__version__, created=datetime.now(UTC))
    _keep(candidate, replace(record, file=candidate.name), make_folder(place.out / FOR_A_PERSON))


def _before(case: Case, candidate: Candidate, place: OutputPlace) -> tuple[FiledReport, ...]:
    """Our structured reports of this film: those that came along, and those that went to the archive before."""
    sent = reports_before(place.outbox, place.send_to, case) if place.send_to is not None else ()
    return (*sent, *read_filed(candidate.reports))


def _case(candidate: Candidate, line: FilmLine) -> Case:
    try:
        return pipeline.process(
            candidate.path, line.predictor, line.reference, read=line.read,
            threshold_sd=line.threshold_sd, demands_sex=line.demands_sex,
        )  # fmt: skip
    except Exception as error:  # a bug in one film's way must not stop the watch
        return Case(path=candidate.path, error=bug_error(error))


def _file_for_a_person(
    candidate: Candidate, case: Case, record: CaseRecord, line: FilmLine, place: OutputPlace
) -> None:
    """The film with the reason, and what would have been its reports: nothing of it is sent."""
    folder = make_folder(place.out / FOR_A_PERSON)
    if not record.is_refused:
        _write_reports(case, record, line, folder / candidate.key[:_STEM], place.formats)
    _keep(candidate, record, folder)


def _keep(candidate: Candidate, record: CaseRecord, folder: Path) -> None:
    stem = candidate.key[:_STEM]
    copy = folder / f"{stem}{candidate.path.suffix or '.dcm'}"
    if candidate.path.exists():
        copy_whole(candidate.path, copy)
    else:
        write_content(copy, b"", "data")
    _write_json(record, folder / f"{stem}.json")


def _write_reports(
    case: Case,
    record: CaseRecord,
    line: FilmLine,
    stem: Path,
    formats: tuple[str, ...],
    before: tuple[FiledReport, ...] = (),
) -> list[Path]:
    """Written over where they are there already: a film that is done twice has the same files."""
    return [
        write_film_report(
            name,
            case,
            record,
            line.reference,
            stem.with_name(f"{stem.name}{FILM_ENDINGS[name]}"),
            predecessors=lambda: Predecessors(before),
        )
        for name in formats
    ]


def _write_json(record: CaseRecord, path: Path) -> None:
    text = json.dumps(case_json(record), indent=1, allow_nan=False) + "\n"
    write_content(path, text)
