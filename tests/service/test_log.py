"""No patient, no file name and nothing that a client sent is ever in the log; what fails shows no traceback."""

from __future__ import annotations

import io
import json
import logging
import socket
from pathlib import Path

import pytest

from bone_age_gui.service import log as service_log
from bone_age_gui.service.app import make_app
from bone_age_gui.service.guard import Guard
from bone_age_gui.service.uploads import Uploads
from bone_age_gui.service.waiting import Queue
from films import hand_like, write_dicom
from services import Service

NAME = "Miller^Ann"


def test_nothing_that_names_a_child_is_logged(service: Service, tmp_path: Path) -> None:
    film = write_dicom(tmp_path / f"{NAME}.dcm", hand_like(), PatientName=NAME, PatientID="MILLER-77")
    broken = tmp_path / f"{NAME}-broken.dcm"
    broken.write_bytes(film.read_bytes()[:5000])
    assert service.post(film, {"birth_date": "2015-05-05"}).status == 200
    assert service.post(broken).status == 422
    assert service.post(film, {"sex": NAME}).status == 400
    assert service.post(film, {NAME: "x"}).status == 400
    assert service.post(film, address=f"/estimate?name={NAME}").status == 200
    assert service.get(f"/{NAME}").status == 404
    service.client().request(NAME.replace("^", "-"), f"/{NAME}", headers={"X-Name": NAME})
    with socket.create_connection((service.host, service.port), 60) as client:
        client.sendall(f"GET /{NAME} HTTP/1.1\r\n broken {NAME}\r\nHost {NAME}\r\n\r\n".encode())
        assert b" 400 Bad Request" in client.recv(100)
    lines = [line for line in service.log if " /estimate " in line]
    assert len(lines) >= 5
    for secret in ("miller", "ann", "2015", film.name, str(tmp_path)):
        assert secret.lower() not in service.text.lower().replace("cannot be loaded", "")


class _Broken:
    """An engine with a mistake in it."""

    def estimate(self, *_: object) -> None:
        raise RuntimeError(NAME)


def test_a_mistake_in_the_program_is_an_answer_without_names(capsys: pytest.CaptureFixture[str]) -> None:
    with service_log.open_log():
        client = make_app(_Broken(), Queue(1, 1), Guard(), Uploads()).test_client()  # type: ignore[arg-type]
        with io.BytesIO(b"film") as stream:
            answer = client.post("/estimate", data={"film": (stream, f"{NAME}.dcm")})
        assert answer.status_code == 500
        assert json.loads(answer.data)["error"]["code"] == "internal"
        with io.BytesIO(b"film") as stream:
            page = client.post("/", data={"film": (stream, f"{NAME}.dcm")})
        assert page.status_code == 500
    words = capsys.readouterr()
    for text in (answer.text, page.text, words.out, words.err):
        assert "Miller" not in text
        assert "Traceback" not in text
    assert words.err.count(" 500 internal ") == 2


def test_the_web_server_and_its_framework_are_silent(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Their lines quote addresses as they were sent."""
    with service_log.open_log():
        for name in ("waitress", "waitress.queue", "werkzeug", "flask.app"):
            logging.getLogger(name).error("GET /%s", NAME)
        service_log.log.info("Listening")
    words = capsys.readouterr()
    assert "Miller" not in words.out + words.err + caplog.text
    assert "Listening" in words.err
