"""What is said of archives, in lines for the terminal and for the window."""

from __future__ import annotations

from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import Plural, fill, joined

UNKNOWN_TEXT = "-"
PROTOCOLS = {"dimse": "DICOM (C-FIND, C-GET, C-STORE)", "dicomweb": "DICOMweb (QIDO, WADO, STOW)"}
"""By the token of a protocol."""
NO_NODE = "No archive is set up yet. Choose Set up."
NO_MATCH = "Nothing matches."
NO_MATCH_YET = "Nothing matches. There are more studies."
ALL_SEEN = "All studies that match were looked into."
NO_ROW = "Choose one or more rows."
NO_REPORT = "Choose at least one report."
NOT_SENT = "Not sent: the reports wait in the outbox."
A_PICTURE = "A picture belongs to no study of an archive."
UNDECIDED = "Decide first whose bone age is final, the model's or yours: that releases the result."
TESTING = "Testing\N{HORIZONTAL ELLIPSIS}"
SENDING = "Sending\N{HORIZONTAL ELLIPSIS}"
WAITING, CANCELLED, FAILED = "waiting", "cancelled", "failed"
"""What becomes of a series that is to be fetched."""
_ASKING = "Asking {node}\N{HORIZONTAL ELLIPSIS}"
_ANSWERS = "{node} answers."
_SAME_NAME = "Two archives have the name {name}."
_NEW_NODE = "Archive {number}"
_WRONG_DAY = "{problem}."
_SERIES = Plural("{series} series", "{series} series", "series")
_SERIES_OF_MORE = Plural(
    "{series} series. There are more studies.", "{series} series. There are more studies.", "series"
)
_PAGE = Plural("{series} series in {studies} study", "{series} series in {studies} studies", "studies")
_OBJECTS = Plural("{objects} object", "{objects} objects", "objects")
_HERE = Plural("{films} film here", "{films} films here", "films")
_EARLIER = "{earlier} of them since before"
_REPORTS = Plural("{reports} earlier report", "{reports} earlier reports", "reports")
_MISSING = "{missing} missing"
_SENT = Plural("{sent} report in the archive", "{sent} reports in the archive", "sent")
_KNOWN = "{known} sent before"
_WAIT = Plural("{waiting} report waits in the outbox", "{waiting} reports wait in the outbox", "waiting")


def asking_words(node: str) -> str:
    """What is shown while an archive is asked."""
    return fill(_ASKING, {"node": node})


def answers_words(node: str) -> str:
    """That an archive has passed its test."""
    return fill(_ANSWERS, {"node": node})


def same_name_words(name: str) -> str:
    """Why the archives cannot be kept."""
    return fill(_SAME_NAME, {"name": name})


def new_node_name(number: int) -> str:
    """The name of an archive that is added."""
    return fill(_NEW_NODE, {"number": number})


def wrong_day_words(problem: str) -> str:
    """What is wrong with a date that was typed, as a sentence."""
    return fill(_WRONG_DAY, {"problem": problem})


def listed_words(series: int, has_more: bool) -> str:
    """How many series an archive has listed."""
    if not series:
        return tr(NO_MATCH_YET) if has_more else tr(NO_MATCH)
    return fill(_SERIES_OF_MORE if has_more else _SERIES, {"series": series})


def page_words(series: int, studies: int) -> str:
    """``"3 series in 2 studies"``."""
    return fill(_PAGE, {"series": series, "studies": studies})


def object_words(objects: int) -> str:
    """``"2 objects"``: what a series holds."""
    return fill(_OBJECTS, {"objects": objects})


def fetched_words(films: int, earlier: int, missing: int, reports: int) -> str:
    """What a fetch has brought."""
    words = [fill(_HERE, {"films": films})]
    if earlier:
        words.append(fill(_EARLIER, {"earlier": earlier}))
    if reports:
        words.append(fill(_REPORTS, {"reports": reports}))
    if missing:
        words.append(fill(_MISSING, {"missing": missing}))
    return joined(words)


def sent_words(sent: int, known: int, waiting: int) -> str:
    """What became of reports that were to be sent."""
    words = [fill(_SENT, {"sent": sent})]
    if known:
        words.append(fill(_KNOWN, {"known": known}))
    if waiting:
        words.append(fill(_WAIT, {"waiting": waiting}))
    return joined(words)
