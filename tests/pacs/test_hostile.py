"""Archives that are slow, end midway, answer with nonsense or lie: a reason in words, and nothing wrong is kept."""

from __future__ import annotations

import logging
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset

from asking import SERIES_THERE, code_of, echo, fetched, files_below, film, outcome_of, page_of, report
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.pacs.archive import open_archive
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.fetch import fetch_earlier, find_page
from bone_age_gui.pacs.query import Query
from bone_age_gui.store.film_cache import FilmCache
from bone_age_gui.wording.errors import error_words
from hostile import finds_one, listed, raw, scp

Run = Callable[..., Any]


def test_ten_thousand_matches_are_asked_for_in_pages(run: Run, nodes: Callable[..., None]) -> None:
    sent, was_cancelled = [0], threading.Event()

    def find(event: Any) -> Iterator[tuple[int, Dataset | None]]:
        if event.identifier.QueryRetrieveLevel == "SERIES":
            yield 0xFF00, listed("SERIES", StudyInstanceUID=event.identifier.StudyInstanceUID)
            return
        for number in range(10_000):
            if event.is_cancelled:
                was_cancelled.set()
                yield 0xFE00, None
                return
            sent[0] = number
            yield 0xFF00, listed("STUDY", StudyInstanceUID=f"1.2.{number}")

    with scp(find=find) as node:
        page = page_of(node, size=20)
        assert (len(page.series), page.studies, page.has_more) == (20, 20, True)
        assert len({series.study.study_uid for series in page.series}) == 20
        assert was_cancelled.wait(10), "the archive is told that no more are wanted"
        assert sent[0] < 9_000
        with open_archive(node, None, Control()) as archive:
            second = find_page(archive, Query(modalities=("DX",)), "", offset=20, size=20)
        assert second.series[0].study.study_uid == "1.2.20"
        nodes(node)
        page_of_5 = ("--modality", "DX", "--words", "", "--limit", "5", "--json")
        answer = run("pacs", "find", "--node", node.name, *page_of_5, "--offset", "20")
        assert (answer.records[0]["study"]["study_uid"], len(answer.records)) == ("1.2.20", 5)
        assert "go on with --offset 25" in answer.err


def test_every_match_of_a_large_answer_can_be_had() -> None:
    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        for number in range(1_000):
            yield 0xFF00, listed("IMAGE", SOPInstanceUID=f"1.2.{number}")

    from bone_age_gui.pacs.fetch import instances_of

    with scp(find=find) as node, open_archive(node, None, Control()) as archive:
        instances, strange = instances_of(archive, SERIES_THERE)
    assert (len(instances), strange) == (1_000, 0)


def test_a_slow_archive_can_be_left_at_any_time() -> None:
    answering = threading.Event()

    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        yield 0xFF00, listed("STUDY")
        answering.set()
        time.sleep(20)
        yield 0xFF00, listed("STUDY", StudyInstanceUID="1.2.4")

    with scp(find=find) as node:
        control, codes = Control(), list[str]()
        work = threading.Thread(target=lambda: codes.append(code_of(lambda: page_of(node, control=control))))
        work.start()
        assert answering.wait(10)
        control.cancel()
        work.join(5)
        assert not work.is_alive()
        assert codes == ["archive_cancelled"]


@pytest.mark.parametrize("when", ["query", "film"])
def test_an_archive_that_drops_the_connection_midway(when: str, tmp_path: Path) -> None:
    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        yield 0xFF00, listed(event.identifier.QueryRetrieveLevel)
        if when == "query":
            event.assoc.abort()
            yield 0xFF00, listed("STUDY", StudyInstanceUID="1.2.4")

    def get(event: Any) -> Iterator[Any]:
        yield 1
        event.assoc.abort()
        yield 0xFF00, film(tmp_path)

    with scp(find=find, get=get) as node:
        work = (lambda: page_of(node)) if when == "query" else (lambda: fetched(node, tmp_path / "cache"))
        assert code_of(work) == "archive_lost"
    assert not files_below(tmp_path / "cache")


@pytest.mark.parametrize(
    "content", [b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(range(256)) * 40, b"\x02\0\0\0\0\x04abcd"]
)
def test_another_service_at_the_port(content: bytes) -> None:
    with raw(lambda connection: (connection.recv(64), connection.sendall(content))[-1]) as node:
        assert code_of(lambda: echo(node)) in {"archive_unclear", "archive_timeout", "archive_no_service"}


def test_a_port_that_never_answers_is_an_error_in_time() -> None:
    with raw(lambda connection: time.sleep(4.5)) as node:
        started = time.monotonic()
        assert code_of(lambda: echo(node)) == "archive_timeout"
        assert time.monotonic() - started < 7, "4 s on a machine that is not busy"


def test_an_answer_that_is_no_data_set() -> None:
    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        broken = listed("STUDY")
        broken.add_new(0x00100010, "UN", b"\xff\xfe" * 9)
        yield 0xFF00, broken
        yield 0xFF00, listed("STUDY", StudyInstanceUID="no uid")

    with scp(find=find) as node:
        assert page_of(node).studies == 1, "what names itself by no UID is passed over"


