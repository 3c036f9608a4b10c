"""What a report file says, as flat fields that can be compared: ``{"row 3 / Flag": "normal"}``.

Times, versions of the program, numbers that it generated and pseudonyms are masked, as they differ from run to run;
the numbers of the films themselves stay if they begin with ``uid_root``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from pydicom import DataElement, Dataset, dcmread

from insides import pdf_pictures, pdf_strokes, pdf_words

_MASKS = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+00:00| UTC)?"), "<time>"),
    (re.compile(r"\b\d+\.\d\d s\b"), "<seconds>"),
    (re.compile(r"\bANON-[0-9A-F]{8}\b"), "<pseudonym>"),
    (re.compile(r"\bfi ?lm-\d{4}\b"), "<film>"),  # numbered as they come out of the workers
    (re.compile(r"\b2\.25\.\d{20,}"), "<made number>"),
)
_NUMBER = re.compile(r"\b\d+(?:\.\d+){5,}\b")
_STANDARD = "1.2.840.10008."
_DICOM_TIMES = {"DA", "TM", "DT"}
_FILMS_TIMES = {"PatientBirthDate", "StudyDate", "StudyTime"}
_CHANGING_COLUMNS = {"Made (UTC)", "Time taken (s)", "Program version", "created", "seconds", "program_version"}
_CHANGING_ROWS = {"Made from (UTC)", "Made to (UTC)", "Program version"}


class Masks:
    """Replaces what differs from run to run. Numbers get names in the order in which they come: ``<number 1>``."""

    def __init__(self, uid_root: str, version: str) -> None:
        self._kept = (uid_root, _STANDARD)
        self._version = re.compile(rf"(?<![\d.]){re.escape(version)}(?![\d.])")
        self._numbers: dict[str, str] = {}
        self._today = date.today().isoformat()

    def value(self, value: Any) -> Any:
        """A value without what changes; anything but text, lists and mappings as it is."""
        if isinstance(value, dict):
            return {key: self.value(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(item) for item in value]
        return self.text(value) if isinstance(value, str) else value

    def text(self, text: str) -> str:
        for pattern, word in _MASKS:  # times before days: a time may begin with today
            text = pattern.sub(word, text)
        text = text.replace(self._today, "<today>")
        return _NUMBER.sub(self._number, text)

    def program_text(self, text: str) -> str:
        """``text`` where the program's version may stand in it, too."""
        return self._version.sub("<version>", self.text(text))

    def _number(self, match: re.Match[str]) -> str:
        number = match[0]
        if number.startswith(self._kept):
            return number
        return self._numbers.setdefault(number, f"<number {len(self._numbers) + 1}>")


def content_of(path: Path, masks: Masks) -> dict[str, Any]:
    """The fields of one report. ``ValueError`` for a kind of file that is not known here."""
    read: dict[str, Callable[[bytes, Masks], dict[str, Any]]] = {
        ".csv": _csv, ".xlsx": _workbook, ".jsonl": _json_lines, ".pdf": _pdf, ".dcm": _dicom,
    }  # fmt: skip
    if path.suffix not in read:
        raise ValueError(f"{path.name} is no report that can be read here")
    return read[path.suffix](path.read_bytes(), masks)


def _csv(raw: bytes, masks: Masks) -> dict[str, Any]:
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8"), newline="")))
    return _table([[masks.text(cell) for cell in row] for row in rows])


def _workbook(raw: bytes, masks: Masks) -> dict[str, Any]:
    """Every cell with its type, format and colour."""
    fields: dict[str, Any] = {}
    for sheet in load_workbook(io.BytesIO(raw)).worksheets:
        rows = [[_cell(cell, masks) for cell in row] for row in sheet.iter_rows()]
        if sheet.title == "Films":
            rows[0] = [str(cell.value) for cell in sheet[1]]
            table = _table(rows)
        else:
            table = {f"row {number}": row for number, row in enumerate(rows, 1) if sheet.cell(number, 1).value
                     not in _CHANGING_ROWS}  # fmt: skip
        fields |= {f"{sheet.title} / {name}": value for name, value in table.items()}
    return fields


def _cell(cell: Any, masks: Masks) -> str:
    value = cell.value
    if isinstance(value, datetime) and value.time() == time():  # a workbook has no dates without a time
        value = value.date()
    value = masks.text(str(value)) if value is not None else ""
    return f"{value} | {cell.data_type} | {cell.number_format} | {cell.fill.fgColor.rgb}" if value else ""


def _table(rows: list[list[str]]) -> dict[str, Any]:
    """Cells by the name of their row (its first cell, else its number) and their column's title."""
    titles, fields = rows[0], {"columns": " | ".join(rows[0])}
    for number, row in enumerate(rows[1:], 1):
        fields |= {
            f"row {number} / {title}": cell
            for title, cell in zip(titles, row, strict=True)
            if title.lstrip("\ufeff") not in _CHANGING_COLUMNS
        }
    return fields


def _json_lines(raw: bytes, masks: Masks) -> dict[str, Any]:
    """The records as they are: their fields are compared by name, see ``same_answers_fields``."""
    records = [json.loads(line) for line in raw.decode("ascii").splitlines()]
    return {f"record {number}": masks.value(record) for number, record in enumerate(records, 1)}


def _pdf(raw: bytes, masks: Masks) -> dict[str, Any]:
    """Its words in order, hashes of its pictures and of its lines and areas."""
    words = " ".join(masks.program_text(" ".join(pdf_words(raw))).split())
    fields: dict[str, Any] = {f"line {number}": line for number, line in enumerate(words.split(". "), 1)}
    fields |= {f"picture {number}": _hash(picture) for number, picture in enumerate(pdf_pictures(raw), 1)}
    fields |= {f"drawing of page {number}": _hash(page) for number, page in enumerate(pdf_strokes(raw), 1)}
    return fields


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _dicom(raw: bytes, masks: Masks) -> dict[str, Any]:
    dataset = dcmread(io.BytesIO(raw))
    fields = {f"head / {name}": value for name, value in _elements(dataset.file_meta, masks)
              if not name.startswith(("FileMetaInformation", "Implementation"))}  # fmt: skip
    return fields | dict(_elements(dataset, masks))


def _elements(dataset: Dataset, masks: Masks, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every value by the path to it; a PDF inside by its own fields."""
    for element in dataset:
        name = f"{place}{element.keyword or element.tag}"
        if element.VR == "SQ":
            for number, item in enumerate(element.value, 1):
                yield from _elements(item, masks, f"{name}[{number}].")
        elif element.keyword == "EncapsulatedDocument":
            inside = _pdf(element.value, masks)
            yield from ((f"{name}.{field}", value) for field, value in inside.items())
        elif element.keyword != "EncapsulatedDocumentLength":  # it depends on the time that is written into the PDF
            yield name, _dicom_value(element, masks)


def _dicom_value(element: DataElement, masks: Masks) -> str:
    if element.VR in _DICOM_TIMES and element.keyword not in _FILMS_TIMES:
        return "<time>" if element.value else ""
    text = _hash(element.value) if isinstance(element.value, bytes) else str(element.value)
    return masks.program_text(text) if element.keyword == "SoftwareVersions" else masks.text(text)
