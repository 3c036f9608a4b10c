"""The report of one film as PDF: the result on the first page, how on the second."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bone_age_gui.core.values.flags import final_borderline, final_flag
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case, Flag
from bone_age_gui.core.values.whole_files import write_content
from bone_age_gui.report.growth_chart import ChartStyle, Reference, draw_growth_chart, marks_of_record
from bone_age_gui.report.pdf.file import pdf_of
from bone_age_gui.report.pdf.fonts import drawable_name
from bone_age_gui.report.pdf.lines import closed, shorten, text_width, widest, wrap
from bone_age_gui.report.pdf.page import (
    ACCENT,
    BOTTOM,
    FLAG_COLOURS,
    INK,
    INNER,
    MARGIN,
    MUTED,
    RULE,
    WIDTH,
    Page,
    add_section,
    page_picture,
)
from bone_age_gui.report.pdf.pictures import film_picture, stage_tiles
from bone_age_gui.wording.course import course_rows
from bone_age_gui.wording.days import day_words
from bone_age_gui.wording.language import mark, tr
from bone_age_gui.wording.notices import notice_name, notice_text
from bone_age_gui.wording.program import made_by_words
from bone_age_gui.wording.report import (
    BURNT_IN,
    LEFT_OUT,
    NO_PROOF,
    PHANTOM,
    beside_the_age,
    flag_rows,
    provenance,
    sentences,
    whose_words,
)
from bone_age_gui.wording.report_templates import LINES
from bone_age_gui.wording.run_pages import NOTHING_NOTICED
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import (
    DOUBTFUL,
    SEX_WORDS,
    UNKNOWN,
    difference_words,
    flag_words,
    months_words,
    name_words,
    stated_age_words,
    visible,
    years_words,
)

_STYLE = ChartStyle(
    surface="white", border=RULE, text=INK, muted=MUTED, title=ACCENT, band="#2f6fb3",
    flags={Flag(name): colour for name, colour in FLAG_COLOURS.items()}, size=8.2,
)  # fmt: skip
_DOUBTFUL_INK = "#7a4b00"
_SIDES = {"L": mark("left"), "R": mark("right")}
_NAMES_AT_MOST = 36.6
"""Width in mm of the names of what is known of the patient, in a language of long words."""
_FILM_HEIGHT, _LEAST_FILM = 114.0, 86.0
"""Height in mm of film and growth chart: the sentences below them take room of these where they are long."""
_HEADING, _BURNT_IN_ROOM = 11.0, 4.5
"""Heights in mm of a section's name, and of the line on burnt-in text."""
_NO_PROOF_ROOM = 8.0
"""Height in mm of what every report is no proof of."""


def write_case_pdf(
    case: Case, record: CaseRecord, reference: Reference | None, path: Path, *, anonymous: bool = False
) -> Path:
    """Write the report of one estimated film, A4.

    Pictures come from ``case``, every word from ``record`` (which may be anonymised: then pass ``anonymous``, and
    the report says that the film itself may hold burnt-in text). ``ValueError`` if the case has no radiograph or
    the record no bone age; ``BoneAgeError`` (``disk_full read_only no_folder not_written``) where it cannot be written.
    """
    content = case_pdf(case, record, reference, anonymous=anonymous)
    return write_content(path, content)


def case_pdf(case: Case, record: CaseRecord, reference: Reference | None, *, anonymous: bool = False) -> bytes:
    """The report of a case as PDF in memory. ``ValueError`` for a film without an estimate."""
    pages = case_pages(case, record, reference, anonymous=anonymous)
    return pdf_of(pages, tr("Bone age report"), _foot(record))


def case_picture(case: Case, record: CaseRecord, reference: Reference | None, *, anonymous: bool = False) -> np.ndarray:
    """The first page as a picture: uint8, (height, width, 3), RGB. ``ValueError`` for a film without an estimate."""
    pages = case_pages(case, record, reference, anonymous=anonymous)
    pages[0].foot(_foot(record), 1, len(pages))
    return page_picture(pages[0])


