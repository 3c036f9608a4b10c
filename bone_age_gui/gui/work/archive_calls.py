"""What the window asks of an archive, in the pool: pure calls, without any object of Qt."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bone_age_gui import __version__, paths
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.record import record_of
from bone_age_gui.core.values.reported import FiledReport
from bone_age_gui.core.values.types import Case
from bone_age_gui.pacs.archive import Archive, open_archive
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.nodes import Node
from bone_age_gui.pacs.query import MatchPage, Query, SeriesMatch
from bone_age_gui.wording.language import one_language

PAGE = 20
"""Studies that are looked into at a time, so that the table fills as answers come."""


@dataclass(frozen=True)
class FetchedSeries:
    """Files of the films of a series, and of earlier reports of its patient; why not all films are here, if so."""

    films: tuple[Path, ...]
    reports: tuple[Path, ...]
    problem: BoneAgeError | None


@dataclass(frozen=True)
class SentReports:
    """How many reports are in the archive now, how many had been before, and why not the others."""

    sent: int
    known: int
    refusals: tuple[BoneAgeError, ...]


@dataclass(frozen=True)
class NodesChange:
    """Archives ``before`` and ``after``, from old to new names where these differ, and typed passwords by name."""

    before: tuple[Node, ...]
    after: tuple[Node, ...]
    renamed: Mapping[str, str]
    passwords: Mapping[str, str]


def keep_nodes(change: NodesChange) -> None:
    """Write the archives down; passwords and waiting reports go along with new names, those of removed ones go.

    Raises ``BoneAgeError``: ``bad_node archive_password_not_kept outbox_broken disk_full read_only no_folder
    not_written``.
    """
    from bone_age_gui.pacs.nodes import write_nodes
    from bone_age_gui.pacs.secrets import keep_secret, rename_secrets
    from bone_age_gui.store.outbox import Outbox

    folder = paths.user_data_dir()
    write_nodes(folder, change.after)
    rename_secrets(change.renamed, folder)
    Outbox(folder).rename(change.renamed)
    names = {node.name for node in change.after}
    for name in {node.name for node in change.before} - names - set(change.renamed):
        keep_secret(name, None, folder)
    for name, password in change.passwords.items():
        keep_secret(name, password, folder)


def try_node(node: Node, typed: str | None, kept_as: str, control: Control) -> None:
    """Ask an archive whether it is there; ``typed`` is a password that is not kept yet.

    Raises ``BoneAgeError`` with the codes that `Archive` lists.
    """
    from bone_age_gui.pacs.secrets import secret_of

    secret = typed if typed is not None else secret_of(kept_as, paths.user_data_dir())
    with open_archive(node, secret, control) as archive:
        archive.echo()


def find_series(node: Node, query: Query, offset: int, control: Control) -> MatchPage:
    """The matches of the next ``PAGE`` studies."""
    from bone_age_gui.pacs.fetch import find_page

    with _opened(node, control) as archive:
        return find_page(archive, query, node.charset, offset, PAGE)


def fetch_one_series(node: Node, series: SeriesMatch, control: Control) -> FetchedSeries:
    """Have its films here, and the patient's earlier reports where the archive has any."""
    from bone_age_gui.pacs.fetch import fetch_earlier, fetch_series
    from bone_age_gui.store.film_cache import FilmCache

    cache = FilmCache(paths.user_data_dir())
    with _opened(node, control) as archive:
        fetched = fetch_series(archive, series, cache, control)
        reports = fetch_earlier(archive, series.study.patient_id, cache, control, node.charset)
    return FetchedSeries(fetched.paths, reports, fetched.problem())


def send_reports(
    node: Node,
    cases: Sequence[Case],
    formats: Sequence[str],
    reference: GrowthReference | None,
    complete: Callable[[Case], Case],
    control: Control,
) -> SentReports:
    """Write the reports, put them into the outbox, and send what waits for this archive.

    A changed structured report names the one before it: among those that the archive holds, and those of the outbox.
    Reports stay in the outbox where the archive is not reached: one of the codes that `Archive` lists is raised all
    the same. ``outbox_broken disk_full read_only no_folder not_written`` where a report cannot be written.
    """
    from bone_age_gui.report.case_files import CaseReports
    from bone_age_gui.store.outbox import Outbox, State
    from bone_age_gui.watch.outgoing import add_report, reports_before

    outbox = Outbox(paths.user_data_dir())
    known_reports, problem = _held_reports(node, cases, control)
    before = [each for case in cases for each in reports_before(outbox, node.name, case)]
    sent_before = 0
    with one_language(), tempfile.TemporaryDirectory(prefix="bone-age-") as name:
        reports = CaseReports(Path(name), formats, reference, known=(*before, *known_reports))
        for case in cases:
            record = record_of(case, program_version=__version__, created=datetime.now(UTC))
            for path in reports.add(complete(case), record):
                sent_before += add_report(outbox, node.name, path.read_bytes()) is State.SENT
    if problem is not None:
        raise problem
    delivery = send_what_waits(node, control)
    return SentReports(delivery.sent, sent_before, delivery.refusals)


def _held_reports(
    node: Node, cases: Sequence[Case], control: Control
) -> tuple[tuple[FiledReport, ...], BoneAgeError | None]:
    """Our structured reports of these patients in the archive; why it was not to be asked, if so."""
    from bone_age_gui.core.reader.filed import read_filed
    from bone_age_gui.pacs.fetch import fetch_earlier
    from bone_age_gui.store.film_cache import FilmCache

    cache, fetched = FilmCache(paths.user_data_dir()), list[Path]()
    patients = dict.fromkeys(case.radiograph.patient.patient_id or "" for case in cases if case.radiograph is not None)
    try:
        with _opened(node, control) as archive:
            for patient in patients:
                fetched += fetch_earlier(archive, patient, cache, control, node.charset)
    except BoneAgeError as error:
        return read_filed(fetched), error
    return read_filed(fetched), None


def send_what_waits(node: Node, control: Control) -> SentReports:
    """Try everything again that waits for this archive."""
    from bone_age_gui.store.outbox import Outbox
    from bone_age_gui.watch.outgoing import send_waiting

    with _opened(node, control) as archive:
        delivery = send_waiting(Outbox(paths.user_data_dir()), node.name, archive, at_once=True)
    return SentReports(delivery.sent, 0, delivery.refusals)


def waiting_reports() -> dict[str, int]:
    """How many reports wait, by the name of their archive; only those that wait for some."""
    from bone_age_gui.store.outbox import Outbox, State

    counts = Outbox(paths.user_data_dir()).counts()
    return {node: count[State.WAITING] for node, count in counts.items() if count.get(State.WAITING)}


def _opened(node: Node, control: Control) -> Archive:
    return open_archive(node, _secret(node), control)


def _secret(node: Node) -> str | None:
    from bone_age_gui.pacs.secrets import secret_of

    return secret_of(node.name, paths.user_data_dir())
