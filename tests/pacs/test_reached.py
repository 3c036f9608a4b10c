"""Why an archive is not reached, in words that say what to do; strict AE titles, TLS, passwords."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archives import PASSWORD, Orthanc, dcmqrscp, free_port, running
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.pacs.archive import open_archive
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.fetch import fetch_series, find_page
from bone_age_gui.pacs.nodes import Node, Protocol
from bone_age_gui.pacs.query import Query
from bone_age_gui.store.film_cache import FilmCache
from certificates import Authority, tls_front
from films import JPEG2000Lossless, hand_like, write_dicom
from hostile import raw

Run = Callable[..., Any]
UNCLEAR = {"archive_unclear", "archive_lost", "archive_timeout"}
"""What is said where one side speaks TLS and the other does not: it depends on who gives up first."""


def echo(node: Node, secret: str | None = None) -> str:
    """``"fine"``, or the code of the error."""
    try:
        with open_archive(node, secret, Control()) as archive:
            archive.echo()
    except BoneAgeError as error:
        return error.code
    return "fine"


def test_nothing_listens() -> None:
    node = Node("x", host="127.0.0.1", port=free_port(), ae_title="A")
    assert echo(node) == "archive_refused"
    assert echo(replace(node, tls=True)) == "archive_refused"
    web = Node("x", protocol=Protocol.DICOMWEB, url=f"http://127.0.0.1:{node.port}/dicom-web")
    assert echo(web) == "archive_refused"


@pytest.mark.parametrize("first", [b"", b"\0"], ids=["at once", "after a request"])
def test_another_service_that_ends_the_connection(first: bytes) -> None:
    """Nothing was begun, so nothing was lost: it is said what may listen there."""

    def end(connection: socket.socket) -> None:
        if first:
            connection.recv(64)

    with raw(end) as node:
        web = Node("x", protocol=Protocol.DICOMWEB, url=f"http://127.0.0.1:{node.port}/dicom-web")
        for each in (node, web):
            with pytest.raises(BoneAgeError) as caught, open_archive(each, None, Control()) as archive:
                archive.echo()
            assert (caught.value.code, caught.value.why) == ("archive_unclear", "silent")


def test_a_host_that_nobody_knows() -> None:
    assert echo(Node("x", host="no-such-host.invalid", ae_title="A")) in {"archive_unknown_host", "archive_timeout"}
    web = Node("x", protocol=Protocol.DICOMWEB, url="https://no-such-host.invalid/dicom-web")
    assert echo(web) in {"archive_unknown_host", "archive_timeout"}


def test_a_host_that_swallows_everything_is_an_error_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port with a full queue: the system answers nothing to whoever knocks."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        knocking = [socket.socket() for _ in range(4)]
        for each in knocking:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        started = time.monotonic()
        assert echo(Node("x", host="127.0.0.1", port=port, ae_title="A")) == "archive_timeout"
        web = Node("x", protocol=Protocol.DICOMWEB, url=f"http://127.0.0.1:{port}/dicom-web")
        assert echo(web) == "archive_timeout"
        assert time.monotonic() - started < 2 * 7, "2 * 4 s on a machine that is not busy"
        for each in knocking:
            each.close()


def test_an_orthanc_with_strict_titles_and_a_password(orthanc: Orthanc) -> None:
    assert echo(orthanc.node()) == "fine"
    assert echo(orthanc.node(ae_title="OTHER")) == "archive_called_title"
    assert echo(orthanc.node(own_ae_title="STRANGER")) == "archive_calling_title"
    assert echo(orthanc.web_node(), PASSWORD) == "fine"
    assert echo(orthanc.web_node(), "wrong") == "archive_password"
    assert echo(orthanc.web_node(), None) == "archive_password"
    wrong_path = replace(orthanc.web_node(), url=f"http://127.0.0.1:{orthanc.http_port}/elsewhere")
    assert echo(wrong_path, PASSWORD) == "archive_no_dicomweb"
    assert echo(orthanc.node(port=orthanc.http_port)) in {"archive_unclear", "archive_timeout"}


def test_the_command_line_says_it_and_nothing_else(run: Run, nodes: Callable[..., None], orthanc: Orthanc) -> None:
    nodes(orthanc.node(ae_title="OTHER"))
    answer = run("pacs", "echo", "--node", "orthanc")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(
        "bone-age: The archive has another AE title. It does not answer to the AE title OTHER."
    )
    assert len(answer.err.splitlines()) == 1
    assert run("pacs", "echo", "--node", "orthanc", "--json").record["error"]["code"] == "archive_called_title"


def test_an_unknown_node_is_wrong_usage(run: Run, nodes: Callable[..., None]) -> None:
    nodes(Node("first", host="h", ae_title="A"), Node("second", host="h", ae_title="A"))
    for verb in ("echo", "find", "get", "send"):
        answer = run("pacs", verb, "--node", "third")
        assert answer.code == 2
        assert "There is no archive by the name 'third'. Known are: first, second." in answer.err


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def safe(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """An Orthanc that speaks DICOM over TLS only, and wants a certificate of whoever asks."""
    peer = authority.certificate("orthanc")
    options = {
        "DicomTlsEnabled": True, "DicomTlsCertificate": str(peer), "DicomTlsPrivateKey": str(authority.key_of(peer)),
        "DicomTlsTrustedCertificates": str(authority.file), "DicomTlsRemoteCertificateRequired": True,
    }  # fmt: skip
    with running(Orthanc(tmp_path_factory.mktemp("safe"), with_web=True, options=options)) as started:
        yield started


def test_tls_checks_the_peer_and_shows_our_certificate(safe: Orthanc, authority: Authority, tmp_path: Path) -> None:
    ours = authority.certificate("ours")
    files = {"ca_file": str(authority.file), "certificate": str(ours), "key_file": str(authority.key_of(ours))}
    node = safe.node(tls=True, host="localhost", **files)
    assert echo(node) == "fine"
    assert echo(replace(node, ca_file="")) == "archive_certificate", "it is not of an authority that is known here"
    assert echo(replace(node, host="127.0.0.1")) == "archive_certificate", "the certificate is another host's"
    assert echo(replace(node, certificate="", key_file="")) in {"archive_tls", "archive_unclear", "archive_lost"}
    assert echo(replace(node, tls=False)) in UNCLEAR
    assert echo(replace(node, ca_file=str(tmp_path / "none"))) == "archive_own_certificate"
    assert echo(replace(node, certificate=str(authority.file))) == "archive_own_certificate"


def test_https_checks_the_peer(orthanc: Orthanc, authority: Authority) -> None:
    with tls_front(authority.certificate("orthanc"), orthanc.http_port) as port:
        node = replace(orthanc.web_node(ca_file=str(authority.file)), url=f"https://localhost:{port}/dicom-web")
        assert echo(node, PASSWORD) == "fine"
        assert echo(node, "wrong") == "archive_password"
        assert echo(replace(node, ca_file=""), PASSWORD) == "archive_certificate"
        assert echo(replace(node, url=f"https://127.0.0.1:{port}/dicom-web"), PASSWORD) == "archive_certificate"
        assert echo(replace(node, url=f"http://localhost:{port}/dicom-web"), PASSWORD) in UNCLEAR


def test_a_film_comes_over_tls(safe: Orthanc, authority: Authority, tmp_path: Path) -> None:
    ours = authority.certificate("ours")
    node = safe.node(
        tls=True, host="localhost", ca_file=str(authority.file), certificate=str(ours),
        key_file=str(authority.key_of(ours)),
    )  # fmt: skip
    film = write_dicom(tmp_path / "film.dcm", hand_like())
    command = ["storescu", "-aet", "BONEAGE", "-aec", "ORTHANC", "+tls", str(authority.key_of(ours)), str(ours),
               "+cf", str(authority.file), "localhost", str(safe.dicom_port), str(film)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    control = Control()
    with open_archive(node, None, control) as archive:
        (series,) = find_page(archive, Query(), "").series
        fetched = fetch_series(archive, series, FilmCache(tmp_path), control)
    assert fetched.problem() is None
    assert len(fetched.paths) == 1


def test_dcmtk_as_a_second_opinion(tmp_path: Path) -> None:
    with dcmqrscp(tmp_path / "dcmtk") as node:
        assert echo(node) == "fine"
        assert echo(replace(node, ae_title="OTHER")) in {"archive_called_title", "archive_rejected"}
        films = [
            write_dicom(tmp_path / "plain.dcm", hand_like(), AccessionNumber="1"),
            write_dicom(tmp_path / "small.dcm", hand_like(), syntax=JPEG2000Lossless, AccessionNumber="2"),
        ]
        for film, proposed in zip(films, ([], ["-xv"]), strict=True):
            command = [
                "storescu",
                *proposed,
                "-aet",
                "BONEAGE",
                "-aec",
                "DCMTK",
                "127.0.0.1",
                str(node.port),
                str(film),
            ]
            subprocess.run(command, check=True, capture_output=True, timeout=60)
        control = Control()
        with open_archive(node, None, control) as archive:
            page = find_page(archive, Query(name="Doe", words=("hand",)), "")
            fetched = [fetch_series(archive, series, FilmCache(tmp_path), control) for series in page.series]
    assert [each.problem() for each in fetched] == [None, None]
    assert sum(len(each.paths) for each in fetched) == 2


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_what_was_fetched_is_for_its_owner_only(orthanc: Orthanc, tmp_path: Path) -> None:
    orthanc.upload(write_dicom(tmp_path / "film.dcm", hand_like()))
    control, cache = Control(), FilmCache(tmp_path / "data")
    with open_archive(orthanc.node(), None, control) as archive:
        (series,) = find_page(archive, Query(), "").series
        (path,) = fetch_series(archive, series, cache, control).paths
        again = fetch_series(archive, series, cache, control)
    assert (again.earlier, again.paths) == (1, (path,)), "a film that is here is not fetched twice"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
