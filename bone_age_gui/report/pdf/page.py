"""An A4 page to draw on, in millimetres from its upper left corner.

It uses matplotlib's PDF backend alone: no pyplot, no Qt, nothing global but the font type.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from bone_age_gui import DISCLAIMER
from bone_age_gui.report.pdf.fonts import drawable, font
from bone_age_gui.report.pdf.lines import shorten, wrap
from bone_age_gui.wording.language import directed, is_right_to_left, tr
from bone_age_gui.wording.run_pages import page_number_words

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


class Page:
    """One A4 page. ``y`` is where the next text goes, in mm from the top.

    In a language that is written from right to left everything is placed as in a mirror; what is in a picture or
    between axes is not.
    """

    def __init__(self) -> None:
        self._is_mirrored = is_right_to_left()
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
        if self._is_mirrored:
            x, align = WIDTH - x, {"left": "right", "right": "left"}.get(align, align)
        self.figure.text(
            x / WIDTH, 1 - y / HEIGHT, directed(drawable(text)), fontproperties=font(text, size, bold), color=colour,
            ha=align, va="baseline", parse_math=False,
        )  # fmt: skip

    def paragraph(
        self, x: float, width: float, text: str, size: float = 9, *, bold: bool = False, colour: str = INK
    ) -> None:
        """A text in lines of ``width`` mm at ``y``, which moves below them."""
        self.lines(x, wrap(text, width, size, bold), size, bold=bold, colour=colour)

    def lines(self, x: float, lines: Sequence[str], size: float, *, bold: bool = False, colour: str = INK) -> None:
        """Lines at ``y``, which moves below them."""
        for line in lines:
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
        x = self._left(x, width)
        self.figure.add_artist(
            Rectangle(
                (x / WIDTH, 1 - (y + height) / HEIGHT), width / WIDTH, height / HEIGHT, facecolor=colour,
                edgecolor=edge or "none", linewidth=0.8 if edge else 0, transform=self.figure.transFigure, zorder=0,
            )
        )  # fmt: skip

    def axes(self, x: float, y: float, width: float, height: float, **options: Any) -> Axes:
        """Axes with their upper left corner at (x, y)."""
        x = self._left(x, width)
        return self.figure.add_axes((x / WIDTH, 1 - (y + height) / HEIGHT, width / WIDTH, height / HEIGHT), **options)

    def chart(self, x: float, y: float, width: float, height: float, left: float, right: float) -> Axes:
        """Axes in a frame with its upper left corner at (x, y), with room at both sides, the same on every page."""
        if self._is_mirrored:
            left, right = right, left  # the frame is mirrored, and that would mirror its two sides
        return self.axes(x + left, y, width - left - right, height)

    def _left(self, x: float, width: float) -> float:
        return WIDTH - x - width if self._is_mirrored else x

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
            page_number_words(number, of),
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


def page_picture(page: Page, dots_per_inch: int = 150) -> np.ndarray:
    """A page as a picture: uint8, (height, width, 3), RGB."""
    canvas = FigureCanvasAgg(page.figure)
    page.figure.set_dpi(dots_per_inch)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()
