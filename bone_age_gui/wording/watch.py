"""How a watch stands, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bone_age_gui.wording.days import exact_time
from bone_age_gui.wording.errors import refusal_title
from bone_age_gui.wording.language import number_text, tr
from bone_age_gui.wording.notices import doubt_name
from bone_age_gui.wording.templates import fill

_RUNNING, _NOT_RUNNING = "The watch is running.", "No watch is running."
_STATES = {"waiting": "waiting", "sent": "sent"}
_REPORTS_FOR = "Reports for {node}: {states}"
_STATE = "{count} {state}"
_FACT, _FACT_OF = "{title}: {at}", "{title}: {at} ({value})"
_FREE = "Free on the disk: {megabytes:,.0f} MB"
_FACTS = {
    "started": "Started", "last_look": "Last look", "last_query": "Last answer of the archive",
    "last_film": "Last film", "last_sent": "Last report sent", "last_error": "Last error",
}  # fmt: skip
_OUTCOMES = {
    "estimated": "estimated", "doubtful": "doubtful, filed for a person", "refused": "refused, filed for a person",
    "other": "not of a hand", "in_hand": "being worked on",
}  # fmt: skip
_REASONS = {
    "no_hand_film": "No film of a hand by its own tags",
    "disk_low": "The disk is nearly full",
    "disk_full": "The disk is full",
    "read_only": "The output folder cannot be written",
    "no_folder": "The output folder is gone",
    "not_written": "The output folder cannot be written",
}
"""What a watch means by codes that are no refusal of a film, or have other words where a report is written by hand."""


def status_text(state: Mapping[str, Any]) -> str:
    """How a watch stands, from what its JSON holds."""
    lines = [tr(_RUNNING) if state["running"] else tr(_NOT_RUNNING)]
    lines += [_counted(number, _outcome(outcome)) for outcome, number in sorted(state["films"].items())]
    lines += [_counted(number, _reason(code)) for code, number in sorted(state["codes"].items())]
    lines += [_outbox_line(node, counts) for node, counts in sorted(state["outbox"].items())]
    lines += [_fact_line(name, state["facts"][name]) for name in _FACTS if name in state["facts"]]
    lines.append(fill(_FREE, {"megabytes": state["free_bytes"] / 2**20}))
    return "\n".join(lines)


def _counted(number: int, words: str) -> str:
    return f"  {number_text(number):>6} {words}"


def _outcome(outcome: str) -> str:
    return tr(_OUTCOMES.get(outcome, outcome))


def _reason(code: str) -> str:
    """Why a film was refused or is doubtful, or why the watch cannot go on."""
    return tr(_REASONS.get(code, "")) or refusal_title(code) or doubt_name(code)


def _outbox_line(node: str, counts: Mapping[str, int]) -> str:
    states = tuple(
        fill(_STATE, {"count": number, "state": tr(_STATES.get(word, word))}) for word, number in sorted(counts.items())
    )
    return fill(_REPORTS_FOR, {"node": node, "states": states})


def _fact_line(name: str, fact: Mapping[str, str]) -> str:
    words = {"last_film": _outcome, "last_error": _reason}.get(name, str)
    details = {"title": tr(_FACTS[name]), "at": exact_time(fact["at"]), "value": words(fact["value"])}
    return fill(_FACT_OF if fact["value"] else _FACT, details)
