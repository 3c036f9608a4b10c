"""Who may ask: the name by which the service was called, the token, and where a form comes from.

A page of any site can make a browser send requests to ``http://127.0.0.1:8080``. It never reads an answer (no CORS),
but a form could still be posted; and a name that its owner points to 127.0.0.1 (DNS rebinding) would make the service
the page's own site. So forms of other sites are refused, and every name but addresses, localhost and those allowed.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import os
import stat
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bone_age_gui.core.values.errors import BoneAgeError

TOKEN_VARIABLE = "BONE_AGE_TOKEN"
MIN_TOKEN_LENGTH = 16
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_OWN = ("same-origin", "none")
"""Sec-Fetch-Site of the service's own page, and of what a person typed."""

Header = Callable[[str], str]
"""A header by its name in the manner of WSGI (``"SEC_FETCH_SITE"``), empty where there is none."""


@dataclass(frozen=True)
class Guard:
    """The rules of one service: names beyond addresses and localhost, and the token if one is demanded."""

    allowed_hosts: Collection[str] = ()
    token: str | None = None

    def refusal(self, method: str, header: Header) -> str | None:
        """The code of the refusal (``wrong_host no_token cross_site``), ``None`` if the request is welcome."""
        if not self._is_own_name(header("HOST")):
            return "wrong_host"
        if self.token is not None and not _is_token(header("AUTHORIZATION"), self.token):
            return "no_token"
        if method not in _SAFE_METHODS and _is_foreign(header):
            return "cross_site"
        return None

    def _is_own_name(self, host: str) -> bool:
        name = _name_of(host)
        return bool(name) and (name == "localhost" or name in self.allowed_hosts or _is_address(name))


def is_loopback(host: str) -> bool:
    """True for ``localhost`` and addresses that only this machine reaches."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def read_token(file: Path | None) -> str | None:
    """The token from a file or else from the environment, where it does not stay; ``None`` if there is none.

    Raises ``BoneAgeError`` (``bad_token``) if it is too short, or if everybody may read the file.
    """
    text = os.environ.pop(TOKEN_VARIABLE, None)  # worker processes have no use for it
    if file is not None:
        text = _read_file(file)
    if text is None:
        return None
    token = text.strip()
    if len(token) < MIN_TOKEN_LENGTH or not token.isascii() or not token.isprintable() or " " in token:
        raise BoneAgeError("bad_token", "short", length=MIN_TOKEN_LENGTH)
    return token


def _read_file(file: Path) -> str:
    try:
        if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & stat.S_IROTH:
            raise BoneAgeError("bad_token", "open")
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BoneAgeError("bad_token", "unreadable", kind=type(error).__name__) from error


def _name_of(host: str) -> str:
    """``"[::1]:8080"`` -> ``"::1"``; empty for what is no host."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # ValueError for a port that is none
        is_plain = parts.netloc == host and parts.username is None
        return (parts.hostname or "").lower() if is_plain else ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_token(authorization: str, token: str) -> bool:
    """``Bearer TOKEN``, or a browser's ``Basic`` with the token as password; compared in constant time."""
    scheme, _, value = authorization.partition(" ")
    given = value.strip()
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            given = ""
    elif scheme.lower() != "bearer":
        given = ""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode())


def _is_foreign(header: Header) -> bool:
    """True for a form of another site. Programs send neither header: they hold no one's session."""
    site, origin = header("SEC_FETCH_SITE"), header("ORIGIN")
    if site and site not in _OWN:
        return True
    return bool(origin) and urlsplit(origin).netloc.lower() != header("HOST").lower()
