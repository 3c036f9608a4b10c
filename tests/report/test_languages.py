"""The reports in the languages of their readers: what people read is theirs, what programs read is the same for all."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from highdicom import sr
from openpyxl import load_workbook
from pydicom import Dataset, dcmread

from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case
from bone_age_gui.report.case_json import case_line
from bone_age_gui.report.dicom.encapsulated_pdf import write_encapsulated_pdf
from bone_age_gui.report.dicom.sr import write_sr
from bone_age_gui.report.pdf import case
from bone_age_gui.report.pdf.case import case_pdf
from bone_age_gui.report.pdf.file import pdf_of
from bone_age_gui.report.pdf.lines import text_width, wrap
from bone_age_gui.report.pdf.page import Page
from bone_age_gui.report.pdf.pictures import film_picture
from bone_age_gui.report.pdf.run import run_pages
from bone_age_gui.report.tables.spreadsheet import write_csv, write_xlsx
from bone_age_gui.wording.language import SHIPPED, speaking

Record = Callable[[Case], CaseRecord]
REMARK = "غلامی: می‌گوید اختلاف با فیلم قبلی (Greulich and Pyle) کم است"
PDF = b"%PDF-1.7\n%%EOF\n"
"""For what only wraps one."""
COMPLETE = {"de": "Bericht", "fa": "گزارش سن استخوانی"}


@pytest.fixture(scope="module")
def persian(girl_case: Case, record: Record) -> CaseRecord:
    return replace(record(girl_case), patient_name="Gholami^Maryam=غلامی^مریم", remark=REMARK)


@dataclass(frozen=True)
class Report:
    """The pages of a film and of a run, with their feet, and the film's PDF, which is made of the same pages."""

    code: str
    pages: list[Page]
    pdf: bytes


@pytest.fixture(scope="module", params=["de", "fa"])
def report(
    request: pytest.FixtureRequest, girl_case: Case, persian: CaseRecord, refused_case: Case, record: Record,
    reference: GrowthReference,
) -> Report:  # fmt: skip
    """Drawn once for each language."""
    made: list[Page] = []

    def keep(pages: list[Page], title: str, foot: str) -> bytes:
        made.extend(pages)
        return pdf_of(pages, title, foot)

    with speaking(request.param), pytest.MonkeyPatch.context() as patch:
        patch.setattr(case, "pdf_of", keep)
        pdf = case_pdf(girl_case, persian, reference)
        run = run_pages([persian, replace(persian, flag="advanced"), record(refused_case)])
        for number, page in enumerate(run, 1):
            page.foot("", number, len(run))
    return Report(request.param, [*made, *run], pdf)


def plain(text: str) -> str:
    """As a person searches: without marks that nobody sees, line breaks as blanks."""
    return " ".join("".join(char for char in text if unicodedata.category(char) != "Cf").split())


def text_of(pdf: bytes, path: Path) -> str:
    path.write_bytes(pdf)
    return plain(subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout)


def test_a_pdf_can_be_searched_in_the_language_that_it_names(report: Report, tmp_path: Path) -> None:
    code, pdf = report.code, report.pdf
    assert re.findall(rb"/Lang \((\w+)\)", pdf) == [code.encode()]
    assert (b"/Direction /R2L" in pdf) is (code == "fa")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    said = text_of(pdf, tmp_path / "a.pdf")
    for word in ("غلامی", "مریم", "Gholami, Maryam", "اختلاف با فیلم قبلی", "Greulich and Pyle", COMPLETE[code]):
        assert word in said, word
    for word in ("وسیلهٔ پزشکی نیست", "صفحهٔ", "محدودهٔ طبیعی") if code == "fa" else ():
        assert word in said, word  # a hamza above its letter, which is a glyph of its own
    assert "هٔهٔ" not in said
    assert ("131,5 Monate" if code == "de" else "۱۳۱٫۵") in said
    assert ("۱۳۹۲/۱۲/۱۱" in said) is (code == "fa")
    assert "2014-03-02" in said


def test_every_line_is_on_the_page_and_only_places_are_mirrored(report: Report, girl_case: Case) -> None:
    code = report.code
    assert len(report.pages) > 2
    for page in report.pages:
        width = page.figure.bbox.width
        for text in page.figure.texts:
            box = text.get_window_extent()
            assert -1 <= box.x0 <= box.x1 <= width + 1, text.get_text()
            assert "\N{HORIZONTAL ELLIPSIS}" not in text.get_text()
    first = report.pages[0].figure
    film, chart = first.axes
    assert bool(film.get_position().x0 > chart.get_position().x0) is (code == "fa")
    assert chart.get_xlim()[0] < chart.get_xlim()[1]
    assert girl_case.radiograph is not None
    assert np.array_equal(
        film.images[0].get_array(), film_picture(girl_case.radiograph.pixels)
    )  # as it is in every language
    titles = [text.get_ha() for text in first.texts if COMPLETE[code] in plain(text.get_text())]
    assert titles[0] == ("right" if code == "fa" else "left")


