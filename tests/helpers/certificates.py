"""A certificate authority for the tests of encrypted connections, made by openssl."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


class Authority:
    """Makes certificates for ``localhost`` in a folder. Skips the test where openssl is not installed."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("openssl is not installed")
        self._folder = folder
        self.file = folder / "authority.pem"
        self._run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Test authority",
                  "-keyout", str(folder / "authority.key"), "-out", str(self.file))  # fmt: skip

    def certificate(self, name: str) -> Path:
        """A certificate as a PEM file; its key lies beside it."""
        path, request = self._folder / f"{name}.pem", self._folder / f"{name}.csr"
        if path.exists():
            return path
        names = self._folder / f"{name}.ext"
        names.write_text("subjectAltName=DNS:localhost\n", encoding="utf-8")
        self._run("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", str(self.key_of(path)),
                  "-out", str(request))  # fmt: skip
        self._run("x509", "-req", "-in", str(request), "-CA", str(self.file), "-CAkey",
                  str(self._folder / "authority.key"), "-CAcreateserial", "-days", "2", "-extfile", str(names),
                  "-out", str(path))  # fmt: skip
        return path

    @staticmethod
    def key_of(certificate: Path) -> Path:
        return certificate.with_suffix(".key")

    def _run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=120)


@contextmanager
def tls_front(certificate: Path, port: int) -> Iterator[int]:
    """A TLS port before a plain one, as hospitals put one before their archive; gives back its number.

    Debian's Orthanc 1.10 itself ends with a fault at the first HTTPS request.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, Authority.key_of(certificate))
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=forward, args=(plain,), daemon=True).start()

    def forward(plain: socket.socket) -> None:
        with (
            suppress(OSError),
            context.wrap_socket(plain, server_side=True) as safe,
            socket.create_connection(("127.0.0.1", port)) as behind,
        ):
            back = threading.Thread(target=copy, args=(behind, safe), daemon=True)
            back.start()
            copy(safe, behind)
            back.join(10)

    def copy(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(2**16):
                target.sendall(piece)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
