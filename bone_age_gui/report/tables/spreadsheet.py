"""Tables for spreadsheets and statistics: CSV and XLSX, safe against formulas in names and remarks."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.whole_files import write_whole
from bone_age_gui.report.tables.columns import COLUMNS, Kind, title_of, yes_no
from bone_age_gui.wording.language import in_english

_FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Plain and full-width; blanks and tabs before them do not help."""


def defuse(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before what could start one."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA_STARTS) else text


def write_csv(records: Sequence[CaseRecord], path: Path) -> Path:
    """Write comma-separated values, one film a row, in English whatever the language: programs read them.

    UTF-8 with a byte order mark, without which Excel reads it in the local code page; pandas and R's
    ``fileEncoding="UTF-8-BOM"`` drop it. Decimal point, ISO dates, CRLF (RFC 4180).
    """

    def write(temporary: Path) -> None:
        with in_english(), temporary.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(title_of(column) for column in COLUMNS)
            writer.writerows([_csv_cell(column.value(record), column.kind) for column in COLUMNS] for record in records)

    return write_whole(path, write)


def write_xlsx(records: Sequence[CaseRecord], path: Path) -> Path:
    """Write a workbook: the films as a table with typed cells, and a sheet that sums them up."""
    from bone_age_gui.report.tables.workbook import make_workbook

    return write_whole(path, lambda temporary: make_workbook(records).save(temporary))


def _csv_cell(value: Any, kind: Kind) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, float):
        return f"{value:.{2 if kind in (Kind.SCORE, Kind.SHARE) else 1 if kind is Kind.MONTHS else 3}f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return defuse(str(value))
