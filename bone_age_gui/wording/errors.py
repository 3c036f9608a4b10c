"""Refusals in words: what happened, why, and what to do next in the terms of the face that says it.

``core`` says what to do in words that hold everywhere. The command line adds the option that does it, by the error's
code; the window has a button or a field in sight and adds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bone_age_gui.core.values.errors import BoneAgeError

_OPTIONS = {
    ("batch", "batch_exists"): ("resume", "To continue it, add --resume."),
    ("batch", "disk_full"): ("resume", "To continue it, add --resume."),
    ("batch", "no_cluster"): ("resume", "To go on from there, add --resume."),
    ("batch", "no_distributed"): ("", "Without --scheduler the films are estimated on this machine."),
    ("estimate", "no_hand"): ("insist", "To have an estimate all the same, marked as doubtful, add --insist."),
    ("estimate", "part_of_hand"): ("insist", "To have an estimate all the same, marked as doubtful, add --insist."),
    ("estimate", "two_hands"): ("hand", "Add --hand left or --hand right."),
    ("batch", "no_films"): ("recursive", "To look into the folders below too, add --recursive."),
}
"""By command and code: the option that helps, and the sentence that names it."""


def command_line_error(error: BoneAgeError, options: Mapping[str, Any]) -> str:
    """Title, message and the option that helps, unless it is in use already; ``options`` holds the ``command`` too."""
    option, advice = _OPTIONS.get((options.get("command", ""), error.code), ("", ""))
    return " ".join(part for part in (error_line(error), "" if options.get(option) else advice) if part)


def error_line(error: BoneAgeError) -> str:
    """Title and message on one line."""
    return f"{error.title}. {error.message}"
