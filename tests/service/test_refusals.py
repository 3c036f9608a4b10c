"""What the service refuses: fields, forms, files and sizes, each with a status and a stable code."""

from __future__ import annotations

import http.client
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import urllib3

from services import Service, form, serving

MB = 2**20
UPLOADS = "bone-age-*/*"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service below keeps its uploads."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def service(tiny_model: Path, place: Path) -> Iterator[Service]:
    with serving("--model", tiny_model, "--device", "cpu", env={"TMPDIR": str(place)}) as running:
        yield running


def code(answer: urllib3.BaseHTTPResponse) -> str:
    return str(json.loads(answer.data)["error"]["code"])


def check(answer: urllib3.BaseHTTPResponse, status: int, expected: str) -> dict[str, str]:
    error: dict[str, str] = json.loads(answer.data)["error"]
    assert (answer.status, error["code"]) == (status, expected)
    assert set(error) == {"title", "message", "code"}
    assert error["title"]
    assert error["message"].endswith(".")
    return error


@pytest.mark.parametrize(
    "fields, named",
    [
        ({"sex": "Xavier"}, "sex"),
        ({"birth_date": "2.3.2014"}, "birth_date"),
        ({"birth_date": "2999-01-01"}, "birth_date"),
        ({"study_date": "2026-02-30"}, "study_date"),
        ({"age_months": "nan"}, "age_months"),
        ({"age_months": "9999"}, "age_months"),
        ({"height_cm": "1.4"}, "height_cm"),
        ({"mother_cm": "tall"}, "mother_cm"),
        ({"hand": "both"}, "hand"),
        ({"insist": "perhaps"}, "insist"),
        ({"height_reference": "mine"}, "height_reference"),
        ({"birth_date": "2014-03-02", "age_months": "120"}, "birth_date or age_months"),
        ({"birth_date": "2014-03-02", "study_date": "2013-01-01"}, "study_date lies before birth_date"),
        ({"gender": "F"}, "not known here"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else "",
)
def test_a_wrong_field_is_named_and_its_value_is_not(
    service: Service, film: Path, fields: dict[str, str], named: str
) -> None:
    error = check(service.post(film, fields), 400, "bad_field")
    assert named in error["message"]
    assert all(value not in error["message"] for value in fields.values() if value != "both")


def test_a_field_given_twice_is_refused_and_an_empty_one_is_none(service: Service, film: Path) -> None:
    part = form(film)["film"]
    check(service.send([("film", part), ("sex", "F"), ("sex", "M")]), 400, "bad_field")
    assert service.send([("film", part), ("sex", ""), ("age_months", " ")]).status == 200


@pytest.mark.parametrize(
    "parts",
    [
        [("sex", "F")],
        [("film", "text, no file")],
        [("film", ("", b"", "application/octet-stream"))],
        [("film", ("a.png", b"x")), ("film", ("b.png", b"y"))],
        [("film", ("a.png", b"x")), ("other", ("b.png", b"y"))],
        [("image", ("a.png", b"x"))],
    ],
    ids=["none", "text", "not chosen", "two", "another file", "another name"],
)
def test_without_exactly_one_film_there_is_nothing_to_estimate(service: Service, parts: Any) -> None:
    check(service.send(parts), 400, "no_film")


@pytest.mark.parametrize(
    "kind, body",
    [
        ("application/json", b'{"film": "x"}'),
        ("application/x-www-form-urlencoded", b"film=x"),
        ("", b"x"),
    ],
)
def test_what_is_no_form_is_told_so(service: Service, kind: str, body: bytes) -> None:
    headers = {"Content-Type": kind} if kind else {}
    check(service.client().request("POST", "/estimate", body=body, headers=headers), 415, "no_form")


@pytest.mark.parametrize(
    "body",
    [b"", b"noise", b"--x\r\n", b"--x\r\nContent-Disposition: form-data; name=film; filename=a\r\n\r\nnever ended"],
)
def test_a_broken_form_holds_no_film(service: Service, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    check(service.client().request("POST", "/estimate", body=body, headers=headers), 400, "no_film")
    check(
        service.client().request("POST", "/estimate", body=body, headers={"Content-Type": "multipart/form-data"}),
        400, "no_film",
    )  # fmt: skip


def test_a_form_of_a_thousand_parts_is_too_large(service: Service, place: Path) -> None:
    parts = [(f"film{number}", ("a", b"x")) for number in range(1000)]
    check(service.send(parts), 413, "upload_too_large")
    assert not list(place.glob(UPLOADS))


def test_an_address_or_a_method_that_is_not_there(service: Service) -> None:
    check(service.get("/nothing"), 404, "not_found")
    check(service.get("/static/../app.py"), 404, "not_found")
    answer = service.get("/estimate")
    check(answer, 405, "wrong_method")
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "name, shown",
    [
        ("../../../escaped.dcm", "escaped.dcm"),
        ("/etc/passwd", "passwd"),
        ("C:\\\\Users\\\\doctor\\\\film.dcm", "film.dcm"),  # backslashes are doubled in the header
        ("a\x00b.dcm", None),
        ("..", ".."),
        ("folder/", "film"),
        ("x" * 5000 + ".dcm", "x" * 251 + ".dcm"),
        ("Kind Ä\u202e.dcm", "Kind Ä\u202e.dcm"),
    ],
)
def test_a_path_in_the_file_name_leads_nowhere(
    service: Service, film: Path, place: Path, name: str, shown: str | None
) -> None:
    before = {path for path in place.parent.rglob("*") if path.is_file()}
    answer = service.send({"film": (name, film.read_bytes())})
    assert answer.status == 200
    record = json.loads(answer.data)
    assert "/" not in record["path"]
    assert shown is None or record["path"] == shown
    assert {path for path in place.parent.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("is_chunked", [False, True], ids=["with a length", "in chunks"])
def test_200_mb_of_noise_are_refused_and_cost_no_memory(
    service: Service, film: Path, place: Path, is_chunked: bool
) -> None:
    before = memory(service)
    head = b'--x\r\nContent-Disposition: form-data; name="film"; filename="a.dcm"\r\n\r\n'
    block = os.urandom(MB)

    def body() -> Iterator[bytes]:
        yield head
        for _ in range(200):
            yield block
        yield b"\r\n--x--\r\n"

    length = {} if is_chunked else {"Content-Length": str(len(head) + 200 * MB + 9)}
    connection = http.client.HTTPConnection(service.host, service.port, timeout=300)
    connection.request(
        "POST", "/estimate", body(), {"Content-Type": "multipart/form-data; boundary=x", **length},
        encode_chunked=is_chunked,
    )  # fmt: skip
    answer = connection.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["error"]["code"] == "upload_too_large"
    assert memory(service) - before < 100 * MB
    assert not list(place.glob(UPLOADS))
    connection.request("GET", "/health")  # the connection goes on: the whole body was taken
    assert connection.getresponse().status == 200
    assert service.post(film).status == 200


def test_noise_within_the_limit_is_no_film(service: Service, place: Path) -> None:
    check(service.send({"film": ("a.dcm", os.urandom(100 * MB))}), 422, "not_an_image")
    assert not list(place.glob(UPLOADS))


def test_who_asks_first_is_told_before_sending(service: Service) -> None:
    with socket.create_connection((service.host, service.port), 60) as client:
        client.sendall(
            f"POST /estimate HTTP/1.1\r\nHost: {service.host}\r\nContent-Length: {500 * MB}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\nExpect: 100-continue\r\n\r\n".encode()
        )
        client.settimeout(60)
        answer = client.recv(4096)
    assert answer.startswith(b"HTTP/1.1 413 ")


def memory(service: Service) -> int:
    """Resident bytes of the program itself."""
    return int(psutil.Process(service.process.pid).memory_info().rss)
