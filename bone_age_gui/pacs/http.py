"""The HTTP connection below DICOMweb: limits of time and size, and failures as ``BoneAgeError``."""

from __future__ import annotations

import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.pacs import refusals
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.nodes import Node
from bone_age_gui.pacs.wire import CONNECT_SECONDS, MAX_BYTES, READ_SECONDS, ip_of, tls_context, why_not_connected

if TYPE_CHECKING:
    import requests

_CHUNK = 2**16
_WHOLE_SECONDS = 600.0
"""Longest time for one answer, however slowly it comes."""
_PASSWORD = (401, 403)
_NO_PAGE = (404, 405, 501)


class WebSession:
    """A session of requests to one node: its certificate checked, answers of limited size, ended by the control.

    ``has_answered`` is true once it sent the head of any answer.
    """

    def __init__(self, node: Node, secret: str | None, control: Control) -> None:
        try:
            import requests
        except ImportError as error:
            raise refusals.lacks_package("requests") from error

        parts = urlsplit(node.url)
        if not requests.utils.get_environ_proxies(node.url):
            ip_of(parts.hostname or "", parts.port or 443)  # requests looks names up without limit
        self.timeout = (CONNECT_SECONDS, READ_SECONDS)
        self.requests = requests.Session()
        self.has_answered = False
        self._control = control
        self.requests.hooks["response"] = [self._read]
        self._identify(node, secret)
        self._sockets: list[socket.socket] = []
        self.requests.verify = node.ca_file or True
        self.requests.mount("https://", _adapter(tls_context(node), self._sockets))
        self.requests.mount("http://", _adapter(None, self._sockets))
        self._stack = ExitStack()
        self._stack.enter_context(control.closing(self._cut))

    def close(self) -> None:
        """Close every connection."""
        self._stack.close()
        self.requests.close()

    def _cut(self) -> None:
        """End every connection at once, from any thread."""
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _identify(self, node: Node, secret: str | None) -> None:
        if node.user:
            self.requests.auth = _Basic(node.user, secret or "")
        elif secret:
            self.requests.auth = _Bearer(secret)
        else:
            self.requests.auth = _nothing  # not what lies in a .netrc

    def _read(self, answer: requests.Response, **_: Any) -> requests.Response:
        """Take the content piece by piece, so that it can be cancelled and never fills the memory."""
        self.has_answered = True
        pieces, size, until = [], 0, time.monotonic() + _WHOLE_SECONDS
        for piece in answer.iter_content(_CHUNK):
            self._control.look()
            size += len(piece)
            if size > MAX_BYTES:
                raise refusals.too_much()
            if time.monotonic() > until:
                raise refusals.timed_out()
            pieces.append(piece)
        answer._content = b"".join(pieces)
        return answer


class _Basic:
    """With names and passwords of any letters, which requests itself writes as Latin 1."""

    def __init__(self, user: str, password: str) -> None:
        self._words = b64encode(f"{user}:{password}".encode()).decode("ascii")

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Basic {self._words}"
        return request


class _Bearer:
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _nothing(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _adapter(context: ssl.SSLContext | None, sockets: list[socket.socket]) -> requests.adapters.HTTPAdapter:
    """An adapter whose connections trust what the node trusts and are noted in ``sockets``.

    It leaves the wildcard as it is.

    ``*`` may stand in an address (RFC 3986, 2.2), and the plugin of Orthanc (1.7) does not read it otherwise.
    """
    from requests.adapters import HTTPAdapter

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *arguments: Any, **options: Any) -> Any:
            super().init_poolmanager(*arguments, **options, ssl_context=context)  # type: ignore[no-untyped-call]
            self.poolmanager.pool_classes_by_scheme = _pools(sockets)

        def send(self, request: requests.PreparedRequest, *rest: Any, **options: Any) -> requests.Response:
            request.url = (request.url or "").replace("%2A", "*")
            return super().send(request, *rest, **options)

    return Adapter()


def _pools(sockets: list[socket.socket]) -> dict[str, Any]:
    """Pools of urllib3 by scheme, whose connections put their sockets into the list."""
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            sockets.append(self.sock)

    class Safe(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            sockets.append(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SafePool(HTTPSConnectionPool):
        ConnectionCls = Safe

    return {"http": PlainPool, "https": SafePool}


@contextmanager
def explained(operation: str, control: Control, has_answered: Callable[[], bool]) -> Iterator[None]:
    """Whatever fails inside becomes a ``BoneAgeError``.

    ``operation`` (``test query report ...``) names what was asked for; ``has_answered`` says if anything came.
    """
    import requests

    try:
        yield
    except BoneAgeError:
        raise
    except requests.HTTPError as error:
        raise _by_status(operation, error.response.status_code if error.response is not None else 0) from error
    except requests.RequestException as error:
        control.look()
        cause = _by_cause(error)
        never_said_a_word = cause.code == refusals.LOST and not has_answered()
        raise (refusals.ended_at_once() if never_said_a_word else cause) from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise refusals.unclear() from error


def _by_status(operation: str, status: int) -> BoneAgeError:
    if status in _PASSWORD:
        return refusals.no_password(status)
    return refusals.no_dicomweb(status) if status in _NO_PAGE else refusals.failed_answer(operation, status)


def _by_cause(error: Exception) -> BoneAgeError:
    """The error of the system below those of requests and urllib3."""
    import requests

    causes = list(_causes(error))
    for kind in (BoneAgeError, ssl.SSLError, socket.gaierror, ConnectionRefusedError, TimeoutError):
        for cause in causes:
            if isinstance(cause, kind):
                return cause if isinstance(cause, BoneAgeError) else why_not_connected(cause)
    if isinstance(error, requests.Timeout):
        return refusals.timed_out()
    kinds = requests.exceptions
    if isinstance(error, (kinds.ContentDecodingError, kinds.JSONDecodeError, kinds.TooManyRedirects)):
        return refusals.unclear()
    by_system = [cause for cause in causes if isinstance(cause, OSError) and cause.errno]
    return why_not_connected(by_system[0]) if by_system else _by_protocol(causes)


def _by_protocol(causes: list[BaseException]) -> BoneAgeError:
    from http.client import BadStatusLine, RemoteDisconnected

    broken = any(isinstance(cause, BadStatusLine) and not isinstance(cause, RemoteDisconnected) for cause in causes)
    return refusals.unclear() if broken else refusals.lost()


def _causes(error: BaseException) -> Iterator[BaseException]:
    waiting, visited = [error], set[int]()
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in visited:
            continue
        visited.add(id(cause))
        yield cause
        nearby = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        waiting += [each for each in nearby if isinstance(each, BaseException)]
