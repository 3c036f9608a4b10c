"""What the service writes to its log: no patient, no file name, no text that a client sent."""

from __future__ import annotations

import logging

log = logging.getLogger("bone_age.service")
_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}


def open_log() -> None:
    """Lines to stderr, where systemd takes them up; waitress and Flask stay silent: they quote addresses."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.handlers = [handler]
    log.propagate = False
    log.setLevel(logging.INFO)
    for name in ("waitress", "waitress.queue", "werkzeug", "flask.app"):
        quiet = logging.getLogger(name)
        quiet.handlers = [logging.NullHandler()]
        quiet.propagate = False


def log_request(method: str, rule: str | None, status: int, code: str | None, seconds: float) -> None:
    """One line for a request: the address as the service knows it, never as it was sent."""
    shown = method if method in _METHODS else "-"
    log.info("%s %s %d %s %.3f s", shown, rule or "-", status, code or "ok", seconds)
