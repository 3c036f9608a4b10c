"""Ages from dates and DICOM strings, and their words."""

from __future__ import annotations

from datetime import date

import pytest

from bone_age_gui.core.values.age import DAYS_PER_MONTH, months_between, parse_dicom_age


def test_months_between_counts_days() -> None:
    assert months_between(date(2014, 3, 2), date(2014, 3, 2)) == 0
    assert months_between(date(2014, 3, 2), date(2024, 11, 20)) == pytest.approx(3916 / 30.4375)
    assert months_between(date(2012, 1, 1), date(2016, 1, 1)) == 48.0
    assert months_between(date(2024, 2, 29), date(2024, 3, 1)) == pytest.approx(1 / DAYS_PER_MONTH)


def test_a_study_before_the_birth_is_negative() -> None:
    assert months_between(date(2024, 3, 2), date(2014, 3, 2)) == pytest.approx(-120, abs=0.1)


@pytest.mark.parametrize(
    "text, months",
    [
        ("005Y", 60.0),
        ("062M", 62.0),
        ("030W", 30 * 7 / DAYS_PER_MONTH),
        ("010D", 10 / DAYS_PER_MONTH),
        ("000D", 0.0),
        ("5y", 60.0),
        (" 010 M ", 10.0),
    ],
)
def test_dicom_ages(text: str, months: float) -> None:
    assert parse_dicom_age(text) == pytest.approx(months)


@pytest.mark.parametrize(
    "text", ["", " ", "Y", "010", "0105Y", "-05Y", "5.5Y", "005X", "005YM", "5 years", "nan", "٣Y"]
)
def test_broken_dicom_ages_are_left_out(text: str) -> None:
    assert parse_dicom_age(text) is None
