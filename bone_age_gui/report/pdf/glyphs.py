"""What matplotlib's PDF backend is told about right-to-left text, so that it is placed right and can be searched for.

matplotlib (3.11) shapes and orders all scripts, but has no door for the two things that are mended here. Where its
insides are others than expected, the text stays as it makes it; the tests of the reports would say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import matplotlib
from matplotlib.backends import backend_pdf
from matplotlib.backends.backend_pdf import PdfPages

from bone_age_gui.wording.marks import is_of_right_to_left, without_marks

_HEH_WITH_HAMZA = "\u0647\u0654"
_UNSEEN = "\N{ZERO WIDTH NON-JOINER}"


class _Glyph(NamedTuple):
    """A glyph and its place, with the fields of matplotlib's ``LayoutItem``."""

    ft_object: Any
    char: str
    glyph_index: int
    x: float
    y: float
    prev_kern: float


class _SameFont(NamedTuple):
    """A font under another identity: the backend then places a glyph of it by itself, not beside the one before."""

    fname: Any
    face_index: int


class _Helpers:
    """matplotlib's helpers for text, but for one of them."""

    def __init__(self, plain: Any) -> None:
        self._plain = plain

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)

    def layout(self, *text: Any, **options: Any) -> Iterator[Any]:
        """The glyphs of a line; a hamza above a heh comes after all others, and the heh stands for both.

        Where it is drawn does not change. As a glyph among the others, which it is for matplotlib, it parts the word
        for programs that take text from a PDF, and names both letters a second time.
        """
        glyphs, late = list(self._plain.layout(*text, **options)), []
        for place, glyph in enumerate(glyphs):
            if _is_hamza_of(glyph, glyphs[place + 1 : place + 2]):
                font = _SameFont(glyph.ft_object.fname, glyph.ft_object.face_index)
                late.append(_Glyph(font, _UNSEEN, glyph.glyph_index, glyph.x, glyph.y, 0.0))
            elif place and _is_hamza_of(glyphs[place - 1], [glyph]):
                before = glyphs[place - 1]
                kern = glyph.x - before.x + before.prev_kern
                yield _Glyph(glyph.ft_object, glyph.char, glyph.glyph_index, glyph.x, glyph.y, kern)
            else:
                yield glyph
        yield from late


def _is_hamza_of(glyph: Any, following: Sequence[Any]) -> bool:
    """Whether both glyphs stand for one heh with a hamza above it; from left to right the hamza comes first."""
    return glyph.char == _HEH_WITH_HAMZA and any(each.char == glyph.char for each in following)


def keep_words_whole() -> None:
    """Draw a heh with a hamza above it (``نمرهٔ``) so that the word can be searched for, from now on."""
    helpers: Any = getattr(backend_pdf, "_text_helpers", None)
    if hasattr(helpers, "layout") and not isinstance(helpers, _Helpers):
        vars(backend_pdf)["_text_helpers"] = _Helpers(helpers)


def leave_out_marks() -> None:
    """Leave out the glyphs of marks of direction when a line is drawn: they have done their work.

    matplotlib draws a blank for each and takes its width back at the next glyph, twice where that is of another part
    of the font: it would be printed over its neighbour.
    """
    helpers: Any = getattr(matplotlib, "_text_helpers", None)
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
