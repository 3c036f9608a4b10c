"""What may be given about a patient, and the one set of words for what may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui.cli import options as cli_options
from bone_age_gui.core.batch.patients import read_patients
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.typed_values import WrongValueError, parse_day, parse_height, parse_months, parse_sex
from bone_age_gui.core.values.types import Sex
from bone_age_gui.wording.typed_values import wrong_value_words
from refused import message_of

MISTAKES = [
    ("sex", "X", "is not F (female) or M (male)"),
    ("birth_date", "02.03.2014", "is not a date like 2014-03-02 (year-month-day)"),
    ("birth_date", "20140302", "is not a date like 2014-03-02 (year-month-day)"),
    ("birth_date", "2014-02-30", "is a day that does not exist"),
    ("study_date", "1214-02-03", "lies before 1900"),
    ("study_date", "2999-01-01", "lies in the future"),
    ("age_months", "-3", "is not an age in months from 0 to 1440"),
    ("age_months", "nan", "is not an age in months from 0 to 1440"),
    ("age_months", "1440.5", "is not an age in months from 0 to 1440"),
    ("age_months", "12 apples", "is not an age in months from 0 to 1440"),
]
PARSERS: dict[str, Callable[[str], Any]] = {
    "sex": parse_sex,
    "birth_date": parse_day,
    "study_date": parse_day,
    "age_months": parse_months,
}


def test_what_is_right_is_taken() -> None:
    assert (parse_sex(" f "), parse_sex("M")) == (Sex.FEMALE, Sex.MALE)
    assert parse_day(" 2014-03-02 ") == date(2014, 3, 2)
    tomorrow = date.today() + timedelta(days=1)
    assert parse_day(tomorrow.isoformat()) == tomorrow
    assert (parse_months("11-6"), parse_months("11 y 6 m"), parse_months("138")) == (138.0, 138.0, 138.0)
    assert (parse_months("0"), parse_months("152.5"), parse_months("1440")) == (0.0, 152.5, 1440.0)


@pytest.mark.parametrize(
    ("text", "cm"),
    [
        ("140", 140), (" 140.5 cm", 140.5), ("140,5", 140.5), ("4'7\"", 139.7), ("4' 7", 139.7), ("4 ft 7 in", 139.7),
        ("۱۴۰٫۵", 140.5), ("۱۴۰ سانتی‌متر", 140),
        ("5 feet", 152.4), ("4\u2032 7.5\u2033", 140.97), ("30", 30), ("250", 250),
    ],
)  # fmt: skip
def test_a_height_is_read_in_cm_or_feet_and_inches(text: str, cm: float) -> None:
    assert parse_height(text) == pytest.approx(cm)


@pytest.mark.parametrize("text", ["", "1.40", "29.9", "250.1", "4'12", "9'", "tall", "140 kg", "nan", "1e2"])
def test_what_is_no_height_is_refused(text: str) -> None:
    with pytest.raises(WrongValueError) as caught:
        parse_height(text)
    assert wrong_value_words("it", caught.value.fact).startswith("it is not a height from 30 to 250 cm")


@pytest.mark.parametrize(("name", "text", "words"), MISTAKES)
def test_a_mistake_is_told_without_its_value(name: str, text: str, words: str) -> None:
    with pytest.raises(WrongValueError) as caught:
        PARSERS[name](text)
    assert wrong_value_words("it", caught.value.fact) == f"it {words}"
    assert text not in str(caught.value)


@pytest.mark.parametrize(("name", "text", "words"), MISTAKES)
def test_the_command_line_and_the_table_use_the_same_words(
    name: str, text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        cli_options.parse(["estimate", "film.png", f"--{name.replace('_', '-')}={text}"])
    assert f"'{text}' {words}" in capsys.readouterr().err
    table = tmp_path / "patients.csv"
    table.write_text(f"file,{name}\na.dcm,{text}\n", encoding="utf-8")
    with pytest.raises(BoneAgeError) as caught:
        read_patients(table)
    assert f"line 2: '{name}' {words}" in message_of(caught.value)
