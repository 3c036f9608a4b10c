"""How requests come in, byte by byte: what is too slow is given up, and nobody refuses in the service's name."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("waitress", reason="waitress is not installed (extra 'service')")
from waitress.adjustments import Adjustments

from bone_age_gui.service.guard import Guard
from bone_age_gui.service.intake import REFUSAL_HEADER, IntakeLimits, channel_class

HEAD = b"POST /estimate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"


def parser(seconds: float) -> Any:
    """What takes one request."""
    return channel_class(Guard(), IntakeLimits(body=10_000, seconds=seconds)).parser_class(Adjustments())


def test_a_body_that_drips_is_given_up_and_one_in_time_is_not() -> None:
    for seconds, is_late in ((-1.0, True), (300.0, False)):
        request = parser(seconds)
        request.received(HEAD + b"\r\n")
        request.received(b"x")
        assert request.completed is is_late
        assert (request.headers.get(REFUSAL_HEADER) == "upload_too_slow") is is_late
    assert request.received(b"x" * 999) == 999
    assert request.completed
    assert REFUSAL_HEADER not in request.headers


def test_headers_that_drip_are_given_up() -> None:
    request = parser(-1.0)
    request.received(b"GET / HTTP/1.1\r\nHost: ")
    assert request.completed
    assert request.error.code == 408


def test_a_client_cannot_refuse_in_the_services_name() -> None:
    request = parser(300.0)
    request.received(HEAD + b"Bone-Age-Refusal: no_token\r\n\r\n")
    assert REFUSAL_HEADER not in request.headers
