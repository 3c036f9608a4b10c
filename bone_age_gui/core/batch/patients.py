"""The table of patients that may come with a batch: a CSV file, checked as a whole before anything runs.

Columns, by their names in the first line: ``file`` (needed), ``sex`` (F or M), ``birth_date`` or ``age_months``,
``study_date`` (dates as 2014-03-02), ``reader_age_months``, ``height_cm``, ``mother_cm`` and ``father_cm``. An empty
field leaves what the film says.
"""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bone_age_gui.core.values.bounded_files import read_bounded
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.typed_values import (
    NOTHING_GIVEN,
    WrongValueError,
    given_patient,
    parse_day,
    parse_height,
    parse_months,
    parse_sex,
)
from bone_age_gui.core.values.types import Patient

COLUMNS = (
    "file", "sex", "birth_date", "age_months", "study_date", "reader_age_months", "height_cm", "mother_cm", "father_cm",
)  # fmt: skip


@dataclass(frozen=True)
class GivenPatient:
    """What one line says; ``None`` where its field is empty. ``reader_age_months`` is a radiologist's reading."""

    line: int
    file: str
    patient: Patient = NOTHING_GIVEN
    reader_age_months: float | None = None


@dataclass(frozen=True)
class PatientTable:
    """The lines of a table without mistakes, and the hash of the file."""

    patients: tuple[GivenPatient, ...]
    sha256: str


def read_patients(path: Path) -> PatientTable:
    """Read a table; comma or semicolon, UTF-8 with or without a mark.

    Raises
    ------
    BoneAgeError
        ``bad_patients``: every mistake by its line, none of the values; or the file cannot be read.
    """
    try:
        content = read_bounded(path)
    except OSError as error:
        raise _bad([Fact("closed")]) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _bad([Fact("encoding", {"line": line})]) from error
    patients, mistakes = _read_rows(text)
    if mistakes:
        raise _bad(mistakes)
    return PatientTable(tuple(patients), hashlib.sha256(content).hexdigest())


def match_patients(table: PatientTable, films: Iterable[str]) -> tuple[dict[str, GivenPatient], list[int]]:
    """The line of each film by its name below the folder, and the numbers of the lines that name no film.

    A line names a film by that path, or by its bare file name where only one film has it.

    Raises
    ------
    BoneAgeError
        ``bad_patients`` if a bare name fits several films, or two lines mean the same film.
    """
    names = set(films)
    by_name: dict[str, list[str]] = {}
    for name in names:
        for key in {_composed(name), _composed(name.rsplit("/", 1)[-1])}:
            by_name.setdefault(key, []).append(name)
    matched: dict[str, GivenPatient] = {}
    unused: list[int] = []
    mistakes: list[Fact] = []
    for patient in table.patients:
        candidates = [patient.file] if patient.file in names else by_name.get(_composed(patient.file), [])
        if not candidates:
            unused.append(patient.line)
        elif len(candidates) > 1:
            mistakes.append(Fact("ambiguous", {"line": patient.line, "films": len(candidates)}))
        elif candidates[0] in matched:
            mistakes.append(_again(patient.line, matched[candidates[0]].line))
        else:
            matched[candidates[0]] = patient
    if mistakes:
        raise _bad(mistakes)
    return matched, unused


def _composed(name: str) -> str:
    """The name with its accents composed: some systems write them apart (NFD), tables mostly do not."""
    return unicodedata.normalize("NFC", name)


def _read_rows(text: str) -> tuple[list[GivenPatient], list[Fact]]:
    patients: list[GivenPatient] = []
    mistakes: list[Fact] = []
    rows = _numbered_rows(text, mistakes)
    header_line, header = next(rows, (1, []))
    columns = [name.strip().lower() for name in header]
    mistakes += _header_mistakes(header_line, columns)
    if mistakes:
        return patients, mistakes
    lines_of: dict[str, int] = {}
    for line, fields in rows:
        patient, problems = _read_row(line, columns, fields)
        if patient.file and patient.file in lines_of:
            problems.append(_again(line, lines_of[patient.file]))
        lines_of.setdefault(patient.file, line)
        mistakes += problems
        patients.append(patient)
    return patients, mistakes


def _numbered_rows(text: str, mistakes: list[Fact]) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, each with the line in which it begins."""
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            mistakes.append(Fact("quotation", {"line": line}))
            return
        if any(field.strip() for field in fields):
            yield line, fields
        line = reader.line_num + 1


def _again(line: int, first: int) -> Fact:
    return Fact("again", {"line": line, "first": first})


def _header_mistakes(line: int, columns: Sequence[str]) -> list[Fact]:
    if "file" not in columns:
        return [Fact("no_columns", {"line": line, "known": COLUMNS})]
    unknown = [place for place, name in enumerate(columns, 1) if name not in COLUMNS]
    twice = [name for name in COLUMNS if columns.count(name) > 1]
    return [
        *(Fact("unknown_column", {"line": line, "place": place, "known": COLUMNS}) for place in unknown),
        *(Fact("column_twice", {"line": line, "name": name}) for name in twice),
    ]


def _read_row(line: int, columns: Sequence[str], fields: Sequence[str]) -> tuple[GivenPatient, list[Fact]]:
    if len(fields) != len(columns):
        return GivenPatient(line, ""), [Fact("fields", {"line": line, "fields": len(fields), "columns": len(columns)})]
    texts = {name: field.strip() for name, field in zip(columns, fields, strict=True)}
    file = texts.pop("file").replace("\\", "/").removeprefix("./")
    problems = [] if file else [Fact("no_file", {"line": line})]
    values: dict[str, Any] = {}
    for name, text in texts.items():
        try:
            values[name] = _READERS[name](text) if text else None
        except WrongValueError as error:
            problems.append(Fact("value", {"line": line, "column": name, "problem": (error.fact,)}))
    patient = given_patient(values)
    if patient.has_two_ages:
        problems.append(Fact("two_ages", {"line": line}))
    if patient.has_study_before_birth:
        problems.append(Fact("before_birth", {"line": line}))
    return GivenPatient(line, file, patient, values.get("reader_age_months")), problems


_READERS: dict[str, Callable[[str], Any]] = {
    "sex": parse_sex,
    "birth_date": parse_day,
    "age_months": parse_months,
    "study_date": parse_day,
    "reader_age_months": parse_months,
    "height_cm": parse_height,
    "mother_cm": parse_height,
    "father_cm": parse_height,
}


def _bad(mistakes: Sequence[Fact]) -> BoneAgeError:
    return BoneAgeError("bad_patients", mistakes=tuple(mistakes))
