"""Latin words and numbers inside a language that is written from right to left, kept in their own order.

Without marks, ``--resume``, ``card.inputs[0].shape``, ``12 y 8 m`` or a minus before a number fall apart in a Persian
sentence. Unicode's isolates (UAX #9), which nobody sees, hold such a run together, and hold a name or a file that was
put into a sentence apart from it. Only ``language`` calls this, for texts that people read.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from numbers import Real
from typing import Any

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
"""Codes of languages (ISO 639)."""
LEFT, FIRST, END = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
RIGHT = "\N{RIGHT-TO-LEFT MARK}"
_OF_OTHERS = frozenset({"R", "AL", "LRI", "FSI"})


def _runs() -> str:
    """A sign before it (-1.5, --resume), words joined by blanks, signs or operators, and what closes it."""
    word = r"(?:[A-Za-z0-9_\u00C0-\u024F\u06F0-\u06F9\u066B\u066C]+|%\([a-z_]+\)[sr]|%[sr])"
    sign = r"[^\s\w\u0600-\u06FF\u2066-\u2069\u00AB\u00BB\u2026]"
    operator = r" (?:[-+=/|&<>^\u2013\u2212\u00D7]|->) "
    closing = r"""(?:://|[/\\*%\u00B0=]+|(?<='\d)"|(?<='\d\d)")?"""
    return rf"[-+\u2212\u00B1@#$~*./\\]*{word}(?:(?:{operator}|{sign}+| {sign}*){word})*{closing}"


_OPAQUE = re.compile(rf"[{LEFT}{FIRST}{END}]|<[a-z/!][^<>]*>|&[a-z]+;|&#\d+;|{_runs()}")
_ONE_WORD = re.compile(r"[A-Za-z0-9_\u00C0-\u024F\u06F0-\u06F9\u066B\u066C]+")
_NUMBER = re.compile(r"\d+(?:[.,:/\u066B\u066C]\d+)*")
_ALL_LATIN = re.compile(r"[A-Za-z\u00C0-\u024F].*[A-Za-z0-9_\u00C0-\u024F]", re.DOTALL)
"""Such runs hold together by the rules of UAX #9, too: what stands between letters, or digits, goes with them.

A hyphen, a plus or a blank between digits does not (W2, W4): behind a Persian word ``4711-07`` would read ``07-4711``.
"""
_PARTED = re.compile(r"\d\s*[-+\s\u2010-\u2015\u2212]\s*\d")
_CLOSING = {"(": ")", "[": "]", "{": "}", "'": "'", '"': '"'}
_BRACKETS = ")]}"
_LETTER = re.compile(r"[^\W\d_]")


class _Isolating(string.Formatter):
    """Fills a template, and keeps what has letters apart from the sentence round it."""

    def __init__(self, number: Callable[[Any, str], str]) -> None:
        self._number = number

    def format_field(self, value: object, format_spec: str) -> str:
        """A value as it stands in the sentence; a number joins the words beside it."""
        text = (
            self._number(value, format_spec)
            if is_written_number(value)
            else str(super().format_field(value, format_spec))
        )
        is_a_number = text.startswith(LEFT) and text.endswith(END) and not _LETTER.search(text)
        return text[1:-1] if is_a_number else isolated(text)


def is_written_number(value: object) -> bool:
    """Whether a value is written as a number: ``True`` and ``False`` are none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def filled(template: str, details: Mapping[str, object], number: Callable[[Any, str], str] = format) -> str:
    """A template of a right-to-left language with its places filled and its runs kept together.

    ``number`` writes a number by its format.
    """
    return with_runs_isolated(_Isolating(number).vformat(template, (), details))


def isolated(text: str) -> str:
    """A text of its own direction, whatever stands round it.

    Numbers, single Latin words and lines of text stay as they are: the first two join what stands beside them. A number
    in parts (``4711-07``) is no such number.
    """
    is_one = text.startswith((LEFT, FIRST)) and text.endswith(END) and text.count(END) == 1
    is_plain = not _LETTER.search(text) and (END in text or not _PARTED.search(text))
    stays = is_one or "\n" in text or is_plain or _ONE_WORD.fullmatch(text)
    return text if stays else f"{FIRST}{text}{END}"


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
            is_cut = end < match.end()  # or the number behind the bracket would join the word before it
            if is_cut or "%" in run or not any(form.fullmatch(run) for form in (_ONE_WORD, _NUMBER, _ALL_LATIN)):
                parts += [text[last : match.start()], FIRST if "%" in run else LEFT, run, END]
                last = end
    return _from_the_right("".join([*parts, text[last:]]))


def _from_the_right(text: str) -> str:
    """With a mark before it, where what stands first would make a left-to-right line of it."""
    is_mixed = any(unicodedata.bidirectional(char) in _OF_OTHERS for char in text)
    return f"{RIGHT}{text}" if is_mixed and not _begins_right(text) else text


def _begins_right(text: str) -> bool:
    """Whether the first letter outside of isolates is a right-to-left one."""
    depth = 0
    for kind in map(unicodedata.bidirectional, text):
        depth += (kind in ("LRI", "FSI")) - (kind == "PDI")
        if not depth and kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def _closed(text: str, start: int, end: int) -> int:
    """End of a run together with the brackets and quotes that were opened in it.

    Before a bracket that is closed only behind other words the run ends: ``Pinneau (77 % ...)`` is no piece.
    """
    waiting: list[tuple[str, int]] = []
    for place in range(start, end):
        if waiting and text[place] == waiting[-1][0]:
            waiting.pop()
        elif text[place] in _CLOSING:
            waiting.append((_CLOSING[text[place]], place))
    while waiting and text[end : end + 1] == waiting[-1][0]:
        waiting.pop()
        end += 1
    opened = [place for closing, place in waiting if closing in _BRACKETS]
    return len(text[: opened[0]].rstrip()) if opened else end
