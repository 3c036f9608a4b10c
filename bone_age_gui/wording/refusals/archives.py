"""Why an archive is not reached, or does not do what was asked, and what a watch cannot do. No patient, no path."""

from __future__ import annotations

from bone_age_gui.wording.fields import with_problem_words
from bone_age_gui.wording.refusals.template import Refusal

_CHANGE = "Correct it in the settings."
_SETTINGS = "The settings of archives cannot be used"
_COULD_NOT = "The archive could not do it"
_OWN = "The certificate cannot be used"
_CHOOSE = "Choose a certificate and its key as PEM files in the settings."
_NO_SERVICE = "The archive does not offer this"
_NOT_KEPT = "The program's own data could not be written"
_NO_PLACE = "Something is in the way of the program's folder for its data, or the folder is gone. Make room for it."
_NO_RIGHT = "The program may not write into its folder for its data. Ask for the right to write there."
_FULL = "The disk is full. Make room, and try again."
_SYSTEM = "The system says: {problem}. Try again."

ARCHIVES: dict[str, Refusal] = {
    "unknown_node other": Refusal(
        "Unknown archive", "There is no archive by the name '{name}'. Known are: {known}. See the settings of archives."
    ),
    "unknown_node none": Refusal(
        "Unknown archive", "There is no archive by the name '{name}'. None is set up yet. See the settings of archives."
    ),
    "bad_node name": Refusal(
        _SETTINGS, "'{name}' is no name: it should have 1 to 40 letters, digits, spaces, dots or hyphens. " + _CHANGE
    ),
    "bad_node twice": Refusal(_SETTINGS, "Two archives have the name {name}. " + _CHANGE),
    "bad_node charset": Refusal(_SETTINGS, "{name}: this is no DICOM character set like ISO_IR 100. " + _CHANGE),
    "bad_node host": Refusal(
        _SETTINGS, "{name}: the host is missing, or holds characters that no host has. " + _CHANGE
    ),
    "bad_node port": Refusal(_SETTINGS, "{name}: a port is a number from 1 to 65535. " + _CHANGE),
    "bad_node title": Refusal(
        _SETTINGS, "{name}: an AE title has 1 to 16 characters of ASCII, and no backslash. " + _CHANGE
    ),
    "bad_node address": Refusal(
        _SETTINGS, "{name}: the address should begin with https:// or http:// and name a host. " + _CHANGE
    ),
    "bad_node secrets": Refusal(
        _SETTINGS, "{name}: the address should hold no user, password, question mark or hash. " + _CHANGE
    ),
    "bad_nodes broken": Refusal(
        _SETTINGS, "The file nodes.json is broken: {problem}. Correct it, or delete it.", with_problem_words
    ),
    "bad_nodes unreadable": Refusal(_SETTINGS, "The file nodes.json cannot be read. Correct it, or delete it."),
    "archive_lacks_package": Refusal(
        "A package for archives is missing",
        "The package {package} is not installed here. Install the program with its part for archives: "
        "pip install 'bone-age-gui[pacs]'.",
    ),
    "archive_refused": Refusal(
        "The archive refused the connection",
        "The machine answers, but nothing listens at this port. Check the port, and that the archive runs.",
    ),
    "archive_no_route": Refusal(
        "No route to the archive", "The network does not lead to this machine. Check host, cable, and VPN."
    ),
    "archive_unknown_host": Refusal(
        "The archive's host is unknown", "No machine has this name here. Check the spelling, or type its address."
    ),
    "archive_timeout": Refusal(
        "The archive does not answer",
        "Nothing came back in time. Check host and port; a firewall may swallow the connection.",
    ),
    "archive_called_title": Refusal(
        "The archive has another AE title",
        "It does not answer to the AE title {title}. Ask for its AE title, and correct it in the settings.",
    ),
    "archive_calling_title": Refusal(
        "The archive does not know this program",
        "Ask its administrator to enter this program's AE title, {title}, with the address of this machine.",
    ),
    "archive_rejected": Refusal(
        "The archive rejected the connection", "It says: {reason}. Try again later, or ask its administrator."
    ),
    "archive_certificate": Refusal(
        "The archive's certificate is not trusted",
        "The check says: {reason}. Choose the file of its certificate authority in the settings, and check the host's "
        "name.",
    ),
    "archive_own_certificate file": Refusal(_OWN, "The system says: {reason}. " + _CHOOSE),
    "archive_own_certificate content": Refusal(
        _OWN, "A file holds no PEM certificate, or a key that does not belong to it. " + _CHOOSE
    ),
    "archive_own_certificate password": Refusal(
        _OWN, "The key is protected by a password. Take that off, and let only its owner read the file."
    ),
    "archive_tls": Refusal(
        "No encrypted connection",
        "The archive ended the TLS handshake ({reason}). Check that this port speaks TLS, and whether it wants a "
        "certificate of this program.",
    ),
    "archive_no_service any": Refusal(
        _NO_SERVICE, "It accepted the connection, but no service that is needed here. Ask its administrator."
    ),
    "archive_no_service store": Refusal(
        _NO_SERVICE, "It accepted the connection, but no report of this kind. Ask its administrator."
    ),
    "archive_no_get": Refusal(
        "The archive knows only C-MOVE",
        "It hands out films by C-MOVE only, for which this program would have to open a port; it opens none. Put an "
        "Orthanc beside it as gateway (README, From the archive), or use its DICOMweb address.",
    ),
    "archive_lost": Refusal(
        "The connection to the archive was lost",
        "It ended before everything was there. What is complete is kept; try again for the rest.",
    ),
    "archive_unclear": Refusal(
        "The archive's answer makes no sense",
        "What it sent is no DICOM answer. Check host, port and address: another service may listen there, or one that "
        "expects TLS.",
    ),
    "archive_unclear silent": Refusal(
        "The connection was ended at once",
        "Something listens at this port, but it ended the connection without a word. Check host and port: another "
        "service may listen there, or the archive may expect another kind of connection, with TLS (https) or without.",
    ),
    "archive_too_much": Refusal(
        "The archive sends too much",
        "More came than any film has; the connection was ended. Ask its administrator.",
    ),
    "archive_status echo": Refusal(
        _COULD_NOT, "It answered the test with status {status}. Ask its administrator; its log says more."
    ),
    "archive_status query": Refusal(
        _COULD_NOT, "It answered the query with status {status}. Ask its administrator; its log says more."
    ),
    "archive_status report": Refusal(
        _COULD_NOT, "It did not take the report: status {status}. Ask its administrator; its log says more."
    ),
    "archive_http query": Refusal(
        _COULD_NOT, "It answered the query with HTTP status {status}. Check the address; its log says more."
    ),
    "archive_http film": Refusal(
        _COULD_NOT,
        "It did not hand out the film: HTTP status {status}. Ask its administrator; its log says more.",
    ),
    "archive_http report": Refusal(
        _COULD_NOT,
        "It did not take the report: HTTP status {status}. Ask its administrator; its log says more.",
    ),
    "archive_password": Refusal(
        "The archive wants a password",
        "It refused user name, password or token (HTTP {status}). Enter them again in the settings.",
    ),
    "archive_no_dicomweb": Refusal(
        "No DICOMweb at this address",
        "The server answers, but knows no such page (HTTP {status}). Check the path.",
    ),
    "archive_strange": Refusal(
        "The archive sent something else",
        "What came is not what was asked for, or names itself against the rules. It was not kept. "
        "Ask the archive's administrator.",
    ),
    "archive_not_delivered": Refusal(
        "The archive did not send the film",
        "It lists this film but did not hand it out. Try again later, or ask its administrator.",
    ),
    "archive_not_confirmed": Refusal(
        "The report is not in the archive yet",
        "The archive said that it took the report, but does not find it. It stays in the outbox and is tried "
        "again. If it stays there for long, ask the archive's administrator.",
    ),
    "archive_no_study": Refusal(
        "The film's study is not in this archive",
        "A report is filed with its film only. Send it to the archive that the film came from.",
    ),
    "archive_anonymised": Refusal(
        "Anonymised reports are not sent",
        "In an archive nobody could tell whose report it is. Write the report without anonymising, and send that.",
    ),
    "archive_no_report": Refusal(
        "This is no report of this program",
        "Only its structured reports, PDF and secondary captures are sent. Choose one of these, as a DICOM file.",
    ),
    "archive_password_not_kept": Refusal(
        "The password could not be kept",
        "The system says: {problem}. Give it by the environment variable of the archive instead (README, From the "
        "archive).",
    ),
    "archive_cancelled": Refusal(
        "Cancelled", "The work with the archive was stopped. What is complete is kept; begin again for the rest."
    ),
    "report_unreadable": Refusal("The report cannot be read", "The system says: {problem}. Check the file."),
    "outbox_broken": Refusal(
        "The outbox cannot be used",
        "Its file in the user's data folder is damaged or locked. End other windows of this program and try again; if "
        "that does not help, move the folder 'outbox' away.",
    ),
    "watch_running": Refusal(
        "This folder is watched already",
        "Another program watches and writes into the same output folder. End that one, or choose another folder.",
    ),
    "watch_ledger": Refusal(
        "The ledger of the watch cannot be used",
        "The file {file} in the output folder is damaged, or the disk is full. Make room, or choose another folder.",
    ),
    "no_watch": Refusal(
        "No watch writes here",
        "There is no ledger of a watch in this folder. Choose the folder that a watch writes to.",
    ),
    "ended_again": Refusal(
        "The program ended at this film",
        "It ended several times while it worked on this film, which is left alone now. Look at the film yourself, and "
        "please report it.",
    ),
    "disk_full data": Refusal(_NOT_KEPT, _FULL),
    "read_only data": Refusal(_NOT_KEPT, _NO_RIGHT),
    "no_folder data": Refusal(_NOT_KEPT, _NO_PLACE),
    "not_written data": Refusal(_NOT_KEPT, _SYSTEM),
}
