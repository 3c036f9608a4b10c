"""Lines of text: how wide they are, where they are broken, and what is left out; widths in millimetres."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from matplotlib.textpath import TextToPath

from bone_age_gui.report.pdf.fonts import drawable, font
from bone_age_gui.wording.direction import END, FIRST, LEFT, RIGHT

_POINT = 25.4 / 72
_RIGHT = "\N{RIGHT-TO-LEFT ISOLATE}"


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width of one line in mm."""
    width, _, _ = TextToPath().get_text_width_height_descent(drawable(text), font(text, size, bold), ismath=False)
    return float(width) * _POINT


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Break text into lines no wider than ``width`` mm; a word that is too long is broken too."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if text_width(joined, size, bold) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _break(word, width, size, bold)
        lines += full
    return closed([*lines, line] if line else lines)


def _break(word: str, width: float, size: float, bold: bool) -> list[str]:
    pieces, piece = [], ""
    for char in word:
        if piece and text_width(piece + char, size, bold) > width:
            pieces.append(piece)
            piece = ""
        piece += char
    return [*pieces, piece]


def shorten(text: str, width: float, size: float, bold: bool = False, *, middle: bool = False) -> str:
    """Text on one line of ``width`` mm; what is cut off, at the end or in the middle, is marked."""
    if text_width(text, size, bold) <= width:
        return text
    dots = "\N{HORIZONTAL ELLIPSIS}"
    for length in range(len(text) - 1, 0, -1):
        tail = length // 2 if middle else 0
        shorter = closed([text[: length - tail] + dots + (text[-tail:] if tail else "")])[0]
        if text_width(shorter, size, bold) <= width:
            return shorter
    return dots


def widest(texts: Iterable[str], size: float, bold: bool = False) -> float:
    """Width in mm of the widest of some lines, 0 if there is none."""
    return max((text_width(text, size, bold) for text in texts), default=0.0)


def closed(lines: Iterable[str]) -> list[str]:
    """The lines with every isolate (UAX #9) that a break went through closed before it and opened again after it.

    Its direction is that of its first letter, wherever the break stands.
    """
    whole_lines, opened = [], ""
    for line in _settled("\n".join(lines)).split("\n"):
        text = opened + line
        opened = _opened(text)
        whole_lines.append(text.replace(_RIGHT, FIRST + RIGHT) + END * len(opened))  # not every font has the other mark
    return whole_lines


def _settled(text: str) -> str:
    """A text whose isolates of unknown direction are those of their first letter."""
    return "".join(_direction_of(text[place + 1 :]) if char == FIRST else char for place, char in enumerate(text))


def _direction_of(text: str) -> str:
    """The isolate for a text that ends with its own mark; what is isolated in it does not count."""
    depth = 0
    for kind in map(unicodedata.bidirectional, text):
        if kind == "PDI" and not depth:
            break
        depth += (kind in ("LRI", "RLI", "FSI")) - (kind == "PDI")
        if not depth and kind in ("R", "AL"):
            return _RIGHT
        if not depth and kind == "L":
            break
    return LEFT


def _opened(text: str) -> str:
    """Isolates that a text opens and does not close."""
    opened: list[str] = []
    for char in text:
        if char in (LEFT, _RIGHT, FIRST):
            opened.append(char)
        elif char == END and opened:
            opened.pop()
    return "".join(opened)
