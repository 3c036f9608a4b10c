"""The workbook behind ``write_xlsx``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Flag
from bone_age_gui.report.tables.columns import Kind, ReportColumn, columns_for_people, title_of, yes_no
from bone_age_gui.report.tables.summary import Summary, flag_counts, summarise, summary_rows
from bone_age_gui.wording.days import exact_time
from bone_age_gui.wording.language import is_right_to_left, tr
from bone_age_gui.wording.marks import without_marks
from bone_age_gui.wording.run_pages import doubtful_row, refused_row
from bone_age_gui.wording.values import FLAG_WORDS

FLAG_FILLS: dict[str, str] = {
    Flag.NORMAL: "D6EFDC",
    Flag.ADVANCED: "F9D5CC",
    Flag.DELAYED: "CFE2F8",
    Flag.INDETERMINATE: "FCEDC2",
    Flag.NO_REFERENCE: "E4E6EA",
}
"""Light backgrounds (RRGGBB); the words carry the meaning, the colours only help."""
_REFUSED_FILL = "F3E3E3"
_DOUBTFUL_FILL = "FFF1CF"
_FORMATS = {
    Kind.MONTHS: "0.0",
    Kind.SCORE: "+0.0;-0.0;0.0",
    Kind.NUMBER: "0.0##",
    Kind.SHARE: "0 %",
    Kind.DATE: "yyyy-mm-dd",
    Kind.TIME: "yyyy-mm-dd hh:mm:ss",
}
_HEADER = PatternFill("solid", fgColor="1F3A5F")
_FIRST_YEAR = 1900
"""Excel knows no earlier dates."""


def make_workbook(records: Sequence[CaseRecord]) -> Workbook:
    """Sheets ``Films`` and ``Summary``."""
    book = Workbook()
    book.properties.title = tr("Bone age")
    book.properties.creator = "Bone Age"
    book.properties.description = tr(DISCLAIMER)
    films = book.worksheets[0]
    films.title = tr("Films")
    _fill_films(films, records)
    _fill_summary(book.create_sheet(tr("Summary")), summarise(records), records)
    for sheet in book.worksheets:
        sheet.sheet_view.rightToLeft = is_right_to_left()
    return book


def _fill_films(sheet: Worksheet, records: Sequence[CaseRecord]) -> None:
    columns = columns_for_people()
    for place, column in enumerate(columns, 1):
        head = sheet.cell(1, place, without_marks(title_of(column)))
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = _HEADER
        head.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = column.width + 2
    sheet.row_dimensions[1].height = 45
    for row, record in enumerate(records, 2):
        for place, column in enumerate(columns, 1):
            _put(sheet.cell(row, place), column.value(record), column)
        if record.is_refused or record.is_doubtful:
            colour = _REFUSED_FILL if record.is_refused else _DOUBTFUL_FILL
            sheet.cell(row, 1).fill = PatternFill("solid", fgColor=colour)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(records) + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.print_title_rows = "1:1"


def _put(cell: Cell, value: Any, column: ReportColumn) -> None:
    """A typed cell; text is stored as text whatever it begins with."""
    if value is None:
        return
    if isinstance(value, bool):
        value = yes_no(value)
    if isinstance(value, date) and value.year < _FIRST_YEAR:
        value = value.isoformat()
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = value
        cell.number_format = _FORMATS.get(column.kind, "General")
    if column.key in ("flag", "final_flag"):
        colour = next((FLAG_FILLS[flag] for flag, words in FLAG_WORDS.items() if tr(words) == value), None)
        if colour is not None:
            cell.fill = PatternFill("solid", fgColor=colour)


def put_text(cell: Cell, text: str) -> None:
    """Store text as text: ``=`` begins no formula, and stays harmless when the cell is edited."""
    cell.value = text[:32767]
    cell.data_type = "s"
    if text[:1] in "=+-@":
        cell.quotePrefix = True


def _fill_summary(sheet: Worksheet, summary: Summary, records: Sequence[CaseRecord]) -> None:
    start = "right" if is_right_to_left() else "left"
    sheet.column_dimensions["A"].width = 38
    sheet.column_dimensions["B"].width = 60
    sheet.cell(1, 1, tr("Bone age: summary of the run")).font = Font(bold=True, size=14)
    sheet.cell(2, 1, tr(DISCLAIMER)).font = Font(italic=True)
    rows = summary_rows(summary)
    flags = {name: flag for flag, (name, _) in flag_counts(summary).items()}
    rows += [(doubtful_row(code), number) for code, number in summary.doubts]
    rows += [(refused_row(reason), number) for reason, number in summary.refusals]
    rows += _made_with(summary, records)
    for row, (name, value) in enumerate(rows, 4):
        put_text(sheet.cell(row, 1), name)
        cell = sheet.cell(row, 2)
        cell.alignment = Alignment(horizontal=start, wrap_text=True, vertical="top")
        if isinstance(value, int):
            cell.value = value
        else:
            put_text(cell, value)
        if name in flags:
            sheet.cell(row, 1).fill = PatternFill("solid", fgColor=FLAG_FILLS[flags[name]])
    sheet.freeze_panes = "A4"


def _made_with(summary: Summary, records: Sequence[CaseRecord]) -> list[tuple[str, str | int]]:
    def each(name: str) -> str:
        return ", ".join(dict.fromkeys(str(value) for record in records if (value := getattr(record, name))))

    times = sorted(record.created for record in records if record.created)
    return [
        (tr("Model"), "; ".join(summary.models) or tr("none")),
        (tr("Model SHA-256"), each("model_sha256") or tr("none")),
        (tr("Program version"), each("program_version")),
        (tr("Made from (UTC)"), exact_time(times[0]) if times else ""),
        (tr("Made to (UTC)"), exact_time(times[-1]) if times else ""),
    ]
