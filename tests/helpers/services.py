"""The service as a program of its own, on a free port, and a real HTTP client for it."""

from __future__ import annotations

import contextlib
import io
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3

import bone_age_gui

ROOT = Path(bone_age_gui.__file__).parents[1]
START_SECONDS = 120.0
_ADDRESS = re.compile(r"Listening at http://(?:\[(?P<six>[^\]]+)\]|(?P<four>[^:]+)):(?P<port>\d+)/")


@dataclass
class Service:
    """A service that runs; ``log`` grows as it writes."""

    process: subprocess.Popen[str]
    log: list[str] = field(default_factory=list)
    host: str = ""
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def text(self) -> str:
        return "".join(self.log)

    def client(self, connections: int = 1) -> urllib3.HTTPConnectionPool:
        """A client that tries nothing twice."""
        return urllib3.HTTPConnectionPool(self.host, self.port, maxsize=connections, retries=False, timeout=300)

    def get(self, address: str, **headers: str) -> urllib3.BaseHTTPResponse:
        return self.client().request("GET", address, headers=hyphened(headers))

    def post(
        self,
        film: Path | None,
        fields: Mapping[str, str] | None = None,
        address: str = "/estimate",
        *,
        client: urllib3.HTTPConnectionPool | None = None,
        **headers: str,
    ) -> urllib3.BaseHTTPResponse:
        """Send a form, with the film under its own name."""
        return self.send(form(film, fields), address, client=client, **headers)

    def send(
        self,
        parts: Any,
        address: str = "/estimate",
        *,
        client: urllib3.HTTPConnectionPool | None = None,
        **headers: str,
    ) -> urllib3.BaseHTTPResponse:
        """Send any form; underscores in the names of headers become hyphens."""
        return (client or self.client()).request("POST", address, fields=parts, headers=hyphened(headers))

    def stop(self, number: int = signal.SIGTERM) -> int:
        """The exit code after a signal."""
        self.process.send_signal(number)
        return self.process.wait(60)


def hyphened(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): text for name, text in headers.items()}


def form(film: Path | None, fields: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The parts of a form as urllib3 takes them."""
    parts: dict[str, Any] = dict(fields or {})
    if film is not None:
        parts["film"] = (film.name, film.read_bytes(), "application/octet-stream")
    return parts


@contextlib.contextmanager
def serving(*options: str | Path, env: Mapping[str, str] | None = None) -> Iterator[Service]:
    """``bone-age serve`` on a free port of this machine, until the block ends."""
    command = [sys.executable, "-m", "bone_age_gui", "serve", "--port", "0", *map(str, options)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    service = Service(process)
    reader = threading.Thread(target=_follow, args=(service,), daemon=True)
    reader.start()
    try:
        _wait_until_it_listens(service)
        yield service
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
        reader.join(60)


def _follow(service: Service) -> None:
    assert service.process.stderr is not None
    for line in service.process.stderr:
        service.log.append(line)


def _wait_until_it_listens(service: Service) -> None:
    pause = threading.Event()
    for _ in range(round(START_SECONDS / 0.05)):
        if match := _ADDRESS.search(service.text):
            service.host, service.port = match["six"] or match["four"], int(match["port"])
            return
        if service.process.poll() is not None:
            break
        pause.wait(0.05)
    raise AssertionError(f"the service does not listen:\n{service.text}")


def printed(*arguments: str | Path) -> list[bytes]:
    """What ``bone-age estimate ... --json`` prints, a line for each film."""
    from bone_age_gui.__main__ import command_line

    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        assert command_line(["estimate", *map(str, arguments), "--device", "cpu", "--json"]) in (0, 3)
    return [line.encode() for line in text.getvalue().splitlines(keepends=True)]


def same(answer: bytes) -> bytes:
    """An answer without what differs from run to run (when it was made, how long it took) and where the film lay."""
    answer = re.sub(rb'"(created)": "[^"]*"', rb'"\1": ""', answer)
    answer = re.sub(rb'"(seconds)": [0-9.e-]+', rb'"\1": 0', answer)
    return re.sub(rb'"path": "(?:[^"]*/)?([^"/]*)"', rb'"path": "\1"', answer)
