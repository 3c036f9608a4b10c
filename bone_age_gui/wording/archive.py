"""What is said of archives, in lines for the terminal and for the window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import Plural, fill, joined

UNKNOWN_TEXT = "-"
SERIES_LISTED = Plural("{series} series", "{series} series", "series")
_IN_STUDIES = Plural("{listed} in {studies} study", "{listed} in {studies} studies", "studies")
FILMS_HERE = Plural("{films} film here", "{films} films here", "films")
_SINCE_BEFORE = "{films} of them since before"
_EARLIER_REPORTS = Plural("{reports} earlier report", "{reports} earlier reports", "reports")
_MISSING = "{films} missing"
_IN_ARCHIVE = Plural("{reports} report in the archive", "{reports} reports in the archive", "reports")
_SENT_BEFORE = "{reports} sent before"
_WAITING = Plural("{reports} report waits in the outbox", "{reports} reports wait in the outbox", "reports")
RUNNING, NOT_RUNNING = "The watch is running.", "No watch is running."
_STATES = {"waiting": "waiting", "sent": "sent"}
_OUTBOX = "Reports for {node}: {counts}"
_FREE = "Free on the disk: {megabytes:,.0f} MB"


def name_words(name: str) -> str:
    """``Doe^Jane`` as people write it: ``Doe, Jane``; the first way of writing of several."""
    parts = [part.strip() for part in name.split("=")[0].split("^")]
    family, given = parts[0], " ".join(part for part in parts[1:3] if part)
    return ", ".join(part for part in (family, given) if part) or UNKNOWN_TEXT


def matches_words(series: int, studies: int) -> str:
    """``2 series in 1 study``."""
    return fill(_IN_STUDIES, {"listed": fill(SERIES_LISTED, {"series": series}), "studies": studies})


def fetched_words(films: int, earlier: int, missing: int, reports: int) -> str:
    """What a fetch has brought."""
    words = [fill(FILMS_HERE, {"films": films})]
    if earlier:
        words.append(fill(_SINCE_BEFORE, {"films": earlier}))
    if reports:
        words.append(fill(_EARLIER_REPORTS, {"reports": reports}))
    if missing:
        words.append(fill(_MISSING, {"films": missing}))
    return joined(words)


def sent_words(sent: int, known: int, waiting: int) -> str:
    """What became of reports that were to be sent."""
    words = [fill(_IN_ARCHIVE, {"reports": sent})]
    if known:
        words.append(fill(_SENT_BEFORE, {"reports": known}))
    if waiting:
        words.append(fill(_WAITING, {"reports": waiting}))
    return joined(words)


_FACTS = {
    "started": "Started", "last_look": "Last look", "last_query": "Last answer of the archive",
    "last_film": "Last film", "last_sent": "Last report sent", "last_error": "Last error",
}  # fmt: skip
_OUTCOMES = {
    "estimated": "estimated", "doubtful": "doubtful, filed for a person", "refused": "refused, filed for a person",
    "other": "no hand's film", "in_hand": "in hand",
}  # fmt: skip


def status_text(state: Mapping[str, Any]) -> str:
    """How a watch stands, from what its JSON holds."""
    lines = [tr(RUNNING if state["running"] else NOT_RUNNING)]
    lines += [
        f"  {number:6} {tr(_OUTCOMES.get(outcome, outcome))}" for outcome, number in sorted(state["films"].items())
    ]
    lines += [f"  {number:6} {code}" for code, number in sorted(state["codes"].items())]
    for node, counts in sorted(state["outbox"].items()):
        words = joined(f"{number} {tr(_STATES.get(word, word))}" for word, number in sorted(counts.items()))
        lines.append(fill(_OUTBOX, {"node": node, "counts": words}))
    for name, title in _FACTS.items():
        if fact := state["facts"].get(name):
            lines.append(f"{tr(title)}: {' '.join(part for part in (fact['at'], fact['value']) if part)}")
    lines.append(fill(_FREE, {"megabytes": state["free_bytes"] / 2**20}))
    return "\n".join(lines)
