"""What the command lines say while they work, and of options that cannot be used.

The names of options stand here and in ``errors`` alone: the window never shows a sentence of either.
"""

from __future__ import annotations

from collections.abc import Collection

from bone_age_gui.core.values.facts import Fact
from bone_age_gui.wording.archive import PROTOCOLS
from bone_age_gui.wording.devices import device_note
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import Plural, fill

DESCRIPTION = "Bone age from radiographs of a child's hand."
EXIT_CODES = "Exit code: 0 all estimated, 3 some films were refused, 2 wrong usage or set-up, 1 not written."
SERVICE_EXIT_CODES = "Exit code: 0 after SIGTERM, 130 after Ctrl+C, 2 wrong usage or set-up."
STOPPED = "Stopped."
NO_SCREEN = (
    "bone-age-gui: there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set). Start it on a desktop, use "
    "'bone-age estimate FILE' for estimates without a window, or '--screenshot PNG' for a picture of the window."
)
DATES_SWAPPED = "the study date lies before the birth date: check --birth-date and --study-date"
NOTHING_TO_WATCH = "watch needs --folder DIR, --node NAME, or both (or --status)"
NO_REPORT_FOLDER = "--formats and --anonymise need --report DIR"
UNSEEN_NAMES = "names burnt into a film cannot be seen by the program; the reports of this command hold no pictures"
FORGOTTEN = "Forgotten."
ALL_FORGOTTEN = "Fetched films and waiting reports are forgotten."
ALL_WORKS = "Everything works."
_CHECKS_FAILED = Plural(
    "{checks} check failed. Install the program again.",
    "{checks} checks failed. Install the program again.",
    "checks",
)
_USING_CPU = "using the CPU: {reason}"
_NOT_PRINTED = "The output could not be written: {reason}."
_FOUND = Plural("{count} film found", "{count} films found", "count")
_STOPPED_AFTER = "stopped after {done} of {films} films; continue with --resume"
_WRITING = "writing the reports: {done} of {total}"
_MORE = "there are more studies; go on with --offset {offset}"
_SET_UP, _REMOVED = "{node} is set up.", "{node} is forgotten."
_AT = "{title} at {host}:{port}"
_NODE = "{name}: {protocol}, {where}"
_PASSWORD = "Password or token of {node}: "
_KEPT = {
    "keyring": "Kept in the keyring of the system.",
    "file": "Kept in a file of the program, which only its owner may read.",
}
"""Where a password lies, by the words of ``pacs.secrets``."""
_NOT_WHOLE = "'{text}' is not a whole number from {low} to {high:,}"
_NOT_A_PERCENTAGE = "'{text}' is not a percentage from {low:g} to {high:g}"
_NOT_IN_SD = "'{text}' is not a number of SD from {low:g} to {high:g}"
_NOT_FORMATS = "'{text}' is no list of {formats}"
_NOT_A_SIZE = "'{text}' is not a size like 1280x720"


def checks_failed(checks: int) -> str:
    """How many checks of the smoke test failed, and what to do."""
    return fill(_CHECKS_FAILED, {"checks": checks})


def using_cpu(note: Fact | str) -> str:
    """Why the network does not run on the GPU."""
    return fill(_USING_CPU, {"reason": device_note(note)})


def not_printed(reason: str) -> str:
    """Why the output could not be written."""
    return fill(_NOT_PRINTED, {"reason": reason})


def films_found(count: int) -> str:
    """How many films a folder has."""
    return fill(_FOUND, {"count": count})


def stopped_after(done: int, films: int) -> str:
    """How far a batch had come, and how to go on with it."""
    return fill(_STOPPED_AFTER, {"done": done, "films": films})


def writing_reports(done: int, total: int) -> str:
    """How far the reports of a batch are."""
    return fill(_WRITING, {"done": done, "total": total})


def more_studies(offset: int) -> str:
    """That an archive has more, and how to see it."""
    return fill(_MORE, {"offset": offset})


def node_set_up(node: str) -> str:
    """That an archive was set up or changed."""
    return fill(_SET_UP, {"node": node})


def node_removed(node: str) -> str:
    """That an archive and its password were forgotten."""
    return fill(_REMOVED, {"node": node})


def node_address(title: str, host: str, port: int) -> str:
    """``"PACS at pacs.example:11112"``."""
    return fill(_AT, {"title": title, "host": host, "port": port})


def node_line(name: str, protocol: str, where: str) -> str:
    """``"clinic: DICOM (C-FIND, C-GET, C-STORE), PACS at pacs.example:11112"``; ``protocol`` by its token."""
    return fill(_NODE, {"name": name, "protocol": tr(PROTOCOLS[protocol]), "where": where})


def password_question(node: str) -> str:
    """Asks for a password on the terminal."""
    return fill(_PASSWORD, {"node": node})


def password_kept(place: str) -> str:
    """Where a password lies now; ``place`` is a word of ``pacs.secrets``."""
    return fill(_KEPT[place], {})


def not_whole(text: str, low: int, high: int) -> str:
    """A whole number that is none, or out of its range."""
    return fill(_NOT_WHOLE, {"text": text, "low": low, "high": high})


def not_a_percentage(text: str, low: float, high: float) -> str:
    """A percentage that is none, or out of its range."""
    return fill(_NOT_A_PERCENTAGE, {"text": text, "low": low, "high": high})


def not_in_sd(text: str, low: float, high: float) -> str:
    """A limit in SD that is none, or out of its range."""
    return fill(_NOT_IN_SD, {"text": text, "low": low, "high": high})


def not_formats(text: str, formats: Collection[str]) -> str:
    """A list of kinds of reports that is none."""
    return fill(_NOT_FORMATS, {"text": text, "formats": tuple(formats)})


def not_a_size(text: str) -> str:
    """A size of the window that is none."""
    return fill(_NOT_A_SIZE, {"text": text})
