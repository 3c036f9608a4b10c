"""An A4 page to draw on, in millimetres from its upper left corner.

It uses matplotlib's PDF backend alone: no pyplot, no Qt, nothing global but the font type.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf, PdfPages
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.textpath import TextToPath

from bone_age_gui import DISCLAIMER
from bone_age_gui.report.pdf.fonts import drawable, font
from bone_age_gui.wording.language import tr

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 210.0, 297.0
MARGIN = 18.0
INNER = WIDTH - 2 * MARGIN
BOTTOM = HEIGHT - 20.0
"""Nothing but the foot stands below."""
INK, MUTED, RULE, ACCENT = "#1b2430", "#5d6875", "#c9d0d8", "#1f3a5f"
FLAG_COLOURS = {
    "normal": "#1d7a46",
    "advanced": "#b3401f",
    "delayed": "#1f5fa8",
    "indeterminate": "#8a6400",
    "no_reference": "#5d6875",
}
_MM = 25.4
_POINT = 25.4 / 72
_LEADING = 1.38
_SMALL_LINE = 4.1
"""Height of one line of notices in mm."""


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
    return [*lines, line] if line else lines


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
    for kept in range(len(text) - 1, 0, -1):
        tail = kept // 2 if middle else 0
        shorter = text[: kept - tail] + dots + (text[-tail:] if tail else "")
        if text_width(shorter, size, bold) <= width:
            return shorter
    return dots


class Page:
    """One A4 page. ``y`` is where the next text goes, in mm from the top."""

    def __init__(self) -> None:
        self.figure = Figure(figsize=(WIDTH / _MM, HEIGHT / _MM), facecolor="white")
        FigureCanvasPdf(self.figure)
        self.y = MARGIN

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 9,
        *,
        bold: bool = False,
        colour: str = INK,
        align: str = "left",
    ) -> None:
        """One line; ``y`` is its base line. Dollar signs are no formulas."""
        self.figure.text(
            x / WIDTH, 1 - y / HEIGHT, drawable(text), fontproperties=font(text, size, bold), color=colour, ha=align,
            va="baseline", parse_math=False,
        )  # fmt: skip

    def paragraph(
        self, x: float, width: float, text: str, size: float = 9, *, bold: bool = False, colour: str = INK
    ) -> None:
        """Lines at ``y``, which moves below them."""
        for line in wrap(text, width, size, bold):
            self.y += size * _LEADING * _POINT
            self.text(x, self.y, line, size, bold=bold, colour=colour)

    def heading(self, text: str) -> None:
        """A section's name with a rule below."""
        self.y += 8
        self.text(MARGIN, self.y, text.upper(), 8, bold=True, colour=ACCENT)
        self.y += 1.8
        self.rule(self.y)
        self.y += 0.6

    def rule(self, y: float, colour: str = RULE, width: float = 0.6) -> None:
        """A line from margin to margin."""
        place = 1 - y / HEIGHT
        self.figure.add_artist(
            Line2D([MARGIN / WIDTH, 1 - MARGIN / WIDTH], [place, place], color=colour, linewidth=width)
        )

    def box(self, x: float, y: float, width: float, height: float, colour: str, *, edge: str | None = None) -> None:
        """A filled rectangle with its upper left corner at (x, y)."""
        self.figure.add_artist(
            Rectangle(
                (x / WIDTH, 1 - (y + height) / HEIGHT), width / WIDTH, height / HEIGHT, facecolor=colour,
                edgecolor=edge or "none", linewidth=0.8 if edge else 0, transform=self.figure.transFigure, zorder=0,
            )
        )  # fmt: skip

    def axes(self, x: float, y: float, width: float, height: float, **options: Any) -> Axes:
        """Axes with their upper left corner at (x, y)."""
        return self.figure.add_axes((x / WIDTH, 1 - (y + height) / HEIGHT, width / WIDTH, height / HEIGHT), **options)

    def picture(self, x: float, y: float, width: float, height: float, pixels: np.ndarray) -> Axes:
        """A grey picture (uint8, (h, w)) as large as fits, on black, in its own pixels."""
        self.box(x, y, width, height, "black")
        rows, columns = pixels.shape[:2]
        scale = min(width / columns, height / rows)
        size = columns * scale, rows * scale
        axes = self.axes(x + (width - size[0]) / 2, y + (height - size[1]) / 2, *size)
        axes.axis("off")
        axes.imshow(pixels, aspect="auto", interpolation="none", cmap="gray", vmin=0, vmax=255)
        return axes

    def pairs(
        self,
        x: float,
        name_width: float,
        width: float,
        rows: Sequence[tuple[str, str]],
        size: float = 8.5,
        *,
        bold: bool = False,
    ) -> None:
        """Names and values in two columns, values wrapped."""
        for name, value in rows:
            top = self.y
            self.paragraph(x, name_width - 2, name, size, colour=MUTED)
            end, self.y = self.y, top
            self.paragraph(x + name_width, width - name_width, value, size, bold=bold)
            self.y = max(self.y, end) + 0.9

    def head(self, title: str, right: str = "") -> None:
        """Title, and what the program is for."""
        self.y = MARGIN + 4
        self.text(MARGIN, self.y, title, 16, bold=True, colour=ACCENT)
        self.text(WIDTH - MARGIN, self.y, right, 9, colour=MUTED, align="right")
        self.y += 3
        self.rule(self.y, ACCENT, 1.4)
        self.y += 1
        self.paragraph(MARGIN, INNER, tr(DISCLAIMER), 8, colour=MUTED)

    def foot(self, text: str, number: int, of: int) -> None:
        """Program and page number."""
        self.rule(HEIGHT - 14)
        self.text(MARGIN, HEIGHT - 10, shorten(f"{text}. {tr(DISCLAIMER)}", INNER - 26, 7), 7, colour=MUTED)
        self.text(
            WIDTH - MARGIN,
            HEIGHT - 10,
            tr("Page {number} of {pages}", number=number, pages=of),
            7,
            colour=MUTED,
            align="right",
        )


