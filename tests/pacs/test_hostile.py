"""Archives that are slow, end midway, answer with rubbish or lie: a reason in words, and nothing wrong is kept."""

from __future__ import annotations

import json
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom import Dataset

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.pacs.archive import open_archive
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.deliver import deliver, report_address
from bone_age_gui.pacs.fetch import fetch_series, find_page
from bone_age_gui.pacs.nodes import Node
from bone_age_gui.pacs.query import Query, SeriesMatch, StudyMatch
from bone_age_gui.store.film_cache import FilmCache
from bone_age_gui.wording.errors import error_words
from films import hand_like, write_dicom
from hostile import FILM, SERIES, STUDY, finds_one, listed, raw, reply, scp, web

SERIES_THERE = SeriesMatch(StudyMatch(STUDY), SERIES, "DX")


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(BoneAgeError) as caught:
        work()
    words = error_words(caught.value)
    assert words.title
    assert words.message.endswith(".")
    return caught.value.code


def echo(node: Node) -> None:
    with open_archive(node, None, Control()) as archive:
        archive.echo()


def page_of(node: Node, size: int = 50, control: Control | None = None) -> Any:
    with open_archive(node, None, control or Control()) as archive:
        return find_page(archive, Query(modalities=("DX",)), node.charset, size=size)


def fetched(node: Node, folder: Path) -> Any:
    control = Control()
    with open_archive(node, None, control) as archive:
        return fetch_series(archive, SERIES_THERE, FilmCache(folder), control)


def film(tmp_path: Path, **tags: str) -> Dataset:
    uids = {"StudyInstanceUID": STUDY, "SeriesInstanceUID": SERIES, "SOPInstanceUID": FILM}
    return pydicom.dcmread(write_dicom(tmp_path / "honest.dcm", hand_like(120, 100), **(uids | tags)))


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# DIMSE


def test_ten_thousand_matches_are_asked_for_in_pages() -> None:
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
        assert code_of(lambda: echo(node)) in {"archive_rubbish", "archive_timeout", "archive_no_service"}


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


def test_a_film_that_is_listed_but_not_sent(tmp_path: Path) -> None:
    with scp(find=finds_one, get=lambda event: iter([0])) as node:
        outcome = fetched(node, tmp_path / "cache")
    assert outcome.problem().code == "archive_not_delivered"


def test_an_archive_that_knows_only_c_move_is_said_with_the_way_out(tmp_path: Path) -> None:
    with scp(find=finds_one) as node, pytest.raises(BoneAgeError) as caught:
        fetched(node, tmp_path / "cache")
    assert caught.value.code == "archive_no_get"
    assert "Orthanc" in error_words(caught.value).message


def report(tmp_path: Path) -> Path:
    """A structured report as this program names itself, filed with the film of the peers here."""
    made = film(tmp_path, Manufacturer="Bone Age (open source)", SOPInstanceUID="1.2.3.4.6")
    made.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.22"
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    del made.PixelData
    made.save_as(tmp_path / "report.dcm", enforce_file_format=True)
    return tmp_path / "report.dcm"


def outcome_of(node: Node, path: Path) -> BoneAgeError | None:
    with open_archive(node, None, Control()) as archive:
        (outcome,) = deliver(archive, [(report_address(path.read_bytes()), path)])
    return outcome


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


def test_a_failure_status_is_said(tmp_path: Path) -> None:
    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        if event.identifier.QueryRetrieveLevel == "STUDY":
            yield 0xFF00, listed("STUDY")

    with scp(find=find, store=lambda event: 0xA700) as node:
        outcome = outcome_of(node, report(tmp_path))
    assert outcome is not None
    assert (outcome.code, "0xA700" in error_words(outcome).message) == ("archive_status", True)


# DICOMweb


@pytest.mark.parametrize(
    "status, content, code",
    [
        (200, b"<html>Welcome</html>", "archive_rubbish"),
        (200, b'{"a": 1}', "archive_rubbish"),
        (200, b'[{"0020000D": {"vr": "UI", "Value": 7}}]', "archive_rubbish"),
        (200, b"[" * 100_000, "archive_rubbish"),
        (401, b"", "archive_password"),
        (403, b"", "archive_password"),
        (404, b"", "archive_no_dicomweb"),
        (500, b"", "archive_http"),
    ],
)
def test_what_a_web_server_may_answer(status: int, content: bytes, code: str) -> None:
    with web(lambda request: reply(request, content, status)) as node:
        assert code_of(lambda: page_of(node)) == code


