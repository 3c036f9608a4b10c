"""What the values on the line promise."""

from __future__ import annotations

import pickle
from datetime import date

import numpy as np
import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.types import Case, Patient, Radiograph


def test_dates_go_before_the_stated_age() -> None:
    dated = Patient(birth_date=date(2012, 1, 1), study_date=date(2016, 1, 1), stated_age_months=7.0)
    assert dated.chronological_age_months == 48.0


@pytest.mark.parametrize(
    "patient",
    [
        Patient(stated_age_months=62.0),
        Patient(birth_date=date(2012, 1, 1), stated_age_months=62.0),
        Patient(study_date=date(2012, 1, 1), stated_age_months=62.0),
    ],
)
def test_the_stated_age_serves_where_a_date_is_missing(patient: Patient) -> None:
    assert patient.chronological_age_months == 62.0


def test_an_unknown_age_is_none_and_never_todays() -> None:
    assert Patient(birth_date=date(2012, 1, 1)).chronological_age_months is None
    assert Patient().chronological_age_months is None


def test_a_newborn_has_the_age_zero() -> None:
    birth = date(2024, 2, 29)
    assert Patient(birth_date=birth, study_date=birth, stated_age_months=9.0).chronological_age_months == 0.0


def test_errors_survive_the_way_back_from_a_worker() -> None:
    error = pickle.loads(pickle.dumps(BoneAgeError("multi_frame", "why", frames=2)))
    assert (error.code, error.why, error.details) == ("multi_frame", "why", {"frames": 2})
    assert str(error) == "multi_frame (why) frames=2"


def test_the_notices_of_film_and_case_come_each_once() -> None:
    film, late = Notice("inverted"), Notice("sex_unknown")
    radiograph = Radiograph(np.zeros((2, 2), np.uint16), notices=(film,))
    assert Case(None, radiograph=radiograph, notices=(film, late)).all_notices == (film, late)
    assert Case(None, notices=(late,)).all_notices == (late,)
