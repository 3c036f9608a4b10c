"""What is said of archives, in lines for the terminal and for the window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

UNKNOWN_TEXT = "-"


def name_words(name: str) -> str:
    """``Doe^Jane`` as people write it: ``Doe, Jane``; the first way of writing of several."""
    parts = [part.strip() for part in name.split("=")[0].split("^")]
    family, given = parts[0], " ".join(part for part in parts[1:3] if part)
    return ", ".join(part for part in (family, given) if part) or UNKNOWN_TEXT


def count_words(count: int, one: str, many: str | None = None) -> str:
    """``1 film``, ``2 films``."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def fetched_words(films: int, earlier: int, missing: int, reports: int) -> str:
    """What a fetch has brought."""
    words = [f"{count_words(films, 'film')} here"]
    if earlier:
        words.append(f"{earlier} of them since before")
    if reports:
        words.append(count_words(reports, "earlier report"))
    if missing:
        words.append(f"{missing} missing")
    return ", ".join(words)


def sent_words(sent: int, known: int, waiting: int) -> str:
    """What became of reports that were to be sent."""
    words = [f"{count_words(sent, 'report')} in the archive"]
    if known:
        words.append(f"{known} sent before")
    if waiting:
        words.append(f"{count_words(waiting, 'report waits', 'reports wait')} in the outbox")
    return ", ".join(words)


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
    lines = ["The watch is running." if state["running"] else "No watch is running."]
    lines += [f"  {number:6} {_OUTCOMES.get(outcome, outcome)}" for outcome, number in sorted(state["films"].items())]
    lines += [f"  {number:6} {code}" for code, number in sorted(state["codes"].items())]
    for node, counts in sorted(state["outbox"].items()):
        words = ", ".join(f"{number} {word}" for word, number in sorted(counts.items()))
        lines.append(f"Reports for {node}: {words}")
    for name, title in _FACTS.items():
        if fact := state["facts"].get(name):
            lines.append(f"{title}: {' '.join(part for part in (fact['at'], fact['value']) if part)}")
    lines.append(f"Free on the disk: {state['free_bytes'] / 2**20:,.0f} MB")
    return "\n".join(lines)
