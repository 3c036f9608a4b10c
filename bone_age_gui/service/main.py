"""``bone-age serve``: from the options to a service that runs until it is told to stop."""

from __future__ import annotations

import argparse
import contextlib
import select
import signal
import socket
import sys
from collections.abc import Iterator
from types import FrameType

from waitress.server import TcpWSGIServer, create_server

from bone_age_gui import paths
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.values.cut_offs import CutOffs
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.exit_codes import ExitCode
from bone_age_gui.service.app import make_app
from bone_age_gui.service.engine import FlagRule, ServiceEngine
from bone_age_gui.service.guard import MIN_TOKEN_LENGTH, Guard, is_loopback, read_token
from bone_age_gui.service.intake import MOST_DISCARDED, IntakeLimits, channel_class
from bone_age_gui.service.log import log, open_log
from bone_age_gui.service.uploads import Uploads
from bone_age_gui.service.waiting import Queue
from bone_age_gui.wording.devices import device_note
from bone_age_gui.wording.values import device_words

_SPARE_THREADS = 4
"""For what needs no place in the queue: pages, health, refusals."""
_SPARE_CONNECTIONS = 100
"""Uploads under way and clients that keep a connection, beside the films that wait."""
_RECEIVED_AT_ONCE = 2**18
_IN_MEMORY = 2**24
"""Larger uploads lie on the disk until their turn; most films are smaller."""


def run(options: argparse.Namespace) -> int:
    """Serve until SIGTERM (0) or Ctrl+C (``KeyboardInterrupt``, after a clean stop).

    Raises ``BoneAgeError``: ``token_demanded bad_token no_address``, and for an unusable model ``model_not_found
    bad_card card_schema model_damaged model_unusable bad_signature cuda_unavailable``; of the tables ``growth_missing
    growth_broken``.
    """
    guard = _guard(options)
    cut_offs = CutOffs(options.firm_below, options.firm_above)
    reference = GrowthReference.load_all(paths.growth_dir(), own=options.reference, cut_offs=cut_offs)
    with open_log():
        with contextlib.ExitStack() as stack:
            listener = stack.enter_context(_listen(options.host, options.port))
            signals = stack.enter_context(_Signals())
            rule = FlagRule(options.threshold_sd, options.demand_sex)
            engine = ServiceEngine(options.model, options.device, options.workers, reference, rule)
            stack.callback(engine.close)
            uploads = Uploads()
            stack.callback(uploads.close)
            queue = Queue(options.workers, options.queue)
            signals.closing.append(queue)
            server = _server(engine, queue, guard, uploads, listener, options)
            stack.callback(server.close)
            _announce(listener, engine, options)
            server.run()  # until a signal ends it; then it waits a few seconds for films in work
        log.info("Stopped")
    if signals.first == signal.SIGINT:
        raise KeyboardInterrupt
    return ExitCode.DONE


def _guard(options: argparse.Namespace) -> Guard:
    token = read_token(options.token_file)
    if token is None and (options.allow_host or not is_loopback(options.host)):
        raise BoneAgeError("token_demanded", length=MIN_TOKEN_LENGTH)
    return Guard(tuple(name.lower() for name in options.allow_host), token)


@contextlib.contextmanager
def _listen(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=1024)
    except OverflowError as error:
        raise BoneAgeError("no_address", "port") from error
    except OSError as error:
        raise BoneAgeError("no_address", system=error.strerror or type(error).__name__) from error
    with listener:
        yield listener


def _server(
    engine: ServiceEngine,
    queue: Queue,
    guard: Guard,
    uploads: Uploads,
    listener: socket.socket,
    options: argparse.Namespace,
) -> TcpWSGIServer:
    server = create_server(
        make_app(engine, queue, guard, uploads),
        sockets=[listener],
        threads=options.workers + options.queue + _SPARE_THREADS,
        connection_limit=options.workers + options.queue + _SPARE_CONNECTIONS,
        channel_request_lookahead=1,  # so that a client that leaves is noticed
        recv_bytes=_RECEIVED_AT_ONCE,
        inbuf_overflow=_IN_MEMORY,
        max_request_body_size=MOST_DISCARDED,
        max_request_header_size=2**15,
        asyncore_use_poll=hasattr(select, "poll"),
        log_socket_errors=False,
        ident=None,
    )
    assert isinstance(server, TcpWSGIServer)  # one socket makes one server
    server.channel_class = channel_class(guard, IntakeLimits(options.max_mb * 2**20))
    return server


def _announce(listener: socket.socket, engine: ServiceEngine, options: argparse.Namespace) -> None:
    predictor = engine.predictor
    host, port = listener.getsockname()[:2]
    if predictor.fallback_reason:
        log.warning("Using the CPU: %s", device_note(predictor.fallback_reason))
    if not is_loopback(host):
        log.warning("Films and token travel unencrypted: put a reverse proxy with TLS in front")
    model, device = predictor.bundle, device_words(predictor.device)
    log.info("Model %s %s on %s", model.name, model.version, device)
    names = ", ".join(["addresses", "localhost", *options.allow_host])
    log.info("Answers to %s (--allow-host); takes up to %d MB at once (--max-mb)", names, options.max_mb)
    log.info("Listening at http://%s:%s/", f"[{host}]" if ":" in host else host, port)


class _Signals:
    """The first SIGTERM or Ctrl+C ends the service in order; later ones change nothing."""

    def __init__(self) -> None:
        self.first: int | None = None
        self.closing: list[Queue] = []

    def __enter__(self) -> _Signals:
        self._before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _stop(self, number: int, _: FrameType | None) -> None:
        if self.first is not None:
            return
        self.first = number
        for queue in self.closing:
            queue.close()
        sys.exit(ExitCode.INTERRUPTED if number == signal.SIGINT else ExitCode.DONE)
