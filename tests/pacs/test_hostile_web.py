"""The same of web servers that say that they speak DICOMweb."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from pathlib import Path

import pytest

from asking import code_of, echo, fetched, files_below, film, outcome_of, page_of, report
from bone_age_gui.pacs.archive import open_archive
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.fetch import find_page
from bone_age_gui.pacs.query import Query
from hostile import FILM, STUDY, raw, reply, web


@pytest.mark.parametrize(
    "status, content, code",
    [
        (200, b"<html>Welcome</html>", "archive_unclear"),
        (200, b'{"a": 1}', "archive_unclear"),
        (200, b'[{"0020000D": {"vr": "UI", "Value": 7}}]', "archive_unclear"),
        (200, b"[" * 100_000, "archive_unclear"),
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
    with raw(lambda connection: (connection.recv(64), connection.sendall(b"\0\1\2 noise\r\n"))[-1]) as node:
        from dataclasses import replace

        from bone_age_gui.pacs.nodes import Protocol

        web_node = replace(node, protocol=Protocol.DICOMWEB, url=f"http://127.0.0.1:{node.port}/dicom-web")
        assert code_of(lambda: echo(web_node)) in {"archive_unclear", "archive_lost"}


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


def test_a_slow_web_server_can_be_left_at_any_time() -> None:
    answering, codes, control = threading.Event(), list[str](), Control()

    def answer(request: BaseHTTPRequestHandler) -> None:
        answering.set()
        time.sleep(12)

    with web(answer) as node:
        work = threading.Thread(target=lambda: codes.append(code_of(lambda: page_of(node, control=control))))
        work.start()
        assert answering.wait(10)
        control.cancel()
        work.join(8)
        assert not work.is_alive()
    assert codes == ["archive_cancelled"]


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


def test_nothing_of_a_netrc_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """requests would send a password of the user that was meant for something else at that host."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login doctor password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    sent: list[str | None] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        sent.append(request.headers.get("Authorization"))
        reply(request, b"[]")

    with web(answer) as node:
        echo(node)
    assert sent == [None]


def test_an_answer_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bone_age_gui.pacs.http.MAX_BYTES", 100_000)
    with web(lambda request: reply(request, b"[" + b" " * 200_000 + b"]")) as node:
        assert code_of(lambda: page_of(node)) == "archive_too_much"


def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bone_age_gui.pacs.http._WHOLE_SECONDS", 0.2)  # ten minutes otherwise

    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "application/json")
        request.end_headers()
        request.close_connection = True
        with contextlib.suppress(OSError):  # nobody listens any more
            for _ in range(40):
                request.wfile.write(b" " * 2**16)
                time.sleep(0.05)

    with web(drip) as node:
        assert code_of(lambda: page_of(node)) == "archive_timeout"