def case_pages(case: Case, record: CaseRecord, reference: Reference | None, *, anonymous: bool = False) -> list[Page]:
    """The pages of the report, not yet numbered. ``ValueError`` for a film without an estimate."""
    if case.radiograph is None or record.bone_age_months is None:
        raise ValueError("only an estimated film has a report")
    first, rest = _first_page(case, record, reference, anonymous)
    return [first, *_later_pages(case, record, anonymous, rest)]


def _foot(record: CaseRecord) -> str:
    return made_by_words(record.program_version, record.created)


def _first_page(
    case: Case, record: CaseRecord, reference: Reference | None, anonymous: bool
) -> tuple[Page, list[tuple[str, str]]]:
    """The page, and the sentence that it has no room to show whole, if there is one."""
    assert case.radiograph is not None
    page = Page()
    page.head(tr("Bone age report"), _made(record))
    if record.is_phantom:
        page.y += 1
        page.paragraph(MARGIN, INNER, tr(PHANTOM), 9, bold=True, colour=FLAG_COLOURS["advanced"])
    _patient_block(page, record, anonymous)
    top = page.y + 5
    rows = sentences(record, anonymous)
    below = _sentences_height(rows) + _HEADING + _NO_PROOF_ROOM + (_BURNT_IN_ROOM if anonymous else 0.0)
    film_width, film_height = 84.0, min(_FILM_HEIGHT, max(_LEAST_FILM, BOTTOM - below - top))
    page.picture(MARGIN, top, film_width, film_height, film_picture(case.radiograph.pixels))
    right = MARGIN + film_width + 7
    _result_block(page, record, right, top, WIDTH - MARGIN - right)
    plot_top = top + 41
    axes = page.chart(right, plot_top + 5, WIDTH - MARGIN - right, film_height - 56, 11, 1)
    draw_growth_chart(axes, marks_of_record(record), reference, record.threshold_sd, _STYLE)
    page.y = top + film_height
    if anonymous:
        page.y += 0.5
        page.paragraph(MARGIN, INNER, tr(BURNT_IN), 7.5, colour=MUTED)
    page.heading(tr("Report"))
    *others, last = _fitting_sentences(rows, BOTTOM - page.y - _NO_PROOF_ROOM)
    page.pairs(MARGIN, 26, INNER, others, 9)
    page.pairs(MARGIN, 26, INNER, [last], 9, bold=True)
    page.y += 1
    page.paragraph(MARGIN, INNER, tr(NO_PROOF), 7.5, colour=MUTED)
    return page, [rows[-1]] if last != rows[-1] else []


def _sentences_height(rows: Sequence[tuple[str, str]], has_last: bool = True) -> float:
    """In mm; the last is bold."""
    places = range(len(rows))
    bold = [has_last and place == len(rows) - 1 for place in places]
    return sum(len(wrap(rows[place][1], INNER - 26, 9, bold=bold[place])) * 4.4 + 0.9 for place in places)


def _fitting_sentences(rows: Sequence[tuple[str, str]], room: float) -> list[tuple[str, str]]:
    """The dictated sentences; where the last is very long, it is cut here and stands whole on the next page."""
    used = _sentences_height(rows[:-1], has_last=False)
    name, text = rows[-1]
    lines = wrap(text, INNER - 26, 9, bold=True)
    kept_lines = max(1, int((room - used) / 4.4))
    if len(lines) > kept_lines:
        text = closed([" ".join(lines[:kept_lines])[:-2] + "\N{HORIZONTAL ELLIPSIS}"])[0]
    return [*rows[:-1], (name, text)]


def _made(record: CaseRecord) -> str:
    return day_words(record.created[:10])


def _name(record: CaseRecord) -> str:
    """The name in the ways of writing that the fonts here can draw."""
    if not record.patient_name:
        return ""
    return name_words(drawable_name(record.patient_name)) or tr("written in a script without a font here")


