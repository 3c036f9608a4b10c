"""Parts of the reports that no test saw when they were taken out, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pydicom import Dataset, dcmread

from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case
from bone_age_gui.report.dicom.sr import write_sr
from bone_age_gui.report.pdf.case import case_pages
from bone_age_gui.report.pdf.run import run_pages
from bone_age_gui.report.tables.spreadsheet import write_xlsx
from bone_age_gui.report.tables.summary import summarise
from bone_age_gui.wording.records import refusal_words_of
from bone_age_gui.wording.report import sentences

Record = Callable[[Case], CaseRecord]
LEFT = "7771000"
NORMAL = "17621005"
UPPER, LOWER = "371886008", "371885007"


def said(pages: list[Any]) -> str:
    return " ".join(text.get_text() for page in pages for text in page.figure.texts)


def titles(pages: list[Any]) -> list[tuple[str, str]]:
    return [(axes.get_xlabel(), axes.get_ylabel()) for page in pages for axes in page.figure.axes if axes.get_xlabel()]


def items(dataset: Dataset) -> Iterator[Dataset]:
    for item in dataset.get("ContentSequence", []):
        yield item
        yield from items(item)


def test_the_chart_of_a_film_holds_both_ages(girl_case: Case, record: Record, reference: GrowthReference) -> None:
    made = record(girl_case)
    pages = case_pages(girl_case, made, reference)
    (chart,) = [axes for axes in pages[0].figure.axes if axes.get_xlabel() == "Chronological age (years)"]
    assert made.chronological_age_months is not None
    at = made.chronological_age_months / 12
    drawn = [float(y) for line in chart.lines for x, y in zip(*line.get_data(), strict=True) if float(x) == at]
    assert made.bone_age_months is not None
    assert made.reader_age_months is not None
    assert {made.bone_age_months / 12, made.reader_age_months / 12} <= set(drawn)


def test_the_method_names_the_atlas_only_where_the_model_learned_from_readings_by_it(
    girl_case: Case, record: Record
) -> None:
    challenge = "RSNA Pediatric Bone Age Challenge 2017, training set"
    for films, side, said_of_it in (
        (challenge, "L", "readings by the atlas of Greulich and Pyle"),
        (challenge, "R", "It is a right hand; the atlas shows left ones."),
        ("2,000 films of one hospital", "R", "these films: 2,000 films of one hospital. It is a right hand."),
        ("2,000 films of one hospital", None, "2,000 films of one hospital. Which hand it is, is not stated."),
    ):
        made = replace(record(girl_case), learned_from=films, laterality=side, reference_name="Mine")
        method = dict(sentences(made))["Method"]
        assert said_of_it in method
        assert ("atlas" in method) == (films == challenge)


def test_whose_age_counts_is_said_beside_the_number(girl_case: Case, record: Record) -> None:
    made = record(girl_case)
    reader = said(case_pages(girl_case, made, None))
    assert "Bone age (reader)" in reader
    assert "The model says" in reader
    model = said(case_pages(girl_case, replace(made, decided_by=None), None))
    assert "Bone age (model)" in model
    assert "The model says" not in model


def test_the_reason_and_the_notices_are_on_the_second_page(girl_case: Case, record: Record) -> None:
    notices = (Notice("a", text="First thing."), Notice("b", text="Second thing.", loud=True))
    later = said(
        case_pages(girl_case, replace(record(girl_case), notices=notices, reason="Because of this."), None)[1:]
    )
    for words in ("Because of this.", "First thing.", "Second thing.", "Warning", "Carpals ahead."):
        assert words in later


def test_the_report_of_a_run_draws_what_it_counts(girl_case: Case, record: Record) -> None:
    made = [replace(record(girl_case), file=f"{number}.dcm", flag="normal", decided_by=None) for number in range(4)]
    pages = run_pages(made)
    assert ("Chronological age (years)", "Bone age (years)") in titles(pages)
    assert ("Bone age (years)", "Films") in titles(pages)
    (scatter,) = [axes for axes in pages[0].figure.axes if axes.get_ylabel() == "Bone age (years)"]
    assert scatter.collections or scatter.lines
    assert "Flags" in said(pages)


def test_the_structured_report_says_side_normality_and_both_uncertainties(
    girl_case: Case, record: Record, tmp_path: Path
) -> None:
    made = replace(record(girl_case), flag="normal", notices=(Notice("a", text="Look at the side."),))
    report = dcmread(write_sr(made, tmp_path / "sr.dcm"))
    coded = {item.ConceptCodeSequence[0].CodeValue for item in items(report) if item.ValueType == "CODE"}
    assert {LEFT, NORMAL} <= coded
    numbers = {
        item.ConceptNameCodeSequence[0].CodeValue: float(item.MeasuredValueSequence[0].NumericValue)
        for item in items(report)
        if item.ValueType == "NUM"
    }
    assert made.bone_age_months is not None
    assert made.interval_low_months is not None
    assert made.interval_high_months is not None
    assert numbers[UPPER] == pytest.approx(made.interval_high_months - made.bone_age_months, abs=0.001)
    assert numbers[LOWER] == pytest.approx(made.bone_age_months - made.interval_low_months, abs=0.001)
    texts = [item.TextValue for item in items(report) if item.ValueType == "TEXT"]
    assert any("Look at the side." in text for text in texts)


def test_the_workbook_marks_and_sums_up_refusals_and_phantoms(
    girl_case: Case, refused_case: Case, record: Record, tmp_path: Path
) -> None:
    phantom = replace(record(girl_case), is_phantom=True)
    book = load_workbook(write_xlsx([phantom, record(refused_case)], tmp_path / "a.xlsx"))
    sheet = book["Films"]
    assert sheet.cell(3, 1).fill.fgColor.rgb != sheet.cell(2, 1).fill.fgColor.rgb
    assert sheet.print_title_rows == "$1:$1"
    rows = {row[0].value: row[1].value for row in book["Summary"].iter_rows(min_row=4)}
    assert rows[f"Refused: {refusal_words_of(record(refused_case)).title}"] == 1
    assert rows["Phantoms (no children)"] == 1


def test_limits_of_agreement_need_three_films(girl_case: Case, record: Record) -> None:
    two = [record(girl_case)] * 2
    pair, three = summarise(two).agreement, summarise([*two, record(girl_case)]).agreement
    assert pair is not None
    assert three is not None
    assert pair.limits is None
    assert three.limits is not None
