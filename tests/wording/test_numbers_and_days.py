"""Numbers and days as each language writes them, in one place for every face."""

from __future__ import annotations

from datetime import date

import pytest

from bone_age_gui.core.values.typed_ages import parse_age
from bone_age_gui.core.values.typed_values import parse_day, parse_height, parse_months
from bone_age_gui.wording import values
from bone_age_gui.wording.days import day_words
from bone_age_gui.wording.language import SHIPPED, number_text, speaking, tr, use_own_digits
from bone_age_gui.wording.numerals import numerals_of, with_own_digits
from bone_age_gui.wording.patient_form import edited_age
from bone_age_gui.wording.typed_days import edited_day, other_day, parse_date, parse_typed_day

LEFT, END = "\u2066", "\u2069"


@pytest.mark.parametrize(
    "code, number, thousands, score, sentence",
    [
        ("en", "136.2", "12,345", "−1.51", "Sharp 0.8"),
        ("de", "136,2", "12.345", "−1,51", "Sharp 0,8"),
        ("fa", f"{LEFT}۱۳۶٫۲{END}", f"{LEFT}۱۲٬۳۴۵{END}", f"{LEFT}−۱٫۵۱{END}", f"\u200f{LEFT}Sharp ۰٫۸{END}"),
    ],
)
def test_numbers_by_language(code: str, number: str, thousands: str, score: str, sentence: str) -> None:
    """The sign stands before its number and the mark within it, whatever is written round it."""
    with speaking(code):
        assert number_text(136.2, ".1f") == number
        assert number_text(12345, ",") == thousands
        assert values.signed(-1.51, 2) == score
        assert score.strip(LEFT + END) in values.difference_words(-16.0, -1.51)  # one piece with what stands beside it
        assert number.strip(LEFT + END) in values.months_words(136.2, 1)
        assert tr("Sharp {strength:g}", strength=0.8) == sentence  # as every template is filled
        assert values.signed(-0.04) == number_text(0.0, ".1f")  # zero has no sign


def test_persian_with_latin_digits_by_choice() -> None:
    try:
        use_own_digits(False)
        with speaking("fa"):
            assert number_text(7) == "7"
            assert number_text(-16.5, "+.1f") == f"{LEFT}−16.5{END}"
            assert day_words(date(2026, 11, 20)).startswith(f"\u200f{LEFT}1405/08/29{END}")
    finally:
        use_own_digits(True)
    with speaking("fa"):
        assert number_text(7) == "۷"


@pytest.mark.parametrize(
    "text, shown",
    [
        ("زیر 18 سال (95 %): 12,611 از 1,000,000، 2.5", "زیر ۱۸ سال (۹۵ %): ۱۲٬۶۱۱ از ۱٬۰۰۰٬۰۰۰، ۲٫۵"),
        ("عدم قطعیت (1 SD)، {low:.0f} تا 65535.", "عدم قطعیت (۱ SD)، {low:.0f} تا ۶۵۵۳۵."),
        *[(same, same) for same in ("WHO 2007، قد", "12 y 8 m، 12 8/12، 12-8", "به شکل 2014-03-02", "نشانی 127.0.0.1",
                                    "SHA-256", "با 6.0.0", "280 x 280", "ISO_IR 144, GB18030")],
    ],
)  # fmt: skip
def test_numbers_among_words_take_the_digits_of_the_language(text: str, shown: str) -> None:
    """Names, versions, addresses and samples of what is typed keep theirs."""
    assert with_own_digits(text, numerals_of("fa", True)) == shown


@pytest.mark.parametrize(
    "day, jalali",
    [
        (date(2026, 11, 20), "۱۴۰۵/۰۸/۲۹"),
        ("2025-03-20", "۱۴۰۳/۱۲/۳۰"),  # the last day of a leap year
        ("2025-03-21 09:30:00 UTC", "۱۴۰۴/۰۱/۰۱"),
    ],
)
def test_the_jalali_day_beside_the_gregorian_one_in_persian_alone(day: date | str, jalali: str) -> None:
    iso = str(day)
    for code in ("en", "de"):
        with speaking(code):
            assert day_words(day) == iso
    with speaking("fa"):
        assert day_words(day) == f"\u200f{LEFT}{jalali}{END} ({LEFT}{iso}{END})"
        assert day_words("left out") == "left out"


