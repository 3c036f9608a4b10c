"""How requests come in: waitress takes whole bodies without a thread, and this refuses early what will be refused.

A slow upload holds a connection and nothing else. A request that the guard refuses, or that is too large, is read to
its end without keeping it (a client that still sends would not read an answer), and reaches the service with an empty
body and the code of its refusal.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from waitress.adjustments import Adjustments
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver, FixedStreamReceiver
from waitress.utilities import Error, RequestEntityTooLarge

from bone_age_gui.service.guard import Guard

REFUSAL_HEADER = "BONE_AGE_REFUSAL"
"""In the manner of WSGI; set here alone, taken out of what a client sends."""
MOST_DISCARDED = 2**30
"""A refused body of more bytes is not read to its end."""


@dataclass(frozen=True)
class IntakeLimits:
    """For one request: bytes of its body, and seconds until it is here."""

    body: int
    seconds: float = 300.0


class _NotInTimeError(Error):
    code = 408
    reason = "Request Timeout"


class _Nowhere(OverflowableBuffer):
    """A buffer that throws away what a refused request still sends."""

    def append(self, s: bytes) -> None:
        """Throw the bytes away."""


class _Parser(HTTPRequestParser):
    """One request as it arrives. Called in the one thread that reads all sockets."""

    headers: dict[str, str]
    command: str  # type: ignore[assignment]  # the stubs say bytes
    guard: Guard
    limits: IntakeLimits

    def __init__(self, adjustments: Adjustments) -> None:
        super().__init__(adjustments)
        self._started = time.monotonic()
        self._is_refused = False

    def received(self, piece: bytes) -> int:
        """Take bytes, say how many; sets ``completed``."""
        knew_headers = self.headers_finished
        consumed: int = super().received(piece)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = None
            self._refuse("upload_too_large", to_the_end=False)
        if self.error is not None or self.empty:
            return consumed
        if self.headers_finished and not knew_headers:
            self._judge()
        elif not self.completed:
            self._watch()
        if self.completed and self._is_refused:
            self.body_rcv = None
            self.headers["CONTENT_LENGTH"] = "0"
        return consumed

    def _judge(self) -> None:
        """Look at the headers, before the body comes."""
        self.headers.pop(REFUSAL_HEADER, None)
        code = self.guard.refusal(self.command, lambda name: self.headers.get(name, ""))
        if code is None and self.content_length > self.limits.body:
            code = "upload_too_large"
        if code is not None:
            self._refuse(code, to_the_end=self.content_length <= MOST_DISCARDED and not self.expect_continue)

    def _watch(self) -> None:
        """Look at what has come of the request so far."""
        if time.monotonic() - self._started > self.limits.seconds:
            if self.headers_finished:
                self._refuse("upload_too_slow", to_the_end=False)
            else:
                self.parse_header(b"GET / HTTP/1.0\r\n")  # as waitress does where headers are too large
                self.error = _NotInTimeError("The headers took too long.")
                self.completed = True
        elif not self._is_refused and self.body_bytes_received > self.limits.body:  # in chunks, without a length
            self._refuse("upload_too_large", to_the_end=True)

    def _refuse(self, code: str, *, to_the_end: bool) -> None:
        if not self._is_refused:
            self.headers[REFUSAL_HEADER] = code
        self._is_refused = True
        receiver = self.body_rcv
        if to_the_end and isinstance(receiver, (FixedStreamReceiver, ChunkedReceiver)):
            receiver.buf.close()
            receiver.buf = _Nowhere(0)
            return
        self.expect_continue = False
        self.headers["CONNECTION"] = "close"
        self.completed = True


def channel_class(guard: Guard, limits: IntakeLimits) -> type[HTTPChannel]:
    """The connections of one service."""
    parser = type("Parser", (_Parser,), {"guard": guard, "limits": limits})
    return type("Channel", (HTTPChannel,), {"parser_class": parser})
