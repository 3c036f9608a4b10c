"""What both command lines share about language: the option for it, and the words that argparse itself says."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from bone_age_gui.wording.language import SHIPPED, first_known, is_known, speak, tr, trn, wanted_by_system
from bone_age_gui.wording.templates import Plural

OPTION = "--language"
VERSION_HELP = "show program's version number and exit"
BY_ARGPARSE = (
    "usage: ",
    "positional arguments",
    "options",
    "show this help message and exit",
    VERSION_HELP,
    "subcommands",
    "%(prog)s: error: %(message)s\n",
    "argument %(argument_name)s: %(message)s",
    "the following arguments are required: %s",
    "one of the arguments %s is required",
    "not allowed with argument %s",
    "unrecognized arguments: %s",
    "unknown parser %(parser_name)r (choices: %(choices)s)",
    "invalid choice: %(value)r (choose from %(choices)s)",
    "invalid %(type)s value: %(value)r",
    "ignored explicit argument %r",
    "ambiguous option: %(option)s could match %(matches)s",
    "expected one argument",
    "expected at most one argument",
    "expected at least one argument",
)
"""Texts of the standard library; it fills them by ``%``."""
BY_ARGPARSE_COUNTED = Plural("expected %s argument", "expected %s arguments", "")
_HELP = "language of texts: {languages} (default: that of the system)"
_UNKNOWN = "'{code}' is not one of {languages}"


def speak_as_wanted(argv: Sequence[str] | None) -> None:
    """Take the language that the arguments or else the system ask for, before any help is made."""
    wanted = asked_for(sys.argv[1:] if argv is None else argv)
    speak(wanted if wanted is not None and is_known(wanted) else first_known(wanted_by_system()))
    module: Any = argparse  # the standard library asks for its own catalogue by these names
    module._ = lambda text: tr(text) if text else text
    module.ngettext = trn


def asked_for(argv: Sequence[str]) -> str | None:
    """The language that arguments name, before they are parsed."""
    for place, text in enumerate(argv):
        if text == "--":
            break
        if text.startswith(f"{OPTION}="):
            return text.partition("=")[2]
        if text == OPTION:
            return argv[place + 1] if place + 1 < len(argv) else None
    return None


def without_language(argv: Sequence[str]) -> list[str]:
    """The arguments from the first one on that says what to do."""
    rest = list(argv)
    while rest and rest[0].split("=")[0] == OPTION:
        del rest[: 1 if "=" in rest[0] else 2]
    return rest


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add the option."""
    parser.add_argument(OPTION, type=_known, metavar="CODE", help=tr(_HELP, languages=", ".join(SHIPPED)))


def _known(code: str) -> str:
    if not is_known(code):
        raise argparse.ArgumentTypeError(tr(_UNKNOWN, code=code, languages=", ".join(SHIPPED)))
    return code
