"""What matplotlib's PDF backend is told about right-to-left text, so that it is placed right and can be searched for.

matplotlib (3.11) shapes and orders all scripts, but has no door for the two things that are mended here. Where its
insides are others than expected, the text stays as it makes it; the tests of the reports would say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from matplotlib.backends import backend_pdf
from matplotlib.backends.backend_pdf import PdfPages

from bone_age_gui.wording.marks import is_of_right_to_left, without_marks


class _Glyph(NamedTuple):
    """As matplotlib's ``LayoutItem``."""

    ft_object: Any
    char: str
    glyph_index: int
    x: float
    y: float
    prev_kern: float


def leave_out_marks() -> None:
    """Leave out the glyphs of marks of direction when a line is drawn: they have done their work.

    matplotlib draws a blank for each and takes its width back at the next glyph, twice where that is of another part
    of the font: it would be printed over its neighbour.
    """
    helpers: Any = getattr(backend_pdf, "_text_helpers", None)
    plain = getattr(helpers, "layout", None)
    if plain is None or getattr(plain, "leaves_out_marks", False):
        return

    def layout(*text: Any, **options: Any) -> Iterator[Any]:
        is_after_mark = False
        for item in plain(*text, **options):
            if not without_marks(item.char):
                is_after_mark = True
                continue
            kern = 0.0 if is_after_mark else item.prev_kern
            yield _Glyph(item.ft_object, item.char, item.glyph_index, item.x, item.y, kern)
            is_after_mark = False

    layout.leaves_out_marks = True  # type: ignore[attr-defined]
    helpers.layout = layout


def name_ligatures(pdf: PdfPages) -> None:
    """Let a ligature name its letters from left to right; to be called when everything is drawn.

    Programs that take text from a PDF (poppler, PDFium) turn the letters of a right-to-left line round, those of one
    glyph too: lam and alef would come out as alef and lam, and a name that has them would not be found.
    """
    tracker: Any = getattr(getattr(pdf, "_file", None), "_character_tracker", None)
    letters_of = getattr(tracker, "subset_to_unicode", None)
    if letters_of is None:
        return

    def as_they_stand(*glyph: Any) -> str:
        letters: str = letters_of(*glyph)
        return letters[::-1] if len(letters) > 1 and is_of_right_to_left(letters) else letters

    tracker.subset_to_unicode = as_they_stand