@pytest.mark.parametrize("uid", ["../../x", "..\\..\\x", "/etc/passwd", "1" * 65, "C:1.2", ""])
def test_a_uid_never_becomes_a_path(uid: str, tmp_path: Path) -> None:
    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        yield 0xFF00, listed("IMAGE", SOPInstanceUID=uid)

    with scp(find=find, get=lambda event: iter([0])) as node, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the peer's own library, which writes what is against the rules
        outcome = fetched(node, tmp_path / "inside" / "cache")
    assert (outcome.paths, outcome.strange) == ((), 1)
    assert outcome.problem().code == "archive_strange"
    assert not files_below(tmp_path)


@pytest.mark.parametrize("lie", [{"SOPInstanceUID": "1.2.99"}, {"StudyInstanceUID": "1.2.99"}])
def test_a_film_that_was_not_asked_for_is_not_kept(lie: dict[str, str], tmp_path: Path) -> None:
    other = film(tmp_path, **lie)
    (tmp_path / "honest.dcm").unlink()

    def get(event: Any) -> Iterator[Any]:
        yield 1
        yield 0xFF00, other

    with scp(find=finds_one, get=get) as node:
        outcome = fetched(node, tmp_path / "cache")
    assert (outcome.paths, outcome.strange, outcome.missing) == ((), 1, 1)
    assert not files_below(tmp_path)


def test_a_film_that_is_here_is_not_fetched_again(tmp_path: Path) -> None:
    honest, asked = film(tmp_path), []

    def get(event: Any) -> Iterator[Any]:
        asked.append(event)
        yield 1
        yield 0xFF00, honest

    with scp(find=finds_one, get=get) as node:
        first, again = (fetched(node, tmp_path / "cache") for _ in range(2))
    assert (first.paths, first.earlier, again.earlier) == (again.paths, 0, 1)
    assert len(asked) == 1


def test_a_film_that_is_listed_but_not_sent(tmp_path: Path) -> None:
    with scp(find=finds_one, get=lambda event: iter([0])) as node:
        outcome = fetched(node, tmp_path / "cache")
    assert outcome.problem().code == "archive_not_delivered"


def test_an_archive_that_knows_only_c_move_is_said_with_the_way_out(tmp_path: Path) -> None:
    with scp(find=finds_one) as node, pytest.raises(BoneAgeError) as caught:
        fetched(node, tmp_path / "cache")
    assert caught.value.code == "archive_no_get"
    assert "Orthanc" in error_words(caught.value).message


def test_success_without_storing_is_not_believed(tmp_path: Path) -> None:
    taken = []

    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        if event.identifier.QueryRetrieveLevel == "STUDY":
            yield 0xFF00, listed("STUDY")

    def store(event: Any) -> int:
        taken.append(event.request.AffectedSOPInstanceUID)
        return 0

    with scp(find=find, store=store) as node:
        outcome = outcome_of(node, report(tmp_path))
    assert taken == ["1.2.3.4.6"]
    assert outcome is not None
    assert outcome.code == "archive_not_confirmed"


def test_what_an_archive_holds_is_not_sent_again(tmp_path: Path) -> None:
    taken = []

    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        asked = event.identifier
        yield 0xFF00, listed(asked.QueryRetrieveLevel, SOPInstanceUID=asked.get("SOPInstanceUID", ""))

    with scp(find=find, store=taken.append) as node:
        assert outcome_of(node, report(tmp_path)) is None
    assert taken == []


def test_more_than_any_film_has_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bone_age_gui.pacs.wire.MAX_BYTES", 5_000)

    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        for number in range(100):
            yield 0xFF00, listed("STUDY", StudyInstanceUID=f"1.2.{number}", StudyDescription="x" * 60)

    with scp(find=find) as node:
        assert code_of(lambda: page_of(node, size=100)) == "archive_too_much"


def test_reports_of_another_patient_are_not_fetched(tmp_path: Path) -> None:
    """Some archives take a patient's number for the beginning of one."""
    levels: list[str] = []

    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        levels.append(event.identifier.QueryRetrieveLevel)
        yield from finds_one(event, PatientID="47112", Modality="SR")

    with scp(find=find) as node, open_archive(node, None, Control()) as archive:
        assert fetch_earlier(archive, "4711", FilmCache(tmp_path), Control(), "") == ()
    assert levels == ["STUDY"]


def test_nothing_that_is_asked_for_or_answered_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """pynetdicom writes whole data sets into its log, wherever that goes."""
    from pynetdicom import _config

    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        yield from finds_one(event, PatientName="Answered^Jane")

    with scp(find=find) as node, caplog.at_level(logging.DEBUG):
        _config.LOG_REQUEST_IDENTIFIERS = _config.LOG_RESPONSE_IDENTIFIERS = True  # as they are by default
        with open_archive(node, None, Control()) as archive:
            assert find_page(archive, Query(name="Asked^Jane", modalities=("DX",)), node.charset).series
    assert "Jane" not in caplog.text


def test_a_failure_status_is_said(tmp_path: Path) -> None:
    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        if event.identifier.QueryRetrieveLevel == "STUDY":
            yield 0xFF00, listed("STUDY")

    with scp(find=find, store=lambda event: 0xA700) as node:
        outcome = outcome_of(node, report(tmp_path))
    assert outcome is not None
    assert (outcome.code, "0xA700" in error_words(outcome).message) == ("archive_status", True)
