"""What the service refuses before any film is read, and the HTTP status of every refusal."""

from __future__ import annotations

from collections.abc import Callable

from bone_age_gui.core.values.errors import BoneAgeError

EARLY: dict[str, Callable[[], BoneAgeError]] = {
    "wrong_host": lambda: BoneAgeError("wrong_host"),
    "no_token": lambda: BoneAgeError("no_token"),
    "cross_site": lambda: BoneAgeError("cross_site"),
    "upload_too_large": lambda: BoneAgeError("upload_too_large"),
    "upload_too_slow": lambda: BoneAgeError("upload_too_slow"),
}
"""By the code that the intake hands on: requests that are refused before their body is looked at."""
BY_HTTP_STATUS: dict[int, Callable[[], BoneAgeError]] = {
    404: lambda: BoneAgeError("not_found"),
    405: lambda: BoneAgeError("wrong_method"),
    413: EARLY["upload_too_large"],
}
"""Refusals of Flask's own."""
_STATUSES = {
    "wrong_host": 403,
    "no_token": 401,
    "cross_site": 403,
    "upload_too_large": 413,
    "upload_too_slow": 408,
    "no_form": 415,
    "no_film": 400,
    "bad_field": 400,
    "bad_request": 400,
    "busy": 503,
    "stopping": 503,
    "gone": 499,
    "not_found": 404,
    "wrong_method": 405,
}
_FAILURES = {"internal": 500, "inference_failed": 500, "no_workers": 503, "no_memory": 503}
"""Errors of a film that are no fault of the film."""
_FILM_REFUSED = 422
_NEVER_SEEN = {"gone"}


def status_of(error: BoneAgeError) -> int:
    """The HTTP status: 4xx for whoever asked, 5xx where the service failed or is busy."""
    return {**_STATUSES, **_FAILURES}.get(error.code, _FILM_REFUSED)


def described() -> dict[int, list[str]]:
    """Codes by status, as far as a client meets them."""
    codes: dict[int, list[str]] = {}
    for code, status in _STATUSES.items():
        if code not in _NEVER_SEEN:
            codes.setdefault(status, []).append(code)
    return codes
