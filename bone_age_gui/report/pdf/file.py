"""Pages become a PDF whose text can be searched for, and which names its language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO

import matplotlib
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.text import Text

from bone_age_gui import DISCLAIMER
from bone_age_gui.report.pdf.glyphs import keep_words_whole, leave_out_marks, name_ligatures
from bone_age_gui.report.pdf.page import Page
from bone_age_gui.wording.language import is_right_to_left, language, tr
from bone_age_gui.wording.marks import without_marks

_CATALOGUE = re.compile(rb"(\d+) 0 obj\n<< (/Type /Catalog.*?) >>\nendobj", re.DOTALL)
_TRAILER = re.compile(rb"trailer\n<< (.*?) >>\nstartxref\n(\d+)\n%%EOF", re.DOTALL)


def pdf_of(pages: Sequence[Page], title: str, foot: str) -> bytes:
    """Number the pages and make one PDF of them."""
    matplotlib.rcParams["pdf.fonttype"] = 42  # TrueType: text stays text
    metadata = {"Title": without_marks(title), "Subject": without_marks(tr(DISCLAIMER))}
    leave_out_marks()
    keep_words_whole()
    content = BytesIO()
    with PdfPages(content, metadata={**metadata, "Creator": "Bone Age", "Author": "Bone Age"}) as pdf:
        for number, page in enumerate(pages, 1):
            page.foot(foot, number, len(pages))
            _without_ligatures(page.figure)
            pdf.savefig(page.figure)
        name_ligatures(pdf)
    return _with_language(content.getvalue())


def _without_ligatures(figure: Figure) -> None:
    """Each Latin letter stays one, so that "film" can be searched for."""
    for text in figure.findobj(Text):
        if isinstance(text, Text):
            text.set_fontfeatures(("-liga",))


def _with_language(pdf: bytes) -> bytes:
    """The PDF with its language, and its reading direction, in its catalogue (ISO 32000-1, 14.9.2 and 12.2).

    It is an update at the end of the file (7.5.6), as matplotlib writes neither.
    """
    catalogue, trailer = _CATALOGUE.search(pdf), _TRAILER.search(pdf)
    if catalogue is None or trailer is None:
        return pdf  # not as matplotlib wrote it until now: a report without this is better than none
    direction = b" /Direction /R2L" if is_right_to_left() else b""
    named = catalogue[2] + b" /Lang (%s) /ViewerPreferences << /DisplayDocTitle true%s >>" % (
        language().encode(), direction,
    )  # fmt: skip
    start = len(pdf) + 1
    number = catalogue[1]
    changed = b"\n%s 0 obj\n<< %s >>\nendobj\n" % (number, named)
    return (
        pdf
        + changed
        + (
            b"xref\n%s 1\n%010d 00000 n \ntrailer\n<< %s /Prev %s >>\nstartxref\n%d\n%%%%EOF\n"
            % (number, start, trailer[1], trailer[2], len(pdf) + len(changed))
        )
    )
