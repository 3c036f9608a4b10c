"""What the service writes to its log: no patient, no file name, no text that a client sent."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

log = logging.getLogger("bone_age.service")
_HELPS = {"wrong_host": "--allow-host NAME", "upload_too_large": "--max-mb N"}
"""By the code of a refusal: what lets it through. For those who run the service; a client cannot set it."""
_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}


@contextlib.contextmanager
def open_log() -> Iterator[None]:
    """While it is open: lines to stderr, for systemd; waitress and Flask, which quote addresses, are silent."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.handlers = [handler]
    log.propagate = False
    log.setLevel(logging.INFO)
    for name in ("waitress", "waitress.queue", "werkzeug", "flask.app"):
        quiet = logging.getLogger(name)
        quiet.handlers = [logging.NullHandler()]
        quiet.propagate = False
    try:
        yield
    finally:
        log.handlers = []


def log_request(method: str, rule: str | None, status: int, code: str | None, seconds: float) -> None:
    """One line for a request: the address as the service knows it, never as it was sent."""
    shown = method if method in _METHODS else "-"
    helps = f" (see {_HELPS[code]})" if code in _HELPS else ""
    log.info("%s %s %d %s %.3f s%s", shown, rule or "-", status, code or "ok", seconds, helps)
