"""Real archives for the tests, on loopback, each with a folder and ports of its own: Orthanc and dcmtk's dcmqrscp."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui.pacs.nodes import Node, Protocol
from children import start

TITLE = "ORTHANC"
OURS = "BONEAGE"
USER, PASSWORD = "radiologist", "s3cret with ümlaut"
WEB_PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
_START_SECONDS = 60.0


def orthanc_program() -> str:
    """The path of Orthanc; skips the test where it is not installed."""
    program = shutil.which("Orthanc", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("Orthanc is not installed (Debian: orthanc)")
    return program


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Orthanc:
    """An Orthanc that can be ended and started again on the same folder and ports."""

    folder: Path
    title: str = TITLE
    with_web: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    dicom_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        settings: dict[str, Any] = {
            "Name": "test", "StorageDirectory": str(self.folder / "db"), "IndexDirectory": str(self.folder / "db"),
            "DicomAet": self.title, "DicomPort": self.dicom_port, "HttpPort": self.http_port,
            "DicomCheckCalledAet": True, "DicomAlwaysAllowEcho": False, "DicomAlwaysAllowFind": False,
            "DicomAlwaysAllowGet": False, "DicomAlwaysAllowStore": False, "RemoteAccessAllowed": False,
            "AuthenticationEnabled": True, "RegisteredUsers": {USER: PASSWORD},
            "HttpBindAddresses": ["127.0.0.1"], "OverwriteInstances": False, "UnknownSopClassAccepted": False,
            "DicomModalities": {
                "ours": {"AET": OURS, "Host": "127.0.0.1", "Port": 1, "AllowEcho": True, "AllowFind": True,
                         "AllowGet": True, "AllowStore": True},
            },
            "Plugins": [str(WEB_PLUGIN)] if self.with_web else [],
            "DefaultEncoding": "Utf8", "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
            **self.options,
        }  # fmt: skip
        path = self.folder / "orthanc.json"
        path.write_text(json.dumps(settings), encoding="utf-8")
        log = (self.folder / "log").open("ab")
        self.process = start([orthanc_program(), str(path)], stdout=log, stderr=log, cwd=self.folder)
        log.close()
        until = time.monotonic() + _START_SECONDS
        while not (_listens(self.dicom_port) and _listens(self.http_port)):
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def end(self, *, at_once: bool = False) -> None:
        if self.process is not None:
            self.process.kill() if at_once else self.process.terminate()
            self.process.wait(30)
            self.process = None

    def node(self, **changes: Any) -> Node:
        values: dict[str, Any] = {
            "name": "orthanc", "host": "127.0.0.1", "port": self.dicom_port, "ae_title": self.title, "words": ("hand",),
        }  # fmt: skip
        return Node(**(values | changes))

    def web_node(self, **changes: Any) -> Node:
        values: dict[str, Any] = {
            "name": "web", "protocol": Protocol.DICOMWEB, "url": f"http://127.0.0.1:{self.http_port}/dicom-web",
            "user": USER, "words": ("hand",),
        }  # fmt: skip
        return Node(**(values | changes))

    def ask(self, path: str, body: bytes | None = None) -> Any:
        """Orthanc's own interface, as a second look at what it holds."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.http_port}{path}", data=body)
        request.add_header("Authorization", f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}")
        with urllib.request.urlopen(request, timeout=30) as answer:
            content = answer.read()
        return json.loads(content) if content[:1] in b"[{" else content

    def delete(self, path: str) -> None:
        request = urllib.request.Request(f"http://127.0.0.1:{self.http_port}{path}", method="DELETE")
        request.add_header("Authorization", f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}")
        urllib.request.urlopen(request, timeout=30).close()

    def upload(self, path: Path) -> dict[str, Any]:
        answer: dict[str, Any] = self.ask("/instances", path.read_bytes())
        return answer

    def instances(self, modality: str = "*") -> list[dict[str, Any]]:
        """What it holds, as Orthanc itself sees it."""
        query = {"Level": "Instance", "Query": {"Modality": modality}, "Expand": True}
        answer: list[dict[str, Any]] = self.ask("/tools/find", json.dumps(query).encode())
        return answer

    def file(self, instance: dict[str, Any]) -> bytes:
        content: bytes = self.ask(f"/instances/{instance['ID']}/file")
        return content


@contextmanager
def running(orthanc: Orthanc) -> Iterator[Orthanc]:
    orthanc.start()
    try:
        yield orthanc
    finally:
        orthanc.end()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def dcmqrscp(folder: Path) -> Iterator[Node]:
    """dcmtk's archive."""
    if shutil.which("dcmqrscp") is None:
        pytest.skip("dcmqrscp is not installed (Debian: dcmtk)")
    port, store = free_port(), folder / "films"
    store.mkdir(parents=True)
    (folder / "dcmqrscp.cfg").write_text(
        f'NetworkTCPPort = {port}\nMaxPDUSize = 16384\nMaxAssociations = 16\n'
        f'HostTable BEGIN\nours = ({OURS}, 127.0.0.1, 1)\nHostTable END\nVendorTable BEGIN\nVendorTable END\n'
        f'AETable BEGIN\nDCMTK {store} RW (200, 1024mb) ANY\nAETable END\n',
        encoding="utf-8",
    )  # fmt: skip
    with (folder / "log").open("ab") as log:
        process = start(["dcmqrscp", "-c", str(folder / "dcmqrscp.cfg"), "+xv"], stdout=log, stderr=log, cwd=folder)
    try:
        until = time.monotonic() + _START_SECONDS
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.05)
        yield Node("dcmtk", host="127.0.0.1", port=port, ae_title="DCMTK", own_ae_title=OURS, words=("hand",))
    finally:
        process.terminate()
        process.wait(30)
