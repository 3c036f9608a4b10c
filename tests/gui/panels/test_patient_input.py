"""Dates and ages as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from bone_age_gui.core.values.types import Patient
from bone_age_gui.gui.panels.patient_input import age_problem, date_problem, plausibility
from bone_age_gui.wording.typed_days import parse_date

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    "text", ["2014-03-02", "20140302", "2014/3/2", "2014.03.02", "2.3.2014", "02.03.2014", " 2014-3-2 ", "۲۰۱۴-۰۳-۰۲"]
)
def test_clear_spellings_of_a_date_are_understood(text: str) -> None:
    assert parse_date(text) == date(2014, 3, 2)


@pytest.mark.parametrize(
    "text",
    ["02/03/2014", "2014-13-01", "2014-02-30", "2014-3", "14-03-02", "March", "201432", "2014-03/02", "1392-12-11"],
)
def test_unclear_or_impossible_dates_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_date(text)
    problem = date_problem("birth", text)
    assert problem is not None
    assert "yyyy-mm-dd" in problem.text


def test_an_empty_date_is_unknown() -> None:
    assert parse_date("  ") is None
    assert date_problem("study", "") is None


@pytest.mark.parametrize("text", ["twelve", "12 8", "-3", "12 d", "m"])
def test_other_ages_are_refused(text: str) -> None:
    problem = age_problem(text)
    assert problem is not None
    assert problem.field == "age"


@pytest.mark.parametrize(
    ("patient", "words", "mild"),
    [
        (Patient(birth_date=date(2030, 1, 1)), "birth lies in the future", True),
        (Patient(study_date=date(2027, 1, 1)), "Study date lies in the future", True),
        (Patient(birth_date=date(2120, 1, 2), study_date=date(2132, 1, 1)), "lies in the future", True),
        (Patient(birth_date=date(2132, 1, 2), study_date=date(2132, 1, 1)), "before the date of birth", False),
        (Patient(birth_date=date(2014, 1, 2), study_date=date(2014, 1, 1)), "before the date of birth", False),
        (Patient(birth_date=date(2000, 1, 1), study_date=date(2021, 1, 2)), "Older than 20 years", True),
        (Patient(stated_age_months=241), "Older than 20 years", True),
    ],
)
def test_ages_that_cannot_be_true(patient: Patient, words: str, mild: bool) -> None:
    problem = plausibility(patient, TODAY)
    assert problem is not None
    assert words in problem.text
    assert problem.mild is mild


def test_plausible_patients_pass() -> None:
    assert plausibility(Patient(birth_date=date(2014, 3, 2), study_date=TODAY), TODAY) is None
    assert plausibility(Patient(birth_date=TODAY, study_date=TODAY), TODAY) is None
    assert plausibility(Patient(), TODAY) is None
