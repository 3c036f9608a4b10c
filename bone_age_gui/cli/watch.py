"""``bone-age watch``: films of a folder or an archive, as they come, unattended."""

from __future__ import annotations

import argparse
import json
import logging
import logging.handlers
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bone_age_gui import paths
from bone_age_gui.cli import comparison
from bone_age_gui.cli.commands import Commands
from bone_age_gui.cli.converters import whole_within
from bone_age_gui.cli.report import formats_of
from bone_age_gui.cli.signals import stopped_by_signals
from bone_age_gui.core.values.exit_codes import ExitCode
from bone_age_gui.report.formats import FILM_FORMATS
from bone_age_gui.wording.command_line import NOTHING_TO_WATCH
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.watch import status_text

if TYPE_CHECKING:
    from bone_age_gui.pacs.archive import Archive
    from bone_age_gui.pacs.control import Control
    from bone_age_gui.pacs.nodes import Node
    from bone_age_gui.watch.film import FilmLine
    from bone_age_gui.watch.ledger import Ledger
    from bone_age_gui.watch.run import Watch
    from bone_age_gui.watch.sources import FilmSource

COMMAND = "watch"
_LOG, _LOG_BYTES, _LOGS = "watch.log", 2**20, 5


def add_parser(
    commands: Commands, add_model_and_device: Callable[[argparse.ArgumentParser], None], epilog: str
) -> None:
    """Add the command with its options; ``add_model_and_device`` adds those for model and device."""
    parser = commands.add_parser(
        COMMAND,
        help=tr("estimate films of a folder or archive as they come"),
        description=tr(
            "Watches a folder, an archive, or both. Each film is estimated once. Fine films get reports, which "
            "are sent to an archive if one is named; refused and doubtful films are filed for a person and never sent. "
            "Stopped at any point, it goes on where it was."
        ),
        epilog=epilog,
        allow_abbrev=False,
    )
    parser.add_argument("--folder", type=Path, metavar="DIR", help=tr("watch this folder and those below it"))
    parser.add_argument("--node", metavar="NAME", help=tr("watch this archive"))
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=tr("folder for ledger, log and reports"))
    parser.add_argument("--send-to", metavar="NAME", help=tr("send the reports of fine films to this archive"))
    parser.add_argument(
        "--formats", type=formats_of(FILM_FORMATS), default=("sr",), metavar="LIST",
        help=tr(
            "reports to write, separated by commas: {formats} (default: sr; pdf is not sent)",
            formats=", ".join(FILM_FORMATS),
        ),
    )  # fmt: skip
    comparison.add_height_reference(parser)
    comparison.add_options(parser)
    _add_limits(parser)
    parser.add_argument("--once", action="store_true", help=tr("look once, finish what is there, and end"))
    parser.add_argument("--status", action="store_true", help=tr("say how the watch of --out stands, and end"))
    add_model_and_device(parser)
    parser.add_argument("--json", action="store_true", help=tr("the status as one JSON object"))


def _add_limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--every", type=whole_within(1, 1440), default=10, metavar="MINUTES", help=tr("how often to look (default: 10)")
    )
    parser.add_argument(
        "--days",
        type=whole_within(1, 365),
        default=3,
        metavar="N",
        help=tr("films of the last N days of an archive (default: 3)"),
    )
    parser.add_argument(
        "--films-per-hour", type=whole_within(1, 100_000), metavar="N", help=tr("begin no more than N films in an hour")
    )
    parser.add_argument(
        "--least-free-mb", type=whole_within(0, 10**7), default=500, metavar="N",
        help=tr("begin no film while less is free on the disk (default: 500)"),
    )  # fmt: skip
    parser.add_argument(
        "--cache-mb",
        type=whole_within(1, 10**7),
        default=2048,
        metavar="N",
        help=tr("room for fetched films (default: 2048)"),
    )


