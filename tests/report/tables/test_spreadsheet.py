"""CSV, XLSX and JSON lines, read back by other means than they were written."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.reading import Examination
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case
from bone_age_gui.report.tables.columns import COLUMNS, title_of
from bone_age_gui.report.tables.json_lines import write_json_lines
from bone_age_gui.report.tables.spreadsheet import write_csv, write_xlsx
from bone_age_gui.report.tables.summary import summarise, summary_rows
from bone_age_gui.report.tables.workbook import FLAG_FILLS

FORMULA = '=HYPERLINK("http://example.invalid","x")'


@pytest.fixture
def records(
    girl_case: Case, picture_case: Case, refused_case: Case, record: Callable[[Case], CaseRecord]
) -> list[CaseRecord]:
    before = Examination("x", 110.0, "2025-11-20", 122.5, "reader", -1.2, "older", "1.0")
    girl = replace(
        record(girl_case), patient_name="Müller^Zoë 李", remark=FORMULA, earlier=(before,), borderline=True,
        reader_name="Dr. Example", created="2026-11-21T11:30:00+02:00", decided_at="2026-11-21T10:15:30+00:00",
    )  # fmt: skip
    odd = replace(record(picture_case), file="/films/-1+2\udcff\x07.png", remark=" \t@SUM(A1)")
    return [girl, odd, record(refused_case)]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_holds_every_film_in_its_row(records: list[CaseRecord], tmp_path: Path) -> None:
    rows = read_csv(write_csv(records, tmp_path / "a.csv"))
    girl, odd, refused = rows
    assert girl["Patient name"] == "Müller^Zoë 李"
    assert float(girl["Bone age by the model (months)"]) == pytest.approx(records[0].bone_age_months, abs=0.06)
    assert girl["Study date"] == "2026-11-20"
    assert (girl["Decided by"], girl["Final bone age (months)"]) == ("reader", "131.5")
    assert girl["Use"] == DISCLAIMER
    assert (girl["Reader"], girl["Made (UTC)"]) == ("Dr. Example", "2026-11-21 09:30:00")
    assert girl["Decided at (UTC)"] == "2026-11-21 10:15:30"
    assert "under or over 18 cannot be told from a hand" in refused["No proof"]
    assert girl["Model SHA-256"] == records[0].model_sha256
    words = "2025-11-20 at 10 y 2 m: 9 y 2 m (reader), \N{MINUS SIGN}1.20 SD, older 1.0"
    assert girl["Other examinations of the child"] == words
    assert float(girl["Pace (months of bone age a year)"]) == pytest.approx(12 * (131.5 - 110.0) / 12, abs=0.1)
    assert girl["Pace since"].startswith("2025-11-20")
    assert odd["Other examinations of the child"] == odd["Pace (months of bone age a year)"] == ""
    assert refused["Refusal code"] == "not_an_image"
    assert refused["Bone age by the model (months)"] == ""
    assert "\\udcff" in odd["File"]


def test_csv_begins_with_the_mark_that_excel_needs(records: list[CaseRecord], tmp_path: Path) -> None:
    content = write_csv(records, tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfFile,")
    assert content.count(b"\r\n") == len(records) + 1


def test_no_cell_of_a_csv_begins_a_formula(records: list[CaseRecord], tmp_path: Path) -> None:
    rows = read_csv(write_csv(records, tmp_path / "a.csv"))
    assert rows[0]["Remark"] == f"'{FORMULA}"
    for row in rows:
        for value in row.values():
            if value.lstrip()[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20"):
                float(value)  # a negative number is none


def test_xlsx_cells_have_types(records: list[CaseRecord], tmp_path: Path) -> None:
    sheet = load_workbook(write_xlsx(records, tmp_path / "a.xlsx"))["Films"]
    titles = [cell.value for cell in sheet[1]]
    assert titles == [title_of(column) for column in COLUMNS]
    girl = dict(zip(titles, sheet[2], strict=True))
    assert girl["Bone age by the model (months)"].value == pytest.approx(records[0].bone_age_months)
    assert girl["Birth date"].value == datetime(2014, 3, 2)
    assert girl["Birth date"].is_date
    assert girl["Made (UTC)"].value == datetime(2026, 11, 21, 9, 30)
    assert girl["Interval level"].number_format == "0 %"
    assert isinstance(girl["Difference (SD)"].value, float)
    assert girl["Patient name"].value == "Müller, Zoë 李", "for people, as in the PDF; a CSV keeps DICOM's own form"


def test_no_cell_of_an_xlsx_is_a_formula(records: list[CaseRecord], tmp_path: Path) -> None:
    book = load_workbook(write_xlsx(records, tmp_path / "a.xlsx"))
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n", "d"}
    sheet = book["Films"]
    remark = sheet.cell(2, [cell.value for cell in sheet[1]].index("Remark") + 1)
    assert (remark.value, remark.data_type, remark.quotePrefix) == (FORMULA, "s", True)


def test_xlsx_is_made_for_reading(records: list[CaseRecord], tmp_path: Path) -> None:
    book = load_workbook(write_xlsx(records, tmp_path / "a.xlsx"))
    sheet = book["Films"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref.endswith(str(len(records) + 1))
    flag = sheet.cell(2, [cell.value for cell in sheet[1]].index("Flag") + 1)
    assert flag.fill.fgColor.rgb == f"00{FLAG_FILLS[flag.value]}"
    summary = {row[0].value: row[1].value for row in book["Summary"].iter_rows(min_row=4)}
    assert (summary["Films"], summary["Estimated"], summary["Refused"]) == (3, 2, 1)
    assert summary["Borderline flags among these"] == 0, "the reader's age is final there, which has no distribution"
    accepted = replace(records[0], decided_by=None)
    assert dict(summary_rows(summarise([accepted])))["Borderline flags among these"] == 1
    assert summary["Model SHA-256"] == records[0].model_sha256
    assert summary["Program version"] == "9.8.7"


def test_a_birth_before_excel_stays_readable(records: list[CaseRecord], tmp_path: Path) -> None:
    old = replace(records[0], birth_date="1899-05-01", study_date="not a date")
    row = next(load_workbook(write_xlsx([old], tmp_path / "a.xlsx"))["Films"].iter_rows(min_row=2, values_only=True))
    assert "1899-05-01" in row
    assert "not a date" in row
    assert date(1899, 5, 1) not in row


def test_tables_of_nothing_have_their_heads(tmp_path: Path) -> None:
    assert read_csv(write_csv([], tmp_path / "a.csv")) == []
    assert load_workbook(write_xlsx([], tmp_path / "a.xlsx"))["Films"].max_row == 1
    assert write_json_lines([], tmp_path / "a.jsonl").read_text() == ""


def test_json_lines_are_one_film_a_line(records: list[CaseRecord], tmp_path: Path) -> None:
    lines = write_json_lines(records, tmp_path / "a.jsonl").read_text(encoding="ascii").splitlines()
    girl, odd, refused = (json.loads(line) for line in lines)
    assert girl["bone_age_months"] == records[0].bone_age_months
    assert (girl["final"]["months"], girl["final"]["by"]) == (131.5, "reader")
    assert girl["final"]["difference_months"] == records[0].final_difference_months
    assert (odd["final"]["months"], odd["final"]["by"]) == (odd["bone_age_months"], "model")
    assert refused["final"] is None
    assert refused["error"]["code"] == "not_an_image"
    assert all(each["disclaimer"] == DISCLAIMER for each in (girl, odd, refused))
    assert all("no proof of an age" in each["no_proof"] for each in (girl, odd, refused))
