"""Refusals in words: what happened, why, and what to do next in the terms of the face that says it.

``core`` says what to do in words that hold everywhere. The command line adds the option that does it, by the error's
code; the window has a button or a field in sight and adds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.refusals.archives import ARCHIVES
from bone_age_gui.wording.refusals.batches import FILES
from bone_age_gui.wording.refusals.films import FILMS
from bone_age_gui.wording.refusals.keeping import KEEPING
from bone_age_gui.wording.refusals.models import MODELS
from bone_age_gui.wording.refusals.service import SERVICE
from bone_age_gui.wording.refusals.template import Details, Refusal
from bone_age_gui.wording.templates import fill

REFUSALS: dict[str, Refusal] = {**FILMS, **MODELS, **FILES, **SERVICE, **ARCHIVES, **KEEPING}
"""Every code, or code and reason, with its sentences."""
_UNNAMED = Refusal("The program failed", "It gives the reason {code}, for which it has no words. Please report this.")
_OPTIONS = {
    ("batch", "batch_exists"): "To continue it, add --resume.",
    ("batch", "disk_full"): "To continue it, add --resume.",
    ("batch", "no_cluster"): "To go on from there, add --resume.",
    ("batch", "no_distributed"): "Without --scheduler the films are estimated on this machine.",
    ("estimate", "no_hand"): "To have an estimate all the same, marked as doubtful, add --insist.",
    ("estimate", "part_of_hand"): "To have an estimate all the same, marked as doubtful, add --insist.",
    ("estimate", "illegible"): "To have an estimate all the same, marked as doubtful, add --insist.",
    ("estimate", "two_hands"): "Add --hand left or --hand right.",
    ("estimate", "sex_demanded"): "Add --sex F or --sex M, or leave out --demand-sex.",
    ("estimate", "unreadable folder"): "For all films of a folder: bone-age batch FOLDER --out DIR.",
    ("serve", "token_demanded"): "--token-file names the file; without --host and --allow-host no token is needed.",
    ("serve", "no_address"): "The options are --host and --port.",
    ("watch", "no_watch"): "Check --out.",
    ("batch", "no_films"): "To look into the folders below too, add --recursive.",
}
"""By command and code (or code and reason): the sentence that names the option that helps."""
_OPTION = re.compile(r"add --([a-z]+)", re.IGNORECASE)


@dataclass(frozen=True)
class ErrorWords:
    """What happened, in a few words without patient data or paths; and why, and what to do next."""

    title: str
    message: str


def command_line_error(error: BoneAgeError, options: Mapping[str, Any]) -> str:
    """Title, message and the option that helps, unless it is in use already; ``options`` holds the ``command`` too."""
    command = options.get("command", "")
    advice = _OPTIONS.get((command, f"{error.code} {error.why}"), _OPTIONS.get((command, error.code), ""))
    option = _OPTION.search(advice)
    is_in_use = option is not None and bool(options.get(option[1]))
    return " ".join(part for part in (error_line(error), "" if is_in_use else tr(advice)) if part)


def error_line(error: BoneAgeError) -> str:
    """Title and message on one line."""
    words = error_words(error)
    return f"{words.title}. {words.message}"


def error_words(error: BoneAgeError) -> ErrorWords:
    """What a user reads."""
    return refusal_words(error.code, error.why, error.details)


def refusal_words(code: str, why: str, details: Details) -> ErrorWords:
    """Title and message from the parts of an error, as a record keeps them."""
    refusal = REFUSALS.get(f"{code} {why}".strip())
    if refusal is None:  # of another version of the program
        return ErrorWords(tr(_UNNAMED.title), fill(_UNNAMED.message, {"code": code}))
    return ErrorWords(tr(refusal.title), fill(refusal.message, refusal.prepared(details)))


def refusal_title(code: str) -> str:
    """What happened, where only the code is known: the title of its first reason; empty for a code without words."""
    refusal = next((refusal for key, refusal in REFUSALS.items() if key.split()[0] == code), None)
    return tr(refusal.title) if refusal is not None else ""