def test_a_broken_line_closes_its_isolates_and_the_next_opens_them_again() -> None:
    lines = wrap("\u2068" + "Brush Foundation " * 6 + "\u2069 است", 40, 9)
    assert len(lines) > 2
    for line in lines:
        assert sum(line.count(mark) for mark in "\u2066\u2067\u2068") == line.count("\u2069")
        assert text_width(line, 9) <= 40
    lines = wrap("\u2068در کودکان Joss and Bayley and Pinneau Joss and Bayley and Pinneau\u2069 است", 40, 9)
    assert len(lines) > 1
    assert {line[:2] for line in lines} == {
        "\u2068\u200f"
    }  # a line that begins with a Latin name is Persian all the same


@pytest.mark.parametrize("code", sorted(SHIPPED))
def test_what_programs_read_is_the_same_in_every_language(persian: CaseRecord, tmp_path: Path, code: str) -> None:
    english = write_csv([persian], tmp_path / "en.csv").read_bytes(), case_line(persian)
    with speaking(code):
        assert (write_csv([persian], tmp_path / "a.csv").read_bytes(), case_line(persian)) == english


def test_a_persian_workbook_runs_from_right_to_left_with_days_of_both_calendars(
    persian: CaseRecord, tmp_path: Path
) -> None:
    with speaking("fa"):
        book = load_workbook(write_xlsx([persian], tmp_path / "a.xlsx"))
    films, summary = book.worksheets
    assert films.sheet_view.rightToLeft
    assert summary.sheet_view.rightToLeft
    heads, row = ([cell.value for cell in each] for each in films.iter_rows(max_row=2))
    assert not [
        head for head in heads if not re.search("[\u0600-\u06ff]", head) or plain(head) != head.replace("\u200c", "")
    ]
    place = row.index("۱۴۰۵/۰۸/۲۹")
    assert row[place - 1].date().isoformat() == "2026-11-20"  # a day that can be counted with
    assert heads[place].startswith(heads[place - 1])
    assert not load_workbook(write_xlsx([persian], tmp_path / "en.xlsx")).worksheets[0].sheet_view.rightToLeft


def items(dataset: Dataset) -> Iterator[Dataset]:
    for item in dataset.get("ContentSequence", []):
        yield item
        yield from items(item)


def language_of(item: Dataset) -> str | None:
    named = [each for each in item.get("ContentSequence", []) if each.ConceptNameCodeSequence[0].CodeValue == "121049"]
    return named[0].ConceptCodeSequence[0].CodeValue if named else None


@pytest.mark.parametrize("code", ["en", "fa"])
def test_a_structured_report_names_the_language_of_its_codes_and_of_its_sentences(
    persian: CaseRecord, tmp_path: Path, code: str
) -> None:
    with speaking(code):
        path = write_sr(persian, tmp_path / "sr.dcm")
        document = write_encapsulated_pdf(PDF, persian, tmp_path / "pdf.dcm")
    report = dcmread(path)
    assert language_of(report) == "en"
    comments = [item for item in items(report) if item.ValueType == "TEXT" and "Comment" in
                item.ConceptNameCodeSequence[0].CodeMeaning]  # fmt: skip
    assert comments
    assert {language_of(item) for item in comments} == {None if code == "en" else code}
    assert any(REMARK in item.TextValue for item in comments)
    assert not any(char in item.TextValue for item in comments for char in "\u200e\u200f\u2066\u2067\u2068\u2069")
    assert dcmread(document).LanguageCodeSequence[0].CodeValue == code
    assert sr.EnhancedSR.from_dataset(report).content
    assert dcmread(path).SOPInstanceUID != write_and_read_english(persian, tmp_path).SOPInstanceUID or code == "en"
    for checker, files in (("dciodvfy", (path, document)), ("dsrdump", (path,))):
        for file in files if shutil.which(checker) else ():
            done = subprocess.run([checker, file], capture_output=True, text=True, errors="replace")
            assert done.returncode == 0
            assert "Error" not in done.stdout + done.stderr


def write_and_read_english(record: CaseRecord, folder: Path) -> Dataset:
    return dcmread(write_sr(record, folder / "english.dcm"))