def test_a_web_server_that_ends_midway() -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        request.wfile.write(b"[{")
        request.close_connection = True

    with web(answer) as node:
        assert code_of(lambda: page_of(node)) == "archive_lost"


def test_a_web_server_that_speaks_no_http() -> None:
    with raw(lambda connection: (connection.recv(64), connection.sendall(b"\0\1\2 rubbish\r\n"))[-1]) as node:
        from dataclasses import replace

        from bone_age_gui.pacs.nodes import Protocol

        web_node = replace(node, protocol=Protocol.DICOMWEB, url=f"http://127.0.0.1:{node.port}/dicom-web")
        assert code_of(lambda: echo(web_node)) in {"archive_rubbish", "archive_lost"}


def test_ten_thousand_matches_of_a_web_server_are_asked_for_in_pages() -> None:
    asked = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        from urllib.parse import parse_qs, urlsplit

        parts = urlsplit(request.path)
        if parts.path.endswith("/series"):
            reply(
                request,
                b'[{"0020000E": {"vr": "UI", "Value": ["1.2.3.4"]}, "00080060": {"vr": "CS", "Value": ["DX"]}}]',
            )
            return
        values = parse_qs(parts.query)
        offset, limit = int(values["offset"][0]), int(values["limit"][0])
        asked.append(offset)
        uids = [f"1.2.{number}" for number in range(offset, min(10_000, offset + limit))]
        reply(request, json.dumps([{"0020000D": {"vr": "UI", "Value": [uid]}} for uid in uids]).encode())

    with web(answer) as node, open_archive(node, None, Control()) as archive:
        page = find_page(archive, Query(modalities=("DX",)), "", offset=130, size=10)
    assert [series.study.study_uid for series in page.series] == [f"1.2.{number}" for number in range(130, 140)]
    assert page.has_more
    assert asked == [0, 100]


@pytest.mark.parametrize("uid", ["../../x", "%2e%2e%2fx", "1.2.3/../../.."])
def test_a_uid_of_a_web_server_never_becomes_a_path_or_an_address(uid: str, tmp_path: Path) -> None:
    paths = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        paths.append(request.path)
        reply(request, json.dumps([{"00080018": {"vr": "UI", "Value": [uid]}}]).encode())

    with web(answer) as node:
        outcome = fetched(node, tmp_path)
    assert (outcome.paths, outcome.strange) == ((), 1)
    assert len(paths) == 1
    assert not files_below(tmp_path)


def test_a_web_server_that_sends_another_film(tmp_path: Path) -> None:
    other = film(tmp_path, SOPInstanceUID="1.2.99")
    (tmp_path / "honest.dcm").unlink()
    content = BytesIO()
    other.save_as(content, enforce_file_format=True)

    def answer(request: BaseHTTPRequestHandler) -> None:
        if "instances/" in request.path:
            body = b"--x\r\nContent-Type: application/dicom\r\n\r\n" + content.getvalue() + b"\r\n--x--"
            reply(request, body, kind='multipart/related; type="application/dicom"; boundary=x')
        else:
            reply(request, json.dumps([{"00080018": {"vr": "UI", "Value": [FILM]}}]).encode())

    with web(answer) as node:
        outcome = fetched(node, tmp_path)
    assert (outcome.paths, outcome.strange, outcome.missing) == ((), 1, 1)
    assert not files_below(tmp_path)


def test_200_without_storing_is_not_believed(tmp_path: Path) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.command == "POST":
            reply(request, b"<NativeDicomModel/>", kind="application/dicom+xml")
        elif request.path.startswith("/dicom-web/studies?"):
            reply(request, json.dumps([{"0020000D": {"vr": "UI", "Value": [STUDY]}}]).encode())
        else:
            reply(request, b"[]")

    with web(answer) as node:
        outcome = outcome_of(node, report(tmp_path))
    assert outcome is not None
    assert outcome.code == "archive_not_confirmed"
