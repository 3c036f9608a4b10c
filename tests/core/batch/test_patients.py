"""The table of patients: what it may hold, and its mistakes by line."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from bone_age_gui.core.batch.patients import GivenPatient, match_patients, read_patients
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Patient, Sex
from refused import message_of, refused


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "patients.csv"
    path.write_bytes(text.encode(encoding))
    return path


def mistakes(path: Path) -> list[str]:
    with pytest.raises(BoneAgeError) as caught:
        read_patients(path)
    assert caught.value.code == "bad_patients"
    return [line.strip() for line in message_of(caught.value).splitlines()[1:]]


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_table_is_read_as_it_is_meant(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = (
        "File,Sex,birth_date,study_date,reader_age_months\r\n"
        "sub\\a.dcm,f,2014-03-02,2026-11-20,140.5\r\n\r\nb.dcm, M ,,,\r\n"
    ).replace(",", delimiter)
    patients = read_patients(table(tmp_path, text, encoding)).patients
    first = GivenPatient(2, "sub/a.dcm", Patient(Sex.FEMALE, date(2014, 3, 2), date(2026, 11, 20)), 140.5)
    assert patients == (first, GivenPatient(4, "b.dcm", Patient(Sex.MALE)))


def test_every_mistake_is_named_by_its_line_and_without_the_value(tmp_path: Path) -> None:
    text = (
        "file,sex,birth_date,age_months,study_date\n"
        "a.dcm,X,,,\n"
        "b.dcm,F,02.03.2014,,\n"
        "c.dcm,F,2014-02-30,,\n"
        '"d.dcm",F,2014-03-02,120,\n'
        "e.dcm,F,2014-03-02,,2013-01-01\n"
        ",F,,,\n"
        "a.dcm,F,,,\n"
        "f.dcm,F\n"
        "g.dcm,F,,minus,\n"
        "h.dcm,,2999-01-01,,\n"
    )
    path = table(tmp_path, text)
    assert [line.split(":")[0] for line in mistakes(path)] == [f"line {number}" for number in range(2, 12)]
    words = " ".join(mistakes(path))
    assert not any(value in words for value in ("02.03.2014", "2014-02-30", "minus", "2999", "a.dcm"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "should name the columns"),
        ("name,sex\na,F\n", "should name the columns"),
        ("file,sex,sex\n", "occurs twice"),
        ("file,gender\n", "unknown column 2"),
        ('file,sex\n"a.dcm,F\n', "line 2: a quotation mark"),
    ],
)
def test_a_table_that_is_none(tmp_path: Path, text: str, words: str) -> None:
    assert words in mistakes(table(tmp_path, text))[0]


def test_a_table_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    assert "line 2: this is not UTF-8" in mistakes(table(tmp_path, "file\nä.dcm\n", "latin-1"))[0]


def test_a_missing_table(tmp_path: Path) -> None:
    assert mistakes(tmp_path / "none.csv") == ["the file cannot be opened"]


def test_films_are_matched_by_path_or_by_a_bare_name_that_is_unique(tmp_path: Path) -> None:
    read = read_patients(table(tmp_path, "file,sex\nx/a.dcm,F\nb.dcm,M\nnobody.dcm,M\n"))
    matched, unused = match_patients(read, ("x/a.dcm", "y/a.dcm", "y/b.dcm"))
    assert {name: patient.line for name, patient in matched.items()} == {"x/a.dcm": 2, "y/b.dcm": 3}
    assert unused == [4]


@pytest.mark.parametrize(("rows", "line"), [("a.dcm,F\n", 2), ("x/a.dcm,F\nx/b.dcm,F\nb.dcm,F\n", 4)])
def test_names_that_fit_several_films_or_the_same_one(tmp_path: Path, rows: str, line: int) -> None:
    read = read_patients(table(tmp_path, f"file,sex\n{rows}"))
    with refused(match=f"line {line}:"):
        match_patients(read, ("x/a.dcm", "y/a.dcm", "x/b.dcm"))


@pytest.mark.parametrize(("written", "named"), [("NFC", "NFD"), ("NFD", "NFC")])
@pytest.mark.parametrize("folder", ["", "Jörg/"])
def test_accents_may_be_composed_or_apart(tmp_path: Path, written: str, named: str, folder: str) -> None:
    film = unicodedata.normalize(named, f"{folder}müller-zoë.dcm")
    line = unicodedata.normalize(written, "müller-zoë.dcm")
    patients, unused = match_patients(read_patients(table(tmp_path, f"file,sex\n{line},F\n")), [film])
    assert list(patients) == [film]
    assert unused == []