def check_watch(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """``SystemExit`` where there is nothing to watch."""
    if not options.status and options.folder is None and options.node is None:
        parser.error(tr(NOTHING_TO_WATCH))


def run(options: argparse.Namespace) -> int:
    """Watch until a signal comes.

    Raises
    ------
    BoneAgeError
        Of the folders: ``watch_running watch_ledger disk_full read_only no_folder not_written``, and ``no_watch`` for
        the status of none; of the archives: ``bad_nodes bad_node unknown_node``; of what is estimated with:
        ``growth_missing growth_broken model_not_found bad_card card_schema model_damaged model_unusable bad_signature
        cuda_unavailable``. Films and archives that fail later are noted, and the watch goes on.
    """
    if options.status:
        return _status(options)
    from bone_age_gui.pacs.control import Control
    from bone_age_gui.watch.ledger import Ledger

    if os.name == "posix":
        os.umask(0o077)  # reports name patients
    stop, control = threading.Event(), Control()
    ledger = Ledger(options.out)
    with _logging_to(options.out), _line(options) as line, stopped_by_signals(partial(_end, stop, control)):
        _watch(options, line, ledger, control, stop).run(once=options.once)
    return ExitCode.DONE


def _end(stop: threading.Event, control: Control) -> None:
    stop.set()
    control.cancel()


def _watch(
    options: argparse.Namespace, line: FilmLine, ledger: Ledger, control: Control, stop: threading.Event
) -> Watch:
    from bone_age_gui.pacs.nodes import node_named, read_nodes
    from bone_age_gui.store.outbox import Outbox
    from bone_age_gui.watch.film import OutputPlace
    from bone_age_gui.watch.run import Limits, Watch

    nodes = read_nodes(paths.user_data_dir()) if options.node or options.send_to else ()
    target = node_named(nodes, options.send_to) if options.send_to else None
    place = OutputPlace(options.out, options.formats, Outbox(paths.user_data_dir()), target.name if target else None)
    return Watch(
        _sources(options, ledger, control, node_named(nodes, options.node) if options.node else None),
        line,
        place,
        ledger,
        Limits(options.films_per_hour, options.least_free_mb * 2**20),
        partial(_opened, target, control) if target is not None else None,
        stop,
    )


def _opened(node: Node, control: Control) -> Archive:
    from bone_age_gui.pacs.archive import open_archive
    from bone_age_gui.pacs.secrets import secret_of

    return open_archive(node, secret_of(node.name, paths.user_data_dir()), control)


def _sources(options: argparse.Namespace, ledger: Ledger, control: Control, node: Node | None) -> list[FilmSource]:
    from bone_age_gui.pacs.secrets import secret_of
    from bone_age_gui.store.film_cache import FilmCache
    from bone_age_gui.watch.sources import FolderSource, NodeSource

    sources: list[FilmSource] = []
    if options.folder is not None:
        sources.append(FolderSource(options.folder, ledger, options.out, options.every * 60.0))
    if node is not None:
        data_folder = paths.user_data_dir()
        cache = FilmCache(data_folder, options.cache_mb * 2**20)
        secret = secret_of(node.name, data_folder)
        sources.append(NodeSource(node, secret, ledger, cache, control, options.days, options.every * 60.0))
    return sources


@contextmanager
def _line(options: argparse.Namespace) -> Iterator[FilmLine]:
    from bone_age_gui.core.model.bundle import find_bundle
    from bone_age_gui.core.model.predictor import Predictor
    from bone_age_gui.core.workers.reading import FilmReader
    from bone_age_gui.watch.film import FilmLine

    reference = comparison.reference_of(options)
    predictor = Predictor(find_bundle(options.model, paths.model_search_path()), options.device)
    with FilmReader() as reader:
        yield FilmLine(predictor, reference, reader.read, options.threshold_sd, options.demand_sex)


@contextmanager
def _logging_to(out: Path) -> Iterator[None]:
    """A log in the folder, and on stderr for whoever collects it."""
    log = logging.getLogger("bone_age_gui.watch")
    own = logging.handlers.RotatingFileHandler(out / _LOG, maxBytes=_LOG_BYTES, backupCount=_LOGS, encoding="utf-8")
    handlers: list[logging.Handler] = [own, logging.StreamHandler(sys.stderr)]
    for handler in handlers:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield
    finally:
        for handler in handlers:
            log.removeHandler(handler)
        own.close()


def _status(options: argparse.Namespace) -> int:
    from bone_age_gui.store.outbox import Outbox
    from bone_age_gui.watch.status import status

    state = status(options.out, Outbox(paths.user_data_dir()))
    print(json.dumps(state) if options.json else status_text(state))
    return ExitCode.DONE
