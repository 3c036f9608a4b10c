"""The patient form: filled from the file, checked while typing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.types import Case, Patient, Radiograph, Sex
from bone_age_gui.gui.panels.patient_form import PatientForm
from bone_age_gui.gui.work.film import Film, FilmState

GIRL = Patient(Sex.FEMALE, date(2014, 3, 2), date(2026, 11, 20), name="Doe^Jane^M", patient_id="4711")


def film_of(patient: Patient, number: int = 1) -> Film:
    radiograph = Radiograph(np.zeros((120, 100), np.uint16), patient=patient)
    return Film(number, Case(Path("a.dcm"), patient, radiograph), FilmState.READY)


class Signalled:
    """What the form signalled."""

    def __init__(self, form: PatientForm) -> None:
        self.patients: list[Patient] = []
        self.problems: list[str | None] = []
        form.patient_edited.connect(lambda _, patient: self.patients.append(patient))
        form.problem_changed.connect(lambda _, problem: self.problems.append(problem))


@pytest.fixture
def form(qtbot: QtBot) -> PatientForm:
    made = PatientForm(today=lambda: date(2026, 11, 21))
    qtbot.addWidget(made)
    made.show_film(film_of(GIRL))
    return made


@pytest.fixture
def signalled(form: PatientForm) -> Signalled:
    return Signalled(form)


def test_it_is_filled_from_the_tags(form: PatientForm) -> None:
    assert form.name.text() == "Doe, Jane M  \N{MIDDLE DOT}  ID 4711"
    assert form.birth.text() == "2014-03-02"
    assert form.study.text() == "2026-11-20"
    assert form.age.text() == "12 y 9 m (153 m)"
    assert form.age.isReadOnly()
    assert form.sexes.checkedButton().accessibleName() == "Sex: female"
    assert form.message.text() == ""


def test_without_a_film_nothing_can_be_typed(form: PatientForm, signalled: Signalled) -> None:
    form.show_film(None)
    assert not form.isEnabled()
    assert form.birth.text() == ""
    assert signalled.patients == []


def test_typing_a_date_signals_the_patient_at_once(qtbot: QtBot, form: PatientForm, signalled: Signalled) -> None:
    form.birth.selectAll()
    qtbot.keyClicks(form.birth, "2015-03-02")
    assert signalled.problems[-1] is None
    assert signalled.patients[-1].birth_date == date(2015, 3, 2)
    assert signalled.patients[-1].name == "Doe^Jane^M"
    assert form.age.text() == "11 y 9 m (141 m)"


def test_half_a_date_is_a_problem_and_signals_no_patient(qtbot: QtBot, form: PatientForm, signalled: Signalled) -> None:
    form.study.selectAll()
    qtbot.keyClicks(form.study, "2026-1")
    assert signalled.problems[-1] == "Study date: not a date. Write yyyy-mm-dd."
    assert form.study.property("problem") == "error"
    assert "Study date" in form.message.text()
    assert signalled.patients == []


def test_a_study_before_birth_is_a_problem(qtbot: QtBot, form: PatientForm, signalled: Signalled) -> None:
    form.study.setText("2013-01-01")
    assert signalled.problems[-1] == "Study date lies before the date of birth."
    assert form.message.text()


def test_an_old_patient_is_warned_about_but_allowed(form: PatientForm, signalled: Signalled) -> None:
    form.birth.setText("1990-01-01")
    assert signalled.problems[-1] is None
    assert "Older than 20 years" in form.message.text()
    assert form.age.property("problem") == "mild"
    assert signalled.patients[-1].birth_date == date(1990, 1, 1)


def test_dates_are_written_one_way_when_the_field_is_left(qtbot: QtBot, form: PatientForm) -> None:
    form.birth.setText("2.3.2014")
    form.birth.editingFinished.emit()
    assert form.birth.text() == "2014-03-02"


def test_without_dates_the_age_can_be_typed(qtbot: QtBot, form: PatientForm, signalled: Signalled) -> None:
    form.show_film(film_of(Patient(), 2))
    assert not form.age.isReadOnly()
    qtbot.keyClicks(form.age, "12 y 8 m")
    assert signalled.patients[-1].stated_age_months == pytest.approx(152)
    assert signalled.patients[-1].chronological_age_months == pytest.approx(152)


def test_a_stated_age_of_the_file_is_not_rounded_by_showing_it(form: PatientForm, signalled: Signalled) -> None:
    form.show_film(film_of(Patient(stated_age_months=131.416), 2))
    assert form.age.text() == "10 y 11 m"
    form.sexes.button(1).click()
    assert signalled.patients[-1].stated_age_months == 131.416


def test_emptying_a_date_lets_the_age_be_typed_again(form: PatientForm, signalled: Signalled) -> None:
    form.birth.setText("")
    assert not form.age.isReadOnly()
    assert form.age.text() == ""
    assert signalled.patients[-1].chronological_age_months is None


def test_choosing_the_sex(qtbot: QtBot, form: PatientForm, signalled: Signalled) -> None:
    for button, sex in zip(form.sexes.buttons(), (Sex.FEMALE, Sex.MALE, None), strict=True):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert signalled.patients[-1].sex == sex


def test_what_is_being_typed_is_not_overwritten_by_news_of_the_same_film(
    form: PatientForm, signalled: Signalled
) -> None:
    form.birth.setText("2015-03")
    form.show_film(film_of(GIRL))
    assert form.birth.text() == "2015-03"


def test_another_film_refills_it_and_clears_the_problem(form: PatientForm, signalled: Signalled) -> None:
    form.birth.setText("2015-03")
    form.show_film(film_of(Patient(Sex.MALE), 2))
    assert form.birth.text() == ""
    assert form.message.text() == ""
    assert signalled.problems[-1] is None


def test_the_values_of_the_file_come_back(qtbot: QtBot, form: PatientForm, signalled: Signalled) -> None:
    form.birth.setText("2015-03-02")
    form.reset.click()
    assert form.birth.text() == "2014-03-02"
    assert signalled.patients[-1] == GIRL
