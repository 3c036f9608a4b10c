"""The connection below DIMSE: limits of time and size, why it failed, and how it is cancelled at any moment.

pynetdicom says of a connection that failed only that it failed, waits without limit for the rest of a message, and
takes as much as a peer sends. It lets the socket be wrapped, as TLS does; ``Wire`` wraps every one.
"""

from __future__ import annotations

import errno
import socket
import ssl
import threading
from contextlib import suppress
from typing import Any

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.pacs import refusals
from bone_age_gui.pacs.nodes import Node

CONNECT_SECONDS = 4.0
RESOLVE_SECONDS = 2.0
READ_SECONDS = 30.0
MAX_BYTES = 2**30
"""Most that one connection may bring: a film has 10 to 60 MB, and one connection fetches one series."""
_NO_ROUTE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}


class _Watched:
    """What a socket does here beside what sockets do."""

    wire: Wire | None = None

    def connect(self, address: Any) -> None:
        try:
            super().connect(address)  # type: ignore[misc]
        except OSError as error:
            if self.wire is not None:
                self.wire.error = error
            raise

    def settimeout(self, seconds: float | None) -> None:
        """Never wait without end."""
        super().settimeout(READ_SECONDS if seconds is None and self.wire is not None else seconds)  # type: ignore[misc]

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        content: bytes = super().recv(buflen, flags)  # type: ignore[misc]
        if self.wire is not None:
            self.wire.count(len(content))
        return content


class _PlainSocket(_Watched, socket.socket):
    pass


class _SafeSocket(_Watched, ssl.SSLSocket):
    pass


class Wire:
    """One connection to a node; stands for the TLS context that pynetdicom is given.

    ``error`` is why it could not be opened, if so; ``is_flooded`` says that too much came.
    """

    def __init__(self, node: Node) -> None:
        self._context = tls_context(node) if node.tls else None
        self._socket: socket.socket | None = None
        self._bytes = 0
        self.error: OSError | None = None
        self.is_flooded = False

    def wrap_socket(self, sock: socket.socket, *, server_side: bool, server_hostname: str) -> socket.socket:
        """The watched socket in place of a plain one."""
        watched: _PlainSocket | _SafeSocket
        if self._context is None:
            watched = _PlainSocket(fileno=sock.detach())
        else:
            safe = self._context.wrap_socket(sock, server_side=server_side, server_hostname=server_hostname)
            assert isinstance(safe, _SafeSocket)
            watched = safe
        watched.wire = self
        self._socket = watched
        return watched

    @property
    def has_brought_anything(self) -> bool:
        """Whether a byte came."""
        return self._bytes > 0

    def count(self, arrived: int) -> None:
        """Note what came; ``OSError`` where it is too much."""
        self._bytes += arrived
        if self._bytes > MAX_BYTES:
            self.is_flooded = True
            raise OSError(errno.EMSGSIZE, "too much")

    def close(self) -> None:
        """Give the socket back, which pynetdicom leaves open where it could not connect."""
        if self._socket is not None:
            self._socket.close()

    def cut(self) -> None:
        """End the connection at once, from any thread."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def tls_context(node: Node) -> ssl.SSLContext:
    """Checks the peer's certificate and name, and shows our own where the node has one.

    Raises ``BoneAgeError`` (``archive_own_certificate``) where a file cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.sslsocket_class = _SafeSocket
    try:
        if node.ca_file:
            context.load_verify_locations(node.ca_file)
        else:
            context.load_default_certs()
        if node.certificate:
            context.load_cert_chain(node.certificate, node.key_file or None, password=_no_password)
    except ssl.SSLError as error:
        raise refusals.no_certificate() from error
    except OSError as error:
        raise refusals.unusable_certificate(error.strerror or type(error).__name__) from error
    return context


def _no_password() -> str:
    """Instead of asking on the terminal."""
    raise refusals.locked_certificate()


def ip_of(host: str, port: int) -> str:
    """The IP address of a host, looked up for at most ``RESOLVE_SECONDS``.

    Raises ``BoneAgeError``: ``archive_unknown_host archive_timeout``.
    """
    answers: list[Any] = []

    def look_up() -> None:
        try:
            answers.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.append(error)

    thread = threading.Thread(target=look_up, daemon=True, name="look-up")
    thread.start()
    thread.join(RESOLVE_SECONDS)
    if not answers:
        raise refusals.timed_out()
    if isinstance(answers[0], Exception):
        raise refusals.unknown_host() from answers[0]
    # IPv4 first: a DICOM node is entered by one address, and few of them listen on IPv6.
    first = min(answers, key=lambda answer: answer[0] != socket.AF_INET)
    return str(first[4][0])


def why_not_connected(error: OSError) -> BoneAgeError:
    """An error of the connection in words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return refusals.untrusted(error.verify_message or type(error).__name__)
    if isinstance(error, ssl.SSLError):
        return refusals.no_encryption((error.reason or "unknown").replace("_", " ").lower())
    if isinstance(error, TimeoutError):
        return refusals.timed_out()
    if isinstance(error, ConnectionRefusedError):
        return refusals.connection_refused()
    if error.errno in _NO_ROUTE:
        return refusals.no_route()
    if isinstance(error, socket.gaierror):
        return refusals.unknown_host()
    return refusals.lost()
