"""Ages in the forms that radiologists write."""

from __future__ import annotations

import pytest

from bone_age_gui.core.values.typed_ages import parse_age


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("12 y 8 m", 152), ("12y8m", 152), ("12 years 8 months", 152), ("12 yrs. 8 mos.", 152), ("152 m", 152),
        ("152 months", 152), ("12.5", 150), ("12,5", 150), ("9 y", 108), ("0 m", 0), ("011Y", 132), ("12 y 8", 152),
        ("11 6/12", 138), ("11 + 6/12", 138), ("11 y 6/12", 138), ("6/12", 6), ("11 0/12", 132), ("11 6/12 y", 138),
        ("11\N{VULGAR FRACTION ONE HALF}", 138), ("11 3/4", 141), ("0 9/12", 9),
        ("11-6", 138), ("11 - 6", 138), ("11\N{EN DASH}6", 138), ("11;6", 138), ("11:6", 138), ("11+6", 138),
        ("11-06", 138), ("0-11", 11), ("11-11", 143), ("11.5 y", 138), ("11,5 Jahre", 138), ("11 Jahre", 132),
        ("11 Jahre 6 Monate", 138), ("11 Jahre und 6 Monate", 138), ("11 J 6 M", 138), ("11J. 6Mon.", 138),
        ("11 سال و 6 ماه", 138), ("۱۱ سال و ۶ ماه", 138), ("۱۳۸ ماه", 138), ("۱۱٫۵", 138), ("۱۱-۶", 138),
        ("\u2068۱۱ سال\u2069", 132), ("١١ سال", 132),
        ("138 Monate", 138), ("1 Jahr 1 Monat", 13), ("11 ans 6 mois", 138), ("11 ans et 6 mois", 138),
        ("11 a\N{LATIN SMALL LETTER N WITH TILDE}os y 6 meses", 138), ("11 anni e 6 mesi", 138),
        ("11 years, 6 months", 138), ("11 YEARS AND 6 MONTHS", 138), ("  11.5  ", 138), ("11 6 m", 138),
    ],
)  # fmt: skip
def test_every_form_is_understood(text: str, months: float) -> None:
    assert parse_age(text) == pytest.approx(months)


@pytest.mark.parametrize(
    "text",
    ["twelve", "12 8", "-3", "12 d", "m", "11-12", "11 12/12", "11 y 13 m", "11/6", "11 5/7", "11--6", "11-6-2",
     "1e2", "nan", "\N{DEVANAGARI DIGIT ONE}", "11 y y", "11 6/0"],
)  # fmt: skip
def test_what_is_no_clear_age_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_age(text)


def test_nothing_typed_is_no_age() -> None:
    assert parse_age("  ") is None
