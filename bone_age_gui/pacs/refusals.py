"""Every error of the archive, in words: what happened, and what to do next. No patient, no path."""

from __future__ import annotations

from collections.abc import Iterable

from bone_age_gui.core.values.errors import BoneAgeError

CANCELLED = "archive_cancelled"


def unknown_node(name: str, known: Iterable[str]) -> BoneAgeError:
    names = ", ".join(known)
    listed = f"Known are: {names}." if names else "None is set up yet."
    return BoneAgeError(
        "Unknown archive", f"There is no archive by the name '{name}'. {listed} See the settings of archives.",
        "unknown_node",
    )  # fmt: skip


def bad_nodes(reason: str) -> BoneAgeError:
    return BoneAgeError(
        "The settings of archives cannot be used", f"{reason}. Correct them in the settings, or in nodes.json.",
        "bad_nodes",
    )  # fmt: skip


def lacks_package(name: str) -> BoneAgeError:
    return BoneAgeError(
        "A package for archives is missing",
        f"The package {name} is not installed here. Install the program with its part for archives: "
        "pip install 'bone-age-gui[pacs]'.",
        "archive_lacks_package",
    )


def connection_refused() -> BoneAgeError:
    return BoneAgeError(
        "The archive refused the connection",
        "The machine answers, but nothing listens at this port. Check the port, and that the archive runs.",
        "archive_refused",
    )


def no_route() -> BoneAgeError:
    return BoneAgeError(
        "No route to the archive", "The network does not lead to this machine. Check host, cable, and VPN.",
        "archive_no_route",
    )  # fmt: skip


def unknown_host() -> BoneAgeError:
    return BoneAgeError(
        "The archive's host is unknown", "No machine has this name here. Check the spelling, or type its address.",
        "archive_unknown_host",
    )  # fmt: skip


def timed_out() -> BoneAgeError:
    return BoneAgeError(
        "The archive does not answer",
        "Nothing came back in time. Check host and port; a firewall may swallow the connection.",
        "archive_timeout",
    )


def unknown_called_title(title: str) -> BoneAgeError:
    return BoneAgeError(
        "The archive has another AE title",
        f"It does not answer to the AE title {title}. Ask for its AE title, and correct it in the settings.",
        "archive_called_title",
    )


def unknown_calling_title(title: str) -> BoneAgeError:
    return BoneAgeError(
        "The archive does not know this program",
        f"Its administrator has to enter this program's AE title, {title}, with the address of this machine.",
        "archive_calling_title",
    )


def rejected(reason: str) -> BoneAgeError:
    return BoneAgeError(
        "The archive rejected the connection", f"It says: {reason}. Try again later, or ask its administrator.",
        "archive_rejected",
    )  # fmt: skip


def certificate(reason: str) -> BoneAgeError:
    return BoneAgeError(
        "The archive's certificate is not trusted",
        f"{reason}. Choose the file of its certificate authority in the settings, and check the host's name.",
        "archive_certificate",
    )


def own_certificate(reason: str) -> BoneAgeError:
    return BoneAgeError(
        "A certificate cannot be used",
        f"{reason}. Choose a certificate and its key as PEM files in the settings.",
        "archive_own_certificate",
    )


def no_encryption(reason: str) -> BoneAgeError:
    return BoneAgeError(
        "No encrypted connection",
        f"The archive ended the TLS handshake ({reason}). Check that this port speaks TLS, and whether it wants a "
        "certificate of this program.",
        "archive_tls",
    )


def no_service(what: str) -> BoneAgeError:
    return BoneAgeError(
        "The archive does not offer this", f"It accepted the connection, but no {what}. Ask its administrator.",
        "archive_no_service",
    )  # fmt: skip


def no_get() -> BoneAgeError:
    return BoneAgeError(
        "The archive knows only C-MOVE",
        "It hands out films by C-MOVE only, for which this program would have to open a port; it opens none. Put an "
        "Orthanc beside it as gateway (README, From the archive), or use its DICOMweb address.",
        "archive_no_get",
    )


def lost() -> BoneAgeError:
    return BoneAgeError(
        "The connection to the archive was lost",
        "It ended before everything was there. What is complete is kept; try again for the rest.",
        "archive_lost",
    )


def rubbish() -> BoneAgeError:
    return BoneAgeError(
        "The archive's answer makes no sense",
        "What it sent is no DICOM answer. Check host, port and address: another service may listen there.",
        "archive_rubbish",
    )


def too_much() -> BoneAgeError:
    return BoneAgeError(
        "The archive sends too much", "More came than any film has; the connection was ended. Ask its administrator.",
        "archive_too_much",
    )  # fmt: skip


def failed_status(what: str, status: int) -> BoneAgeError:
    return BoneAgeError(
        "The archive could not do it",
        f"It answered the {what} with status 0x{status:04X}. Ask its administrator; its log says more.",
        "archive_status",
    )


def failed_answer(what: str, status: int) -> BoneAgeError:
    return BoneAgeError(
        "The archive could not do it",
        f"It answered the {what} with HTTP status {status}. Check the address; its log says more.",
        "archive_status",
    )


def no_password(status: int) -> BoneAgeError:
    return BoneAgeError(
        "The archive wants a password",
        f"It refused user name, password or token (HTTP {status}). Enter them again in the settings.",
        "archive_password",
    )


def no_dicomweb(status: int) -> BoneAgeError:
    return BoneAgeError(
        "No DICOMweb at this address", f"The server answers, but knows no such page (HTTP {status}). Check the path.",
        "archive_no_dicomweb",
    )  # fmt: skip


def strange_object() -> BoneAgeError:
    return BoneAgeError(
        "The archive sent something else",
        "What came is not what was asked for, or names itself against the rules. It was not kept.",
        "archive_strange",
    )


def not_delivered() -> BoneAgeError:
    return BoneAgeError(
        "The archive did not send the film",
        "It lists this film but did not hand it out. Try again later, or ask its administrator.",
        "archive_not_delivered",
    )


def not_confirmed() -> BoneAgeError:
    return BoneAgeError(
        "The report is not in the archive yet",
        "The archive said that it took the report, but does not find it. It stays in the outbox and is tried again.",
        "archive_not_confirmed",
    )


def no_such_study() -> BoneAgeError:
    return BoneAgeError(
        "The film's study is not in this archive",
        "A report is filed with its film only. Send it to the archive that the film came from.",
        "archive_no_study",
    )


def anonymised() -> BoneAgeError:
    return BoneAgeError(
        "Anonymised reports are not sent",
        "In an archive nobody could tell whose report it is. Write the report without anonymising, and send that.",
        "archive_anonymised",
    )


def no_report() -> BoneAgeError:
    return BoneAgeError(
        "This is no report of this program",
        "Only its structured reports, PDF and secondary captures are sent, as DICOM files.",
        "archive_no_report",
    )


def no_password_kept(reason: str) -> BoneAgeError:
    return BoneAgeError(
        "The password could not be kept",
        f"{reason}. Give it by the environment variable of the archive instead (README, From the archive).",
        "archive_password_not_kept",
    )


def cancelled() -> BoneAgeError:
    return BoneAgeError("Cancelled", "The work with the archive was stopped. What is complete is kept.", CANCELLED)
