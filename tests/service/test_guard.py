"""Who may ask: names, tokens and forms of other sites."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from bone_age_gui.__main__ import command_line
from bone_age_gui.service.guard import Guard, is_loopback
from services import ROOT, Service, serving

TOKEN = "0123456789abcdef0123456789abcdef"
OWN, FOREIGN = "127.0.0.1", "evil.example"


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"anybody:{password}".encode()).decode()


@pytest.mark.parametrize(
    "host, is_welcome",
    [
        ("127.0.0.1:8080", True),
        ("127.0.0.1", True),
        ("localhost:9999", True),
        ("LOCALHOST", True),
        ("[::1]:8080", True),
        ("192.168.1.5:8080", True),
        ("age.clinic.example", True),
        ("evil.example:8080", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost@evil.example", False),
        ("evil.example, localhost", False),
        ("localhost/", False),
        ("localhost:port", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_only_addresses_localhost_and_allowed_names_are_answered(host: str, is_welcome: bool) -> None:
    guard = Guard(("age.clinic.example",))
    assert guard.refusal("GET", {"HOST": host}.get) == (None if is_welcome else "wrong_host")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "headers, is_welcome",
    [
        ({}, True),
        ({"SEC_FETCH_SITE": "same-origin", "ORIGIN": f"http://{OWN}:80"}, True),
        ({"ORIGIN": f"https://{OWN}:80"}, True),
        ({"SEC_FETCH_SITE": "none"}, True),
        ({"SEC_FETCH_SITE": "cross-site"}, False),
        ({"SEC_FETCH_SITE": "same-site"}, False),
        ({"ORIGIN": f"http://{FOREIGN}"}, False),
        ({"ORIGIN": f"http://{OWN}:81"}, False),
        ({"ORIGIN": "null"}, False),
        ({"SEC_FETCH_SITE": "same-origin", "ORIGIN": f"http://{FOREIGN}"}, False),
    ],
)
def test_forms_of_other_sites_are_refused(headers: dict[str, str], is_welcome: bool) -> None:
    headers = {"HOST": f"{OWN}:80", **headers}
    guard = Guard()
    assert guard.refusal("POST", lambda name: headers.get(name, "")) == (None if is_welcome else "cross_site")
    assert guard.refusal("GET", lambda name: headers.get(name, "")) is None


@pytest.mark.parametrize(
    "given, is_welcome",
    [
        (f"Bearer {TOKEN}", True),
        (f"bearer {TOKEN}", True),
        (basic(TOKEN), True),
        ("", False),
        (TOKEN, False),
        (f"Bearer {TOKEN}x", False),
        (f"Bearer {TOKEN[:-1]}", False),
        ("Bearer", False),
        ("Bearer \xff\xfe", False),
        (basic("wrong"), False),
        ("Basic !!!", False),
        (f"Digest {TOKEN}", False),
    ],
)
def test_the_token_opens_and_nothing_else_does(given: str, is_welcome: bool) -> None:
    headers = {"HOST": OWN, "AUTHORIZATION": given}
    refused = Guard(token=TOKEN).refusal("GET", lambda name: headers.get(name, ""))
    assert refused == (None if is_welcome else "no_token")


@pytest.mark.parametrize(
    "host, expected",
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("192.168.1.5", False), ("pc.clinic.example", False)],
)  # fmt: skip
def test_what_only_this_machine_reaches(host: str, expected: bool) -> None:
    assert is_loopback(host) == expected


@pytest.fixture
def refused_start(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What ``bone-age serve`` says when it does not start."""

    def start(*options: str | Path, token: str | None = None) -> str:
        if token is not None:
            monkeypatch.setenv("BONE_AGE_TOKEN", token)
        assert command_line(["serve", *map(str, options)]) == 2
        return capsys.readouterr().err

    return start


def test_other_addresses_demand_a_token(refused_start: Callable[..., str]) -> None:
    for options in (["--host", "0.0.0.0"], ["--host", "::"], ["--allow-host", "age.clinic.example"]):
        words = refused_start(*options)
        assert "A token is needed for this address" in words
        assert "BONE_AGE_TOKEN" in words


