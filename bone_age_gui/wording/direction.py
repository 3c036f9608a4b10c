"""Latin words and numbers inside a language that is written from right to left, kept in their own order.

Without marks, ``--resume``, ``card.inputs[0].shape``, ``12 y 8 m`` or a minus before a number fall apart in a Persian
sentence. Unicode's isolates (UAX #9), which nobody sees, hold such a run together, and hold a name or a file that was
put into a sentence apart from it. Only ``language`` calls this, for texts that people read.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from functools import lru_cache
from numbers import Real
from typing import Any

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
"""Codes of languages (ISO 639)."""
LEFT, FIRST, END = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
RIGHT = "\N{RIGHT-TO-LEFT MARK}"


def _runs() -> str:
    """A sign before it (-1.5, --resume), words joined by blanks, signs or operators, and what closes it."""
    word = r"(?:[A-Za-z0-9_\u00C0-\u024F\u06F0-\u06F9]+|%\([a-z_]+\)[sr]|%[sr])"
    sign = r"[^\s\w\u0600-\u06FF\u2066-\u2069\u00AB\u00BB\u2026]"
    operator = r" (?:[-+=/|&<>\u2013\u2212\u00D7]|->) "
    closing = r"""(?:://|[/\\*%\u00B0=]+|(?<='\d)"|(?<='\d\d)")?"""
    return rf"[-+\u2212\u00B1@#$~*./\\]*{word}(?:(?:{operator}|{sign}+| {sign}*){word})*{closing}"


_OPAQUE = re.compile(rf"[{LEFT}{FIRST}{END}]|<[a-z/!][^<>]*>|&[a-z]+;|&#\d+;|{_runs()}")
_PLAIN = re.compile(r"[A-Za-z0-9_\u00C0-\u024F\u06F0-\u06F9]+")
_CLOSING = {"(": ")", "[": "]", "{": "}", "'": "'", '"': '"'}
_LETTER = re.compile(r"[^\W\d_]")


class _Isolating(string.Formatter):
    """Fills a template, and keeps what has letters apart from the sentence round it."""

    def __init__(self, number: Callable[[Any, str], str]) -> None:
        self._number = number

    def format_field(self, value: object, format_spec: str) -> str:
        """A value as it stands in the sentence; a number joins the words beside it."""
        if is_number(value):
            return self._number(value, format_spec)
        text: str = super().format_field(value, format_spec)
        return isolated(text)


def is_number(value: object) -> bool:
    """Whether a value is written as a number: ``True`` and ``False`` are none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def filled(template: str, details: Mapping[str, object], number: Callable[[Any, str], str] = format) -> str:
    """A template of a right-to-left language with its places filled and its runs kept together.

    ``number`` writes a number by its format.
    """
    return with_runs_isolated(_Isolating(number).vformat(template, (), details))


def isolated(text: str) -> str:
    """A text of its own direction, whatever stands round it; numbers and lines of text stay as they are."""
    is_whole = text.startswith((LEFT, FIRST)) and text.endswith(END)
    return text if is_whole or "\n" in text or not _LETTER.search(text) else f"{FIRST}{text}{END}"


@lru_cache(maxsize=4096)
def with_runs_isolated(text: str) -> str:
    """A right-to-left text in which every run that would fall apart is isolated; what is isolated already stays."""
    parts, last, depth, place = [], 0, 0, 0
    while (match := _OPAQUE.search(text, place)) is not None:
        run, end = match[0], match.end()
        place = end
        if run in (LEFT, FIRST, END):
            depth += 1 if run != END else -1
        elif depth <= 0 and run[0] not in "<&":
            end = place = _closed(text, match.start(), end)
            run = text[match.start() : end]
            if not _PLAIN.fullmatch(run):
                parts += [text[last : match.start()], FIRST if "%" in run else LEFT, run, END]
                last = end
    return "".join([*parts, text[last:]])


def _closed(text: str, start: int, end: int) -> int:
    """End of a run together with the brackets and quotes that were opened in it."""
    waiting: list[str] = []
    for char in text[start:end]:
        if waiting and char == waiting[-1]:
            waiting.pop()
        elif char in _CLOSING:
            waiting.append(_CLOSING[char])
    while waiting and text[end : end + 1] == waiting[-1]:
        waiting.pop()
        end += 1
    return end