def _patient_block(page: Page, record: CaseRecord, anonymous: bool) -> None:
    missing = tr(LEFT_OUT) if anonymous else tr(UNKNOWN)
    page.y += 3
    top = page.y
    half = INNER / 2
    left = [
        (tr("Patient"), _name(record) or missing),
        (tr("Number"), visible(record.patient_id or missing)),
        (tr("Sex"), tr(SEX_WORDS.get(record.sex or "", UNKNOWN))),
        (tr("Film"), visible(Path(record.file.replace("\\", "/")).name or tr(UNKNOWN))),
    ]
    side = tr(_SIDES.get(record.laterality or "", UNKNOWN))
    right = [
        (tr("Born"), day_words(record.birth_date) if record.birth_date else missing),
        (tr("Study date"), day_words(record.study_date) if record.study_date else missing),
        (
            tr("Age at study"),
            stated_age_words(record.chronological_age_months, record.chronological_age_interval_months),
        ),
        (tr("Side"), side),
    ]
    for x, rows in ((MARGIN, left), (MARGIN + half, right)):
        page.y = top
        names = min(max(24, widest((name for name, _ in rows), 9) + 2.2), _NAMES_AT_MOST)
        page.pairs(x, names, half - 4, [(name, shorten(value, half - 6 - names, 9)) for name, value in rows], 9)


def _result_block(page: Page, record: CaseRecord, x: float, y: float, width: float) -> None:
    flag = final_flag(record) or "no_reference"
    colour = FLAG_COLOURS[flag]
    page.box(x, y, width, 37, "#f4f6f8", edge=RULE)
    final = record.final_age_months
    page.text(x + 4, y + 6, whose_words(record), 8, colour=MUTED)
    big = years_words(final) if final is not None else tr(UNKNOWN)
    page.text(x + 4, y + 14.5, big, 20, bold=True)
    if final is not None:
        page.text(x + 7 + text_width(big, 20, True), y + 14.5, months_words(final, 1), 10, colour=MUTED)
    page.text(x + 4, y + 20.5, beside_the_age(record), 8.5, colour=MUTED)
    difference = difference_words(record.final_difference_months, record.final_sd_score, end=record.final_end)
    words = fill(LINES["difference"], {"difference": difference})
    size = next((size for size in (9.5, 8.5, 7.5) if text_width(words, size, True) <= width - 6), 6.5)
    page.text(x + 4, y + 26.5, words, size, bold=True)
    word = flag_words(flag, final_borderline(record)).upper()
    page.box(x + 4, y + 29.3, text_width(word, 9, True) + 6, 5.6, colour)
    page.text(x + 7, y + 33.2, word, 9, bold=True, colour="white")
    if record.is_doubtful:
        left, doubtful = x + 4 + text_width(word, 9, True) + 9, tr(DOUBTFUL).upper()
        page.box(left, y + 29.3, text_width(doubtful, 9, True) + 6, 5.6, "#fff1cf", edge=_DOUBTFUL_INK)
        page.text(left + 3, y + 33.2, doubtful, 9, bold=True, colour=_DOUBTFUL_INK)


def _later_pages(case: Case, record: CaseRecord, anonymous: bool, rest: list[tuple[str, str]]) -> list[Page]:
    """``rest`` is what the first page did not show whole."""
    page = Page()
    page.head(tr("How the estimate was made"), _made(record))
    stage_tiles(page, case)
    page.heading(tr("Made with"))
    page.pairs(MARGIN, 30, INNER, [(name, visible(text)) for name, text in provenance(record)], 8.5)
    rows = [(tr("Film"), visible(text)) for text in ([tr(BURNT_IN)] if anonymous else [])]
    rows += [(notice_name(notice), visible(notice_text(notice))) for notice in record.notices]
    rows += flag_rows(record)
    rows += [(tr("Remark"), visible(record.remark))] if record.remark else []
    pages = [page]
    if rest:
        add_section(pages, tr("Report"), [(name, visible(text)) for name, text in rest], 30, _made(record))
    if course := course_rows(record):
        add_section(pages, tr("Examinations of this child"), course, 42, _made(record))
    add_section(pages, tr("To know before trusting it"), rows or [(tr("Note"), tr(NOTHING_NOTICED))], 30, _made(record))
    return pages