def test_weak_and_open_tokens_are_refused(refused_start: Callable[..., str], tmp_path: Path) -> None:
    assert "at least 16" in refused_start(token="short")
    file = tmp_path / "token"
    file.write_text(TOKEN, encoding="ascii")
    if os.name == "posix":
        file.chmod(0o644)
        assert "Everybody" in refused_start("--token-file", file)
    assert "cannot be read" in refused_start("--token-file", tmp_path / "none")


@pytest.fixture(scope="module")
def guarded(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """On every address, with a token from a file, behind a proxy's name."""
    file = tmp_path_factory.mktemp("secret") / "token"
    file.write_text(f"{TOKEN}\n", encoding="ascii")
    file.chmod(0o600)
    options = ("--host", "0.0.0.0", "--allow-host", "age.clinic.example", "--token-file", file)
    with serving(*options, "--model", tiny_model, "--device", "cpu") as running:
        running.host = OWN
        yield running


def test_nothing_is_answered_without_the_token(guarded: Service, film: Path) -> None:
    for address in ("/", "/health", "/model", "/openapi.json", "/static/style.css", "/nothing"):
        answer = guarded.get(address)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")
        assert json.loads(answer.data)["error"]["code"] == "no_token"
    assert guarded.post(film).status == 401
    assert guarded.post(film, Authorization="Bearer wrong").status == 401
    assert guarded.post(film, Authorization=f"Bearer {TOKEN}").status == 200
    assert guarded.get("/health", Authorization=basic(TOKEN)).status == 200
    assert TOKEN not in guarded.text
    assert "unencrypted" in guarded.text


def test_an_upload_without_the_token_is_not_kept(guarded: Service) -> None:
    answer = guarded.send({"film": ("a.dcm", bytes(50 * 2**20))})
    assert answer.status == 401
    assert guarded.send({"film": ("a.dcm", bytes(9))}, Bone_Age_Refusal="busy").status == 401


def test_names_and_forms_of_others_are_refused_over_the_wire(guarded: Service, film: Path) -> None:
    opened = {"Authorization": f"Bearer {TOKEN}"}
    assert guarded.get("/health", Host=FOREIGN, **opened).status == 403
    assert guarded.get("/health", Host="age.clinic.example", **opened).status == 200
    assert guarded.post(film, Origin=f"http://{FOREIGN}", **opened).status == 403
    assert guarded.post(film, address="/", Sec_Fetch_Site="cross-site", **opened).status == 403
    proxied = guarded.post(film, Host="age.clinic.example", Origin="https://age.clinic.example", **opened)
    assert proxied.status == 200


def test_no_answer_is_for_other_sites(guarded: Service) -> None:
    opened = {"Authorization": f"Bearer {TOKEN}", "Origin": f"http://{FOREIGN}"}
    for answer in (
        guarded.get("/health", **opened),
        guarded.client().request("OPTIONS", "/estimate", headers=opened),
        guarded.client().request(
            "OPTIONS", "/estimate", headers={**opened, "Access-Control-Request-Method": "POST"}
        ),
    ):  # fmt: skip
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_token_is_in_no_argument_and_in_no_worker(tiny_model: Path, film: Path) -> None:
    with serving("--model", tiny_model, "--device", "cpu", env={"BONE_AGE_TOKEN": TOKEN}) as service:
        assert service.post(film).status == 401  # also on this machine alone, once there is one
        assert service.post(film, Authorization=f"Bearer {TOKEN}").status == 200
        program = psutil.Process(service.process.pid)
        workers = program.children(recursive=True)
        assert workers
        for each in (program, *workers):
            assert TOKEN not in " ".join(each.cmdline())
        for each in workers:
            assert TOKEN not in each.environ().values()


def test_there_is_no_option_that_takes_a_token() -> None:
    command = [sys.executable, "-m", "bone_age_gui", "serve", "--token", TOKEN]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 2
    assert "unrecognized arguments" in answer.stderr
