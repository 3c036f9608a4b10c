"""Numbers and days as each language writes them, in one place for every face."""

from __future__ import annotations

from datetime import date

import pytest

from bone_age_gui.core.values.typed_values import parse_day, parse_height, parse_months
from bone_age_gui.wording import values
from bone_age_gui.wording.days import day_words
from bone_age_gui.wording.language import number_text, speaking, tr, use_own_digits
from bone_age_gui.wording.numerals import numerals_of, with_own_digits

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


def test_inputs_take_the_numbers_of_every_language() -> None:
    assert parse_height("۱۴۰٫۵") == parse_height("140,5") == parse_height("١٤٠.5 cm") == 140.5
    assert parse_months("۱۳۶٫۵") == parse_months("136,5") == parse_months("136.5") == 136.5
    assert parse_day("۲۰۱۴-۰۳-۰۲") == date(2014, 3, 2)


def test_what_persian_is_written_with_is_no_control_character() -> None:
    with speaking("fa"):
        words = values.age_words(136.2)
    assert values.visible(f"علی\u200cرضا {words}") == f"علی\u200cرضا {words}"
    assert values.visible("a\u202eb") == "a\\u202eb"
    assert values.visible(f"a{END}b{LEFT}") == "a\\u2069b\\u2066"  # would end the isolate of the sentence round it
