"""The settings of archives, and where passwords lie."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reported import FiledReport
from bone_age_gui.pacs.nodes import FILE, Node, Protocol, read_nodes, write_nodes
from bone_age_gui.pacs.secrets import keep_secret, secret_of, variable
from bone_age_gui.store.film_cache import FilmCache
from bone_age_gui.store.outbox import Outbox

Run = Callable[..., Any]
FINE = Node("Hospital 1", host="pacs.example", ae_title="PACS", charset="ISO_IR 144", words=("hand", "кисть"))
WEB = Node("Web", protocol=Protocol.DICOMWEB, url="https://pacs.example:8443/dicom-web", user="me")


def test_nodes_are_kept_as_they_are(data: Path) -> None:
    assert read_nodes(data) == ()
    write_nodes(data, [FINE, WEB])
    assert read_nodes(data) == (FINE, WEB)
    if os.name == "posix":
        assert (data / FILE).stat().st_mode & 0o777 == 0o600


def test_what_is_not_given_in_the_file_is_as_usual(data: Path) -> None:
    data.mkdir()
    given = {"version": 1, "nodes": [{"name": "a", "host": "h", "ae_title": "X"}]}
    (data / FILE).write_text(json.dumps(given), encoding="utf-8")
    assert read_nodes(data) == (Node("a", host="h", ae_title="X"),)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""}, {"name": "../x"}, {"host": ""}, {"host": "a b"}, {"port": 0}, {"port": 70_000}, {"ae_title": ""},
        {"ae_title": "  "}, {"ae_title": "A" * 17}, {"ae_title": "A\\B"}, {"ae_title": "Ä"}, {"own_ae_title": "\n"},
        {"charset": "latin"},
        {"protocol": Protocol.DICOMWEB, "url": "ftp://x"}, {"protocol": Protocol.DICOMWEB, "url": "https://"},
        {"protocol": Protocol.DICOMWEB, "url": "https://me:secret@host/"},
        {"protocol": Protocol.DICOMWEB, "url": "https://host:port/"}, {"protocol": Protocol.DICOMWEB, "url": ""},
    ],
)  # fmt: skip
def test_settings_that_cannot_work_are_refused(data: Path, changes: dict[str, Any]) -> None:
    node = Node(**({"name": "a", "host": "h", "ae_title": "X"} | changes))
    with pytest.raises(BoneAgeError) as caught:
        write_nodes(data, [node])
    assert caught.value.code == "bad_node"
    assert not (data / FILE).exists()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"version": 2, "nodes": []}', '{"version": 1, "nodes": {}}', '{"version": 1}',
     '{"version": 1, "nodes": [7]}', '{"version": 1, "nodes": [{"name": "a", "hots": "h"}]}',
     '{"version": 1, "nodes": [{"name": "a", "port": "104"}]}',
     '{"version": 1, "nodes": [{"name": "a", "protocol": "fax"}]}',
     '{"version": 1, "nodes": [{"name": "a", "host": "h", "ae_title": "X", "password": "p"}]}', "\ufffe\0"],
)  # fmt: skip
def test_a_broken_file_is_said_in_words(run: Run, data: Path, text: str) -> None:
    data.mkdir()
    (data / FILE).write_text(text, encoding="utf-8")
    answer = run("pacs", "echo", "--node", "a")
    assert answer.code == 2
    assert "The settings of archives cannot be used." in answer.err
    assert "Traceback" not in answer.err


def test_nodes_are_listed(run: Run, nodes: Callable[..., None]) -> None:
    nodes(FINE, WEB)
    assert run("pacs", "nodes").out.splitlines() == [
        "Hospital 1: DICOM (C-FIND, C-GET, C-STORE), PACS at pacs.example:104",
        "Web: DICOMweb (QIDO, WADO, STOW), https://pacs.example:8443/dicom-web",
    ]  # fmt: skip
    assert [record["name"] for record in run("pacs", "nodes", "--json").records] == ["Hospital 1", "Web"]


@pytest.fixture
def keyring() -> Iterator[dict[tuple[str, str], str]]:
    """A keyring of this test alone."""
    import keyring as library
    from keyring.backend import KeyringBackend

    kept: dict[tuple[str, str], str] = {}

    class Ring(KeyringBackend):
        priority = 9  # type: ignore[assignment]

        def get_password(self, service: str, username: str) -> str | None:
            return kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del kept[service, username]

    before = library.get_keyring()
    library.set_keyring(Ring())
    yield kept
    library.set_keyring(before)


def test_a_password_lies_in_the_systems_keyring(data: Path, keyring: dict[tuple[str, str], str]) -> None:
    assert keep_secret("a", "pässword", data) == "keyring"
    assert list(keyring.values()) == ["pässword"]
    assert secret_of("a", data) == "pässword"
    assert not list(data.rglob("*"))
    keep_secret("a", None, data)
    assert secret_of("a", data) is None
    assert not keyring


@pytest.fixture
def no_keyring() -> Iterator[None]:
    import keyring as library
    from keyring.backends.fail import Keyring

    before = library.get_keyring()
    library.set_keyring(Keyring())  # type: ignore[no-untyped-call]
    yield
    library.set_keyring(before)


@pytest.mark.usefixtures("no_keyring")
def test_without_a_keyring_it_lies_in_a_file_for_its_owner(
    run: Run, data: Path, nodes: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes(WEB)
    monkeypatch.setattr(sys, "stdin", StringIO("s3cret\n"))
    assert run("pacs", "password", "--node", "Web", "--json").record == {"node": "Web", "kept": "file"}
    assert secret_of("Web", data) == "s3cret"
    (path,) = [path for path in data.iterdir() if "s3cret" in path.read_text(encoding="utf-8")]
    assert path.name != FILE, "never in the settings"
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        path.chmod(0o644)
        assert secret_of("Web", data) is None, "what others could have written is not trusted"
        path.chmod(0o600)
    assert run("pacs", "password", "--node", "Web", "--forget").out == "Forgotten.\n"
    assert secret_of("Web", data) is None


@pytest.mark.usefixtures("no_keyring")
def test_the_environment_comes_first(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_secret("My PACS", "old", data)
    assert variable("My PACS") == "BONE_AGE_SECRET_MY_PACS"
    monkeypatch.setenv("BONE_AGE_SECRET_MY_PACS", "new")
    assert secret_of("My PACS", data) == "new"


def test_archives_are_set_up_changed_and_removed_on_the_command_line(run: Run, data: Path) -> None:
    added = run("pacs", "add", "--node", "one", "--host", "h", "--ae-title", "PACS", "--words", "hand،bone age")
    assert (added.code, added.out) == (0, "one is set up.\n")
    run("pacs", "add", "--node", "one", "--port", "11112", "--tls")
    run("pacs", "add", "--node", "two", "--url", "https://h/dicom-web", "--user", "me")
    one, two = read_nodes(data)
    assert one == Node("one", host="h", port=11112, ae_title="PACS", tls=True, words=("hand", "bone age"))
    assert two == Node("two", protocol=Protocol.DICOMWEB, url="https://h/dicom-web", user="me")
    assert run("pacs", "add", "--node", "three").code == 2
    assert run("pacs", "remove", "--node", "one").code == 0
    assert read_nodes(data) == (two,)
    assert run("pacs", "remove", "--node", "one").code == 2


def test_fetched_films_and_waiting_reports_are_forgotten(run: Run, data: Path) -> None:
    film = FilmCache(data).put("1.2", b"film")
    Outbox(data).add("a", b"report", FiledReport("1", "2", "3", "1.3"))
    assert run("pacs", "forget").code == 0
    assert not film.exists()
    assert Outbox(data).counts() == {}
