"""``bone-age pacs``: archives by hand. ``find`` prints who was radiographed, which no other command does."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bone_age_gui.cli import pacs_nodes
from bone_age_gui.cli.commands import Commands
from bone_age_gui.cli.converters import checked, whole_within
from bone_age_gui.cli.output import note_on_stderr
from bone_age_gui.cli.signals import stopped_by_signals
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.exit_codes import ExitCode
from bone_age_gui.core.values.strict_json import to_plain
from bone_age_gui.core.values.typed_values import parse_list
from bone_age_gui.core.values.whole_files import copy_whole
from bone_age_gui.wording.archive import (
    UNKNOWN_TEXT,
    answers_words,
    fetched_words,
    object_words,
    page_words,
    sent_words,
)
from bone_age_gui.wording.command_line import more_studies
from bone_age_gui.wording.days import day_words
from bone_age_gui.wording.errors import error_line, error_words
from bone_age_gui.wording.language import in_english, tr
from bone_age_gui.wording.typed_days import parse_typed_day
from bone_age_gui.wording.values import name_words, printable

if TYPE_CHECKING:
    from bone_age_gui.pacs.archive import Archive
    from bone_age_gui.pacs.control import Control
    from bone_age_gui.pacs.fetch import Fetched
    from bone_age_gui.pacs.nodes import Node
    from bone_age_gui.pacs.query import Query, SeriesMatch
    from bone_age_gui.store.outbox import Outbox

COMMAND = "pacs"
_CANCELLED = "archive_cancelled"
_STUDIES, _MOST_STUDIES = 100, 10**6


def add_parser(commands: Commands, epilog: str) -> None:
    """Add the command with its verbs."""
    parser = commands.add_parser(
        COMMAND,
        help=tr("find and fetch films of an archive, send reports"),
        description=tr("Archives are set up in the window (Settings) or in nodes.json of the user's data folder."),
        epilog=epilog,
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    _verb(verbs, "echo", tr("try whether an archive answers"))
    find = _verb(verbs, "find", tr("list series that match, with names and numbers of patients"))
    _add_query(find)
    get = _verb(verbs, "get", tr("fetch the films that match, and earlier reports of the same patients"))
    _add_query(get)
    get.add_argument("--out", type=Path, metavar="DIR", help=tr("copy them here (default: the program's own cache)"))
    send = _verb(verbs, "send", tr("send reports of this program; without files, what waits in the outbox"))
    send.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help=tr("a DICOM report: SR, PDF, secondary capture")
    )
    pacs_nodes.add_verbs(partial(_verb, verbs))


def _verb(verbs: Commands, name: str, about: str, with_node: bool = True) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=about, description=about, allow_abbrev=False)
    if with_node:
        parser.add_argument("--node", required=True, metavar="NAME", help=tr("the archive"))
    parser.add_argument("--json", action="store_true", help=tr("one JSON object per line instead of text"))
    return parser


def _add_query(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--name", default="", help=tr("beginning of the patient's name: Doe, or Doe^Jane; * and ? are wild")
    )
    parser.add_argument("--patient-id", default="", metavar="ID")
    parser.add_argument("--birth-date", type=checked(parse_typed_day), metavar="YYYY-MM-DD")
    parser.add_argument("--study-from", type=checked(parse_typed_day), metavar="YYYY-MM-DD")
    parser.add_argument("--study-to", type=checked(parse_typed_day), metavar="YYYY-MM-DD")
    parser.add_argument("--accession", default="", metavar="NUMBER")
    parser.add_argument("--study", default="", metavar="UID", help=tr("one study"))
    parser.add_argument("--modality", type=parse_list, default=None, metavar="LIST",
                        help=tr("default: {modalities}", modalities="CR,DX"))  # fmt: skip
    parser.add_argument(
        "--words", type=parse_list, default=None, metavar="LIST",
        help=tr("body part or description hold one of them (default: those of the archive; '' for every film)"),
    )  # fmt: skip
    parser.add_argument(
        "--offset", type=whole_within(0, _MOST_STUDIES), default=0, metavar="N", help=tr("leave out the first studies")
    )
    parser.add_argument(
        "--limit",
        type=whole_within(0, _MOST_STUDIES),
        default=_STUDIES,
        metavar="N",
        help=tr("studies to look into (default: {studies})", studies=_STUDIES),
    )


def run(options: argparse.Namespace) -> int:
    """Carry out one verb.

    Raises
    ------
    BoneAgeError
        Of the archives that are set up: ``bad_nodes bad_node unknown_node archive_password_not_kept``; of files:
        ``disk_full read_only no_folder not_written outbox_broken``; of an archive: those that
        ``pacs.archive.Archive`` lists.
    """
    verbs: dict[str, Callable[[argparse.Namespace], int]] = {
        "echo": _echo, "find": _find, "get": _get, "send": _send, **pacs_nodes.VERBS,
    }  # fmt: skip
    try:
        return verbs[options.verb](options)
    except BoneAgeError as error:
        if options.json:
            with in_english():
                print(json.dumps({"error": {**asdict(error_words(error)), "code": error.code}}))
        if error.code == _CANCELLED:
            raise KeyboardInterrupt from error
        raise


def _echo(options: argparse.Namespace) -> int:
    with _opened(options) as (node, archive, _):
        archive.echo()
    print(json.dumps({"node": node.name, "answers": True}) if options.json else answers_words(node.name))
    return ExitCode.DONE


def _find(options: argparse.Namespace) -> int:
    from bone_age_gui.pacs.fetch import find_page

    with _opened(options) as (node, archive, _):
        page = find_page(archive, _query(options, node), node.charset, options.offset, options.limit)
    for series in page.series:
        print(json.dumps(to_plain(series)) if options.json else _series_line(series), flush=True)
    if page.has_more:
        note_on_stderr(more_studies(page.offset + page.studies))
    if not options.json:
        print(page_words(len(page.series), page.studies))
    return ExitCode.DONE


def _get(options: argparse.Namespace) -> int:
    from bone_age_gui import paths
    from bone_age_gui.core.values.whole_files import make_folder
    from bone_age_gui.pacs.fetch import fetch_earlier, fetch_series, find_page
    from bone_age_gui.store.film_cache import FilmCache

    if options.out is not None:
        make_folder(options.out)
    cache = FilmCache(paths.user_data_dir())
    brought: list[Fetched] = []
    with _opened(options) as (node, archive, control):
        page = find_page(archive, _query(options, node), node.charset, options.offset, options.limit)
        for series in page.series:
            fetched = fetch_series(archive, series, cache, control)
            brought.append(fetched)
            for path in fetched.paths:
                _tell_file(options, "film", path)
        patients = dict.fromkeys(series.study.patient_id for series in page.series)
        reports = [path for each in patients for path in fetch_earlier(archive, each, cache, control, node.charset)]
    for path in reports:
        _tell_file(options, "report", path)
    if page.has_more:
        note_on_stderr(more_studies(page.offset + page.studies))
    problems = [problem for fetched in brought if (problem := fetched.problem()) is not None]
    for problem in {problem.code: problem for problem in problems}.values():
        note_on_stderr(error_line(problem))
    if not options.json:
        films, missing = sum(len(each.paths) for each in brought), sum(each.missing for each in brought)
        print(fetched_words(films, sum(each.earlier for each in brought), missing, len(reports)))
    return ExitCode.SOME_REFUSED if problems else ExitCode.DONE


def _tell_file(options: argparse.Namespace, kind: str, path: Path) -> None:
    """Say where a file lies, after it was copied to where it is wanted; its name is a hash."""
    if options.out is not None:
        path = copy_whole(path, options.out / path.name)
    print(json.dumps({"kind": kind, "path": str(path)}) if options.json else printable(str(path)), flush=True)


def _send(options: argparse.Namespace) -> int:
    from bone_age_gui import paths
    from bone_age_gui.store.outbox import Outbox, State
    from bone_age_gui.watch.outgoing import add_report, read_report, send_waiting

    outbox = Outbox(paths.user_data_dir())
    with _opened(options) as (node, archive, _):
        contents = [read_report(path) for path in options.files]
        sent_before = [add_report(outbox, node.name, content) for content in contents].count(State.SENT)
        try:
            delivery = send_waiting(outbox, node.name, archive, at_once=True)
        except BoneAgeError:  # said by whoever catches it; that nothing is lost, only here
            note_on_stderr(sent_words(0, sent_before, _waiting(outbox, node)))
            raise
    waiting = _waiting(outbox, node)
    for refusal in {refusal.code: refusal for refusal in delivery.refusals}.values():
        note_on_stderr(error_line(refusal))
    if options.json:
        codes = [refusal.code for refusal in delivery.refusals]
        print(json.dumps({"sent": delivery.sent, "sent_before": sent_before, "waiting": waiting, "refusals": codes}))
    else:
        print(sent_words(delivery.sent, sent_before, waiting))
    return ExitCode.NOT_WRITTEN if delivery.refusals else ExitCode.DONE


def _waiting(outbox: Outbox, node: Node) -> int:
    """How many reports wait for this archive."""
    return outbox.counts().get(node.name, {}).get("waiting", 0)


def _node(options: argparse.Namespace) -> Node:
    from bone_age_gui import paths
    from bone_age_gui.pacs.nodes import node_named, read_nodes

    return node_named(read_nodes(paths.user_data_dir()), options.node)


@contextmanager
def _opened(options: argparse.Namespace) -> Iterator[tuple[Node, Archive, Control]]:
    """The archive that is named, for the time of the block."""
    from bone_age_gui import paths
    from bone_age_gui.pacs.archive import open_archive
    from bone_age_gui.pacs.control import Control
    from bone_age_gui.pacs.secrets import secret_of

    node, control = _node(options), Control()
    secret = secret_of(node.name, paths.user_data_dir())
    with stopped_by_signals(control.cancel), open_archive(node, secret, control) as archive:
        yield node, archive, control


def _query(options: argparse.Namespace, node: Node) -> Query:
    from bone_age_gui.pacs.query import MODALITIES, Query

    return Query(
        name=options.name,
        patient_id=options.patient_id,
        birth_date=options.birth_date,
        study_from=options.study_from,
        study_to=options.study_to,
        accession_number=options.accession,
        study_uid=options.study,
        modalities=MODALITIES if options.modality is None else options.modality,
        words=node.words if options.words is None else options.words,
    )


def _series_line(series: SeriesMatch) -> str:
    study = series.study
    about = " ".join(text for text in (series.modality, series.body_part, series.description) if text)
    films = "" if series.instances is None else object_words(series.instances)
    days = (day_words(day) if day else "" for day in (study.birth_date, study.study_date))
    fields = (name_words(study.patient_name), study.patient_id, *days, about, films, study.study_uid)
    return printable("  ".join(field or UNKNOWN_TEXT for field in fields))
