"""Every error of an archive by its code; ``wording.refusals.archives`` says them."""

from __future__ import annotations

from collections.abc import Iterable

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact

CANCELLED = "archive_cancelled"
LOST = "archive_lost"


def unknown_node(name: str, known: Iterable[str]) -> BoneAgeError:
    names = tuple(known)
    if not names:
        return BoneAgeError("unknown_node", "none", name=name)
    return BoneAgeError("unknown_node", "other", name=name, known=names)


def bad_node(why: str, name: str) -> BoneAgeError:
    return BoneAgeError("bad_node", why, name=name)


def bad_nodes(problem: str | tuple[Fact, ...]) -> BoneAgeError:
    return BoneAgeError("bad_nodes", "broken", problem=problem)


def unreadable_nodes() -> BoneAgeError:
    return BoneAgeError("bad_nodes", "unreadable")


def lacks_package(package: str) -> BoneAgeError:
    return BoneAgeError("archive_lacks_package", package=package)


def connection_refused() -> BoneAgeError:
    return BoneAgeError("archive_refused")


def no_route() -> BoneAgeError:
    return BoneAgeError("archive_no_route")


def unknown_host() -> BoneAgeError:
    return BoneAgeError("archive_unknown_host")


def timed_out() -> BoneAgeError:
    return BoneAgeError("archive_timeout")


def unknown_called_title(title: str) -> BoneAgeError:
    return BoneAgeError("archive_called_title", title=title)


def unknown_calling_title(title: str) -> BoneAgeError:
    return BoneAgeError("archive_calling_title", title=title)


def rejected_association(reason: str) -> BoneAgeError:
    return BoneAgeError("archive_rejected", reason=reason)


def untrusted(reason: str) -> BoneAgeError:
    return BoneAgeError("archive_certificate", reason=reason)


def unusable_certificate(reason: str) -> BoneAgeError:
    return BoneAgeError("archive_own_certificate", "file", reason=reason)


def no_certificate() -> BoneAgeError:
    return BoneAgeError("archive_own_certificate", "content")


def locked_certificate() -> BoneAgeError:
    return BoneAgeError("archive_own_certificate", "password")


def no_encryption(reason: str) -> BoneAgeError:
    return BoneAgeError("archive_tls", reason=reason)


def no_service(why: str) -> BoneAgeError:
    return BoneAgeError("archive_no_service", why)


def no_get() -> BoneAgeError:
    return BoneAgeError("archive_no_get")


def lost() -> BoneAgeError:
    return BoneAgeError("archive_lost")


def ended_at_once() -> BoneAgeError:
    return BoneAgeError("archive_unclear", "silent")


def unclear() -> BoneAgeError:
    return BoneAgeError("archive_unclear")


def too_much() -> BoneAgeError:
    return BoneAgeError("archive_too_much")


def failed_status(operation: str, status: int) -> BoneAgeError:
    return BoneAgeError("archive_status", operation, status=f"0x{status:04X}")


def failed_answer(operation: str, status: int) -> BoneAgeError:
    return BoneAgeError("archive_http", operation, status=status)


def no_password(status: int) -> BoneAgeError:
    return BoneAgeError("archive_password", status=status)


def no_dicomweb(status: int) -> BoneAgeError:
    return BoneAgeError("archive_no_dicomweb", status=status)


def strange_object() -> BoneAgeError:
    return BoneAgeError("archive_strange")


def not_delivered() -> BoneAgeError:
    return BoneAgeError("archive_not_delivered")


def not_confirmed() -> BoneAgeError:
    return BoneAgeError("archive_not_confirmed")


def no_such_study() -> BoneAgeError:
    return BoneAgeError("archive_no_study")


def anonymised_report() -> BoneAgeError:
    return BoneAgeError("archive_anonymised")


def no_report() -> BoneAgeError:
    return BoneAgeError("archive_no_report")


def no_password_kept(problem: str) -> BoneAgeError:
    return BoneAgeError("archive_password_not_kept", problem=problem)


def cancelled_work() -> BoneAgeError:
    return BoneAgeError("archive_cancelled")
