"""Values in words, the same for every face."""

from __future__ import annotations

import pytest

from bone_age_gui.wording.values import age_words, months_words, name_words, printable, visible


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Doe^Jane", "Doe, Jane"),
        ("Doe^Jane^Mary", "Doe, Jane Mary"),
        ("Doe", "Doe"),
        ("^Jane", "Jane"),
        ("Doe^^^Dr", "Doe, Dr"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "Yamada, Tarou = 山田, 太郎 = やまだ, たろう"),
        ("=山田^太郎", "山田, 太郎"),
        ("Doe^Ja\nne\x1b[31m", "Doe, Ja ne\\x1b[31m"),
        ("^^", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_name_is_written_the_one_way(name: str | None, words: str) -> None:
    assert name_words(name) == words


def test_ages_are_written_in_years_and_months() -> None:
    assert age_words(136.2) == "11 y 4 m (136.2 months)"
    assert age_words(1.0, 0) == "0 y 1 m (1 month)"
    assert age_words(None) == "not known"
    assert [months_words(value) for value in (0.6, 1.4, 2.0)] == ["1 month", "1 month", "2 months"]


def test_nothing_steers_a_terminal() -> None:
    assert printable("a\x1b[2J\udcff  b") == "a\\x1b[2J\\udcff  b"
    assert visible(" a\n\tb ") == "a b"
