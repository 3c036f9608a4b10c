"""The loop of a watch by itself: what is sent in between, and that its end is heard at once."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset

from bone_age_gui import paths
from bone_age_gui.core.growth import BRUSH, GrowthReference
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Radiograph
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.nodes import write_nodes
from bone_age_gui.store.film_cache import FilmCache
from bone_age_gui.store.outbox import Outbox
from bone_age_gui.watch.film import FilmLine, OutputPlace
from bone_age_gui.watch.ledger import Ledger
from bone_age_gui.watch.run import Limits, Watch
from bone_age_gui.watch.sources import Candidate, NodeSource
from commands import Answer
from hostile import listed, scp


@dataclass
class Films:
    """A source of so many films, all refused."""

    ledger: Ledger
    count: int
    given: int = 0

    def films(self) -> Iterator[Candidate]:
        for number in range(self.count):
            self.given += 1
            yield Candidate(self.ledger.key(str(number)), Path(f"/films/{number}.dcm"), f"{number}.dcm")

    def seconds(self) -> float:
        return 600.0

    def has_news(self) -> bool:
        time.sleep(0.01)
        return False

    def is_settling(self) -> bool:
        return False


def refuse(path: Path) -> Radiograph:
    raise BoneAgeError("not_an_image")


def watch_of(out: Path, source: Films, opened: Any, stop: threading.Event) -> Watch:
    predictor: Any = None  # no film comes so far
    line = FilmLine(predictor, GrowthReference.load(paths.growth_dir() / BRUSH), refuse)
    place = OutputPlace(out, ("sr",), Outbox(out), "pacs")
    return Watch([source], line, place, source.ledger, Limits(free_bytes=0), opened, stop)


def test_what_waits_is_sent_in_the_middle_of_a_long_look(tmp_path: Path) -> None:
    source, sent_at = Films(Ledger(tmp_path), 12), list[int]()

    def opened() -> Any:
        sent_at.append(source.given)
        return nullcontext()

    watch_of(tmp_path, source, opened, threading.Event()).run(once=True)
    assert sent_at == [10, 12]


def test_an_archive_that_is_not_reached_costs_no_film(tmp_path: Path) -> None:
    source = Films(Ledger(tmp_path), 12)

    def opened() -> Any:
        raise BoneAgeError("archive_refused")

    watch_of(tmp_path, source, opened, threading.Event()).run(once=True)
    assert source.given == 12
    assert source.ledger.counts() == {("refused", "not_an_image"): 12}
    assert source.ledger.facts()["last_error"].value == "archive_refused"


def test_the_end_is_heard_between_two_films_and_while_nothing_happens(tmp_path: Path) -> None:
    stop = threading.Event()
    source = Films(Ledger(tmp_path), 5)

    def opened() -> Any:
        threading.Timer(0.05, stop.set).start()
        return nullcontext()

    started = time.monotonic()
    watch_of(tmp_path, source, opened, stop).run()
    assert time.monotonic() - started < 20, "it waits for ten minutes otherwise"
    stop.set()
    again = Films(Ledger(tmp_path / "again"), 5)
    watch_of(tmp_path / "again", again, opened, stop).run()
    assert again.given == 0


def test_one_watch_writes_into_a_folder(tmp_path: Path) -> None:
    source = Films(Ledger(tmp_path), 1)
    assert not source.ledger.is_watched()
    with Ledger(tmp_path).alone():
        assert source.ledger.is_watched()
        with pytest.raises(BoneAgeError) as refused:
            watch_of(tmp_path, source, nullcontext, threading.Event()).run(once=True)
    assert (refused.value.code, source.given) == ("watch_running", 0)


def test_what_an_ended_watch_left_half_written_goes(tmp_path: Path) -> None:
    source = Films(Ledger(tmp_path), 0)
    (tmp_path / "results").mkdir()
    half = [folder / f".{'0' * 16}.part.json" for folder in (tmp_path, tmp_path / "results")]
    whole = tmp_path / "results" / "0123.json"
    for path in (*half, whole):
        path.write_text("{", encoding="utf-8")
    watch_of(tmp_path, source, nullcontext, threading.Event()).run(once=True)
    assert [path.exists() for path in (*half, whole)] == [False, False, True]


def test_a_ledger_names_a_film_in_a_way_of_its_own(tmp_path: Path) -> None:
    """Nobody finds out by a list of hashes which child was here."""
    first, other = Ledger(tmp_path / "first"), Ledger(tmp_path / "other")
    assert first.key("uid", "1.2.3") != other.key("uid", "1.2.3")
    assert first.key("uid", "1.2.3") == Ledger(tmp_path / "first").key("uid", "1.2.3")
    assert first.key("ab", "c") != first.key("a", "bc")


def test_a_signal_ends_a_watch_that_waits_for_a_slow_archive(watch: Callable[..., Answer], data: Path) -> None:
    asked, ended = threading.Event(), threading.Event()

    def find(_: Any) -> Iterator[tuple[int, Dataset]]:
        yield 0xFF00, listed("STUDY")
        if not asked.is_set():
            asked.set()
            os.kill(os.getpid(), signal.SIGTERM)
            ended.wait(25)

    with scp(find=find) as node:
        write_nodes(data, [node])
        started = time.monotonic()
        assert watch("--node", node.name).code == 0
        seconds = time.monotonic() - started
        ended.set()
    assert seconds < 15, "it would wait for the answer otherwise"


def test_every_study_of_an_archive_is_looked_into_however_many_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bone_age_gui.watch.sources._PAGE", 2)  # a hundred otherwise
    studies = [f"1.2.{number}" for number in range(5)]
    looked_into: set[str] = set()

    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        asked = event.identifier
        if asked.QueryRetrieveLevel == "STUDY":
            yield from ((0xFF00, listed("STUDY", StudyInstanceUID=uid)) for uid in studies)
        else:
            looked_into.add(asked.StudyInstanceUID)

    with scp(find=find) as node:
        source = NodeSource(node, None, Ledger(tmp_path), FilmCache(tmp_path), Control(), 3, 600.0)
        assert list(source.films()) == []
    assert looked_into == set(studies)