@pytest.mark.parametrize(
    "months, text",
    [
        (0, "0 y 0 m"),
        (11.4, "0 y 11 m"),
        (11.6, "1 y 0 m"),
        (136.2, "11 y 4 m"),
        (143.7, "12 y 0 m"),
        (228, "19 y 0 m"),
        (-0.2, "0 y 0 m"),
        (-16.0, "-1 y 4 m"),
    ],
)
def test_ages_in_years_and_months(months: float, text: str) -> None:
    assert values.years_words(months) == text


def test_inputs_take_the_numbers_of_every_language() -> None:
    assert parse_height("۱۴۰٫۵") == parse_height("140,5") == parse_height("١٤٠.5 cm") == 140.5
    assert parse_months("۱۳۶٫۵") == parse_months("136,5") == parse_months("136.5") == 136.5
    assert parse_day("۲۰۱۴-۰۳-۰۲") == date(2014, 3, 2)


@pytest.mark.parametrize("code", list(SHIPPED))
def test_a_field_takes_back_the_age_it_shows_and_the_english_one(code: str) -> None:
    with speaking(code):
        assert [parse_age(edited_age(months)) for months in range(241)] == list(range(241))
        assert parse_age("11 y 6 m") == 138
        assert edited_age(None) == ""
    with speaking("fa"):
        assert edited_age(138) == "۱۱ سال و ۶ ماه"


@pytest.mark.parametrize(
    "typed",
    ["1403/05/21", "۱۴۰۳/۰۵/۲۱", "1403-5-21", "14030521", "21.5.1403", "2024-08-11", "2024/8/11",
     "\u200f\u2066۱۴۰۳/۰۵/۲۱\u2069 (\u20662024-08-11\u2069)"],
)  # fmt: skip
def test_a_day_is_typed_by_either_calendar_in_persian(typed: str) -> None:
    with speaking("fa"):
        day = parse_date(typed)
        assert day == date(2024, 8, 11)
        assert edited_day(day) == "۱۴۰۳/۰۵/۲۱"
        assert other_day(day) == "2024-08-11"
        assert parse_date(edited_day(day)) == day


@pytest.mark.parametrize("typed", ["1402/12/30", "1403/13/01", "21/05/1403", "1277/01/01", "۱۴۰۳/۰۵/۲۱ (2024-08-12)"])
def test_days_that_are_none_are_refused_in_persian(typed: str) -> None:
    with speaking("fa"), pytest.raises(ValueError, match=r".*"):
        parse_date(typed)


def test_the_strict_doors_take_jalali_days_in_persian_alone() -> None:
    for code in ("en", "de"):
        with speaking(code):
            with pytest.raises(ValueError, match="date"):
                parse_typed_day("1403/05/21")
            with pytest.raises(ValueError, match=r".*"):
                parse_date("1403-05-21")
            assert edited_day(date(2024, 8, 11)) == "2024-08-11"
            assert other_day(date(2024, 8, 11)) == ""
    with speaking("fa"):
        assert parse_typed_day("1403/05/21") == parse_typed_day("2024-08-11") == date(2024, 8, 11)
        with pytest.raises(ValueError, match="date"):
            parse_typed_day("2024/08/11")


def test_what_persian_is_written_with_is_no_control_character() -> None:
    with speaking("fa"):
        words = values.age_words(136.2)
    assert values.visible(f"علی\u200cرضا {words}") == f"علی\u200cرضا {words}"
    assert values.visible("a\u202eb") == "a\\u202eb"
    assert values.visible(f"a{END}b{LEFT}") == "a\\u2069b\\u2066"  # would end the isolate of the sentence round it
