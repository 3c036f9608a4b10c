"""What the service refuses before any film is read: sentence, code and status, all in one place."""

from __future__ import annotations

from dataclasses import dataclass

from bone_age_gui.core.values.errors import BoneAgeError

_FAILURES = {"internal": 500, "inference_failed": 500, "no_workers": 503, "no_memory": 503}
"""Errors of a film that are no fault of the film."""
_FILM_REFUSED = 422


@dataclass(frozen=True)
class _Words:
    status: int
    title: str
    message: str


_REFUSALS = {
    "wrong_host": _Words(
        403,
        "The address is not known here",
        "The Host header names another server than this one. Ask by the address that the service printed, or start it "
        "with --allow-host NAME.",
    ),
    "no_token": _Words(
        401,
        "A token is needed",
        "Send it as 'Authorization: Bearer TOKEN', or type it as the password in a browser; any user name will do.",
    ),
    "cross_site": _Words(
        403,
        "The form comes from another site",
        "Films are taken from this service's own page, or from programs. Open the page of the service itself.",
    ),
    "upload_too_large": _Words(
        413,
        "The upload is too large",
        "A radiograph is much smaller. Send one film at a time, or start the service with a larger --max-mb.",
    ),
    "upload_too_slow": _Words(
        408, "The upload takes too long", "It was given up. Send the film again over a faster connection."
    ),
    "no_form": _Words(
        415, "This is no form", "Send multipart/form-data with the film's file in the field 'film'."
    ),
    "no_film": _Words(
        400,
        "There is no film",
        "Send multipart/form-data with one file in the field 'film', and its file name.",
    ),
    "bad_field": _Words(400, "A field is wrong", ""),
    "busy": _Words(
        503, "Too many films are waiting", "Try again after the seconds that the header Retry-After names."
    ),
    "stopping": _Words(503, "The service is stopping", "Try again when it runs."),
    "gone": _Words(499, "Nobody waits for the answer", "The connection was closed before the film's turn came."),
    "not_found": _Words(
        404, "There is nothing at this address", "/openapi.json lists what there is; / is a page to upload a film."
    ),
    "wrong_method": _Words(405, "This address takes another method", "The header Allow names those that it takes."),
    "bad_request": _Words(400, "The request cannot be understood", "Check it against /openapi.json."),
}  # fmt: skip


def refusal(code: str, message: str | None = None) -> BoneAgeError:
    """The refusal of this code; ``message`` in place of its own where one field is meant."""
    words = _REFUSALS[code]
    return BoneAgeError(words.title, message or words.message, code)


def is_known(code: str) -> bool:
    """True for a code of this file."""
    return code in _REFUSALS


def status_of(error: BoneAgeError) -> int:
    """The HTTP status: 4xx for whoever asked, 5xx where the service failed or is busy."""
    words = _REFUSALS.get(error.code)
    return words.status if words is not None else _FAILURES.get(error.code, _FILM_REFUSED)


def described() -> dict[int, list[str]]:
    """Codes by status, as far as a client meets them."""
    result: dict[int, list[str]] = {}
    for code, words in _REFUSALS.items():
        if code != "gone":
            result.setdefault(words.status, []).append(code)
    return result


def not_installed() -> BoneAgeError:
    """The extra is missing."""
    return BoneAgeError(
        "The web service is not installed",
        "It needs the extra 'service': install it with pip install 'bone-age-gui[service]'. The stand-alone program "
        "from an installer does not bring it.",
        "no_service",
    )


def token_demanded() -> BoneAgeError:
    """An address that others reach, without a token."""
    return BoneAgeError(
        "A token is needed for this address",
        "Other computers could reach the service. Put a secret of at least 16 characters into the environment variable "
        "BONE_AGE_TOKEN, or into a file that only you may read and that --token-file names; or leave --host and "
        "--allow-host out.",
        "token_demanded",
    )


def bad_token(why: str) -> BoneAgeError:
    """A token that nobody should rely on."""
    return BoneAgeError(
        "The token cannot be used",
        f"{why}. Make one with: openssl rand -hex 32",
        "bad_token",
    )


def no_address(why: str) -> BoneAgeError:
    """The address cannot be listened on."""
    return BoneAgeError(
        "The service cannot listen at this address",
        f"The system says: {why}. Choose another --port or --host, or stop the program that has it.",
        "no_address",
    )
