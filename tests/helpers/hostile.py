"""Archives that behave badly, on loopback, in this process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydicom import Dataset
from pydicom.uid import DigitalXRayImageStorageForPresentation

from archives import OURS
from bone_age_gui.pacs import contexts
from bone_age_gui.pacs.nodes import Node, Protocol

STUDY, SERIES, FILM = "1.2.3", "1.2.3.4", "1.2.3.4.5"


@contextmanager
def scp(**handlers: Callable[[Any], Any]) -> Iterator[Node]:
    """A DICOM service whose answers are those of ``handlers``: ``find``, ``get``, ``store``."""
    from pynetdicom import AE, _config, evt

    _config.LOG_REQUEST_IDENTIFIERS = _config.LOG_RESPONSE_IDENTIFIERS = False
    _config.LOG_HANDLER_LEVEL = "none"
    entity = AE(ae_title="HOSTILE")
    entity.add_supported_context(contexts.ECHO)
    for name, model in (("find", contexts.FIND), ("get", contexts.GET)):
        if name in handlers:
            entity.add_supported_context(model)
    for kind in (*contexts.FILM_CLASSES, *contexts.SENT_CLASSES):
        entity.add_supported_context(kind, list(contexts.PLAIN_SYNTAXES), scu_role=True, scp_role=True)
    events = {"find": evt.EVT_C_FIND, "get": evt.EVT_C_GET, "store": evt.EVT_C_STORE}
    bound = [(events[name], handler) for name, handler in handlers.items()]
    server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=bound)
    assert server is not None
    try:
        port = server.socket.getsockname()[1]
        yield Node("hostile", host="127.0.0.1", port=port, ae_title="HOSTILE", own_ae_title=OURS, words=())
    finally:
        server.shutdown()


def listed(level: str, **changes: str) -> Dataset:
    """An answer to a query at this level, as an honest archive gives it, but for ``changes``."""
    answer = Dataset()
    answer.QueryRetrieveLevel = level
    answer.StudyInstanceUID = STUDY
    if level != "STUDY":
        answer.SeriesInstanceUID = SERIES
        answer.Modality = "DX"
    if level == "IMAGE":
        answer.SOPInstanceUID = FILM
        answer.SOPClassUID = DigitalXRayImageStorageForPresentation
    for keyword, value in changes.items():
        setattr(answer, keyword, value)
    return answer


def finds_one(event: Any, **changes: str) -> Iterator[tuple[int, Dataset]]:
    """A handler of C-FIND that lists one film."""
    yield 0xFF00, listed(event.identifier.QueryRetrieveLevel, **changes)


@contextmanager
def raw(answer: Callable[[socket.socket], None]) -> Iterator[Node]:
    """A port where something else listens: ``answer`` gets each connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    answer(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield Node("raw", host="127.0.0.1", port=listener.getsockname()[1], ae_title="ANY", own_ae_title=OURS, words=())
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


@contextmanager
def web(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[Node]:
    """An HTTP server; ``answer`` gets each request."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer(self)

        def do_POST(self) -> None:
            if self.headers.get("Transfer-Encoding") == "chunked":
                while int(self.rfile.readline(), 16):
                    pass
            else:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer(self)

        def log_message(self, *arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}/dicom-web"
        yield Node("web", protocol=Protocol.DICOMWEB, url=address, words=())
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def reply(request: BaseHTTPRequestHandler, content: bytes, status: int = 200, kind: str = "application/json") -> None:
    """Send one answer."""
    request.send_response(status)
    request.send_header("Content-Type", kind)
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content)