def add_section(pages: list[Page], title: str, rows: Sequence[tuple[str, str]], names: float, made: str) -> None:
    """Rows under a heading, on as many pages as they need; ``names`` is the width of their names in mm."""
    pages[-1].heading(title)
    for row in rows:
        lines = len(wrap(row[1], INNER - names, 8.5))
        if pages[-1].y + lines * _SMALL_LINE > BOTTOM:
            pages.append(Page())
            pages[-1].head(tr("Notes, continued"), made)
            pages[-1].y += 3
        pages[-1].pairs(MARGIN, names, INNER, [row], 8.5)


def save_pages(pages: Sequence[Page], target: Path | BinaryIO, title: str, foot: str) -> None:
    """Number the pages and write them as one PDF with searchable text. ``OSError`` if that fails."""
    matplotlib.rcParams["pdf.fonttype"] = 42  # TrueType: text stays text
    about = {"Title": title, "Subject": tr(DISCLAIMER), "Creator": "Bone Age", "Author": "Bone Age"}
    with PdfPages(target, metadata=about) as pdf:
        for number, page in enumerate(pages, 1):
            page.foot(foot, number, len(pages))
            _without_ligatures(page.figure)
            pdf.savefig(page.figure)


def _without_ligatures(figure: Figure) -> None:
    """Each letter stays one, so that "film" can be searched for."""
    for text in figure.findobj(Text):
        if isinstance(text, Text):
            text.set_fontfeatures(("-liga",))


def page_picture(page: Page, dots_per_inch: int = 150) -> np.ndarray:
    """A page as a picture: uint8, (height, width, 3), RGB."""
    canvas = FigureCanvasAgg(page.figure)
    page.figure.set_dpi(dots_per_inch)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()
