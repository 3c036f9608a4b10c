"""Where films come from by themselves: a folder, or an archive that is asked every now and then."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

from bone_age_gui.core.batch.films import find_films
from bone_age_gui.core.reader.header import read_header
from bone_age_gui.core.values.digest import file_sha256
from bone_age_gui.pacs.archive import Archive, open_archive
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.fetch import fetch_earlier, fetch_instances, find_page, instances_of
from bone_age_gui.pacs.nodes import Node
from bone_age_gui.pacs.query import Instance, Query, SeriesMatch
from bone_age_gui.store.film_cache import FilmCache
from bone_age_gui.watch.ledger import Ledger

SETTLE_SECONDS = 2.0
"""A file counts when it has not changed for so long."""
_TICK_MS = 1000
_PAGE = 100
_TEXTS = {"body_part": "BodyPartExamined", "description": "SeriesDescription", "protocol_name": "ProtocolName"}


@dataclass(frozen=True)
class Candidate:
    """A film that has no outcome yet. ``key`` is the ledger's; ``name`` is for the record, ``is_wanted`` is False where
    the film says itself that it shows no hand; ``file`` is to be noted in the ledger once the film is done; ``reports``
    are structured reports that came along, perhaps of the same child."""

    key: str
    path: Path
    name: str
    is_wanted: bool = True
    file: str | None = None
    reports: tuple[Path, ...] = ()


class FilmSource(Protocol):
    """Gives films, and says how long until it is worth looking again."""

    def films(self) -> Iterator[Candidate]:
        """Films that have no outcome yet.

        Raises ``BoneAgeError`` where the source cannot be reached: ``folder_unreadable`` for a folder, the codes that
        `Archive` lists for an archive.
        """

    def seconds(self) -> float:
        """Until the next look."""

    def has_news(self) -> bool:
        """Whether something changed since the last look; waits for up to a second."""

    def is_settling(self) -> bool:
        """Whether there are films that still grow."""


@dataclass
class FolderSource:
    """Every film below a folder, once it does not grow any more. A film is known by its bytes, whatever its name."""

    folder: Path
    ledger: Ledger
    leave_out: Path
    again_seconds: float
    _waiting: dict[str, tuple[int, int, float]] = field(default_factory=dict)
    _settles: bool = False
    _changes: Generator[set, None, None] | None = None  # type: ignore[type-arg]

    def films(self) -> Iterator[Candidate]:
        """In the order of their names. A file without content waits for it, however long that takes."""
        still, settles = {}, False
        inside = find_films(self.folder, recursive=True, leave_out=self.leave_out)
        for film in inside.films:
            try:
                status = film.path.stat()
                file = self.ledger.key(film.name, f"{status.st_size} {status.st_mtime_ns}")
                if self.ledger.knows_file(file):
                    continue
                since = self._unchanged_since(film.name, status)
                is_young = time.monotonic() - since < SETTLE_SECONDS
                if is_young or status.st_size == 0:
                    settles = settles or is_young
                    still[film.name] = (status.st_size, status.st_mtime_ns, since)
                    continue
                key = self.ledger.key("content", bytes.fromhex(file_sha256(film.path)))
            except OSError:
                continue  # gone, or not to be read yet: seen again at the next look
            if self.ledger.is_done(key):
                self.ledger.note_file(file)
                continue
            yield Candidate(key, film.path, film.name, file=file, reports=inside.reports)
        self._waiting, self._settles = still, settles

    def _unchanged_since(self, name: str, status: os.stat_result) -> float:
        size, changed, since = self._waiting.get(name, (-1, -1, 0.0))
        return since if (size, changed) == (status.st_size, status.st_mtime_ns) else time.monotonic()

    def seconds(self) -> float:
        """Soon while a file grows; else by the clock, as some network folders tell of no changes."""
        return SETTLE_SECONDS if self._settles else self.again_seconds

    def is_settling(self) -> bool:
        """Files that have changed a moment ago."""
        return self._settles

    def has_news(self) -> bool:
        """A change that the system tells of."""
        if self._changes is None:
            from watchfiles import watch

            self._changes = watch(
                self.folder, rust_timeout=_TICK_MS, yield_on_timeout=True, raise_interrupt=False, debounce=200
            )
        try:
            return bool(next(self._changes, None))
        except (OSError, RuntimeError):  # no more watches in the system, or the folder is gone
            self._changes = None
            time.sleep(_TICK_MS / 1000)
            return False


@dataclass
class NodeSource:
    """Hand films of the last days in an archive."""

    node: Node
    secret: str | None
    ledger: Ledger
    cache: FilmCache
    control: Control
    days: int
    again_seconds: float

    def films(self) -> Iterator[Candidate]:
        """Series by series; each film is fetched when it is its turn."""
        with open_archive(self.node, self.secret, self.control) as archive:
            for series in list(self._series(archive)):
                instances, _ = instances_of(archive, series)
                keys = {each: self.ledger.key("uid", each.uid) for each in instances}
                new = {each: key for each, key in keys.items() if not self.ledger.is_done(key)}
                reports = self._reports(archive, series) if new else ()
                for instance, key in new.items():
                    yield from self._fetched(archive, series, instance, key, reports)
        self.ledger.note("last_query")

    def _series(self, archive: Archive) -> Iterator[SeriesMatch]:
        query = Query(study_from=date.today() - timedelta(days=self.days), words=self.node.words)
        offset, has_more = 0, True
        while has_more:
            page = find_page(archive, query, self.node.charset, offset, _PAGE)
            yield from page.series
            offset, has_more = offset + page.studies, page.has_more and page.studies > 0

    def _reports(self, archive: Archive, series: SeriesMatch) -> tuple[Path, ...]:
        return fetch_earlier(archive, series.study.patient_id, self.cache, self.control, self.node.charset)

    def _fetched(
        self, archive: Archive, series: SeriesMatch, instance: Instance, key: str, reports: tuple[Path, ...]
    ) -> Iterator[Candidate]:
        fetched = fetch_instances(archive, [instance], self.cache, self.control)
        for path in fetched.paths:
            yield Candidate(key, path, f"{key[:16]}.dcm", self._is_wanted(series, path), reports=reports)
        if problem := fetched.problem():
            self.ledger.note("last_error", problem.code)

    def _is_wanted(self, series: SeriesMatch, path: Path) -> bool:
        """What the archive did not list of the film, the film itself may say."""
        try:
            header = read_header(path, list(_TEXTS.values()))
            own = {name: str(header.get(keyword) or "") for name, keyword in _TEXTS.items()}
        except Exception:  # the reader will say what is wrong with it
            return True
        described = replace(
            series,
            body_part=series.body_part or own["body_part"],
            description=series.description or own["description"],
            protocol_name=series.protocol_name or own["protocol_name"],
        )
        return described.is_wanted((), self.node.words)

    def seconds(self) -> float:
        """Until the next query, which comes by the clock."""
        return self.again_seconds

    def is_settling(self) -> bool:
        """Never: an archive hands out whole films."""
        return False

    def has_news(self) -> bool:
        """An archive tells of nothing by itself."""
        time.sleep(_TICK_MS / 1000)
        return False
