"""Latin words, numbers and names keep their order inside a right-to-left sentence; other languages hold no marks."""

from __future__ import annotations

from datetime import date

import pytest

from bone_age_gui.core.values.types import Patient
from bone_age_gui.wording.direction import END, FIRST, LEFT, RIGHT, filled, isolated, with_runs_isolated
from bone_age_gui.wording.film_list import patient_line
from bone_age_gui.wording.language import SHIPPED, as_it_is, in_english, speaking, tr
from bone_age_gui.wording.values import difference_words, range_words


@pytest.mark.parametrize(
    "run",
    ["--resume", "https://", "pip install '.[pacs]'", "12 y 8 m", "11;6", "-1.5 SD",
     "\N{MINUS SIGN}1.5", "280 x 280", "4'7\"", "*.dcm", "--out DIR", "GPU (CUDA)", "\u06f1\u06f2;\u06f8",
     "O = I ^ \u06f2\u066b\u06f5", "2014-03-02", "4711-07"],
)  # fmt: skip
def test_a_run_is_held_together(run: str) -> None:
    assert with_runs_isolated(f"سن ({run})، یا") == f"سن ({LEFT}{run}{END})، یا"
    assert with_runs_isolated(with_runs_isolated(f"سن {run}")) == f"سن {LEFT}{run}{END}"


@pytest.mark.parametrize(
    "text",
    ["DICOM و PACS", "card.inputs[0].shape یا Ctrl+O", "Bone Age", "90 % از", "2014 تا 1.5",
     "<b>سن</b> &amp; قد", "سن", ""],
)  # fmt: skip
def test_what_reads_right_anyway_stays_as_it_is(text: str) -> None:
    assert with_runs_isolated(text).lstrip(RIGHT) == text


def test_a_run_ends_before_a_bracket_that_closes_behind_other_words() -> None:
    assert with_runs_isolated("قد Pinneau (77 % از آن)") == f"قد {LEFT}Pinneau{END} (77 % از آن)"
    assert with_runs_isolated("قد Bayley-Pinneau (77 % از آن)") == f"قد {LEFT}Bayley-Pinneau{END} (77 % از آن)"
    assert with_runs_isolated("قد (Pinneau (77) x)") == f"قد ({LEFT}Pinneau (77){END} x)"


def test_what_is_put_into_a_sentence_keeps_its_own_direction() -> None:
    words = filled("{film}: {width} × {height}، {name}", {"film": "a (2).png", "width": 3, "height": 4, "name": "علی"})
    assert words == f"{RIGHT}{FIRST}a (2).png{END}: {LEFT}3 × 4{END}، {FIRST}علی{END}"
    assert filled("شناسهٔ {number}", {"number": "4711-07"}) == f"شناسهٔ {FIRST}4711-07{END}"
    assert filled("شناسهٔ {number}", {"number": "471107"}) == "شناسهٔ 471107"
    assert isolated(isolated("Doe, Jane")) == f"{FIRST}Doe, Jane{END}"
    assert filled("{mae:.1f} SD", {"mae": 1.25}) == f"{RIGHT}{LEFT}1.2 SD{END}"
    assert filled("{age} ({months})", {"age": "11 سال", "months": "132 ماه"}).startswith(RIGHT)
    assert filled("مدل {name} {version}", {"name": "densenet121", "version": "6.0.0"}) == "مدل densenet121 6.0.0"


def test_a_persian_name_leaves_the_day_behind_it_in_order_in_every_language() -> None:
    patient = Patient(name="Gholami^Maryam=غلامی^مریم", study_date=date(2026, 11, 20))
    for language in SHIPPED:
        with speaking(language):
            name, day = patient_line(patient).split("\N{MIDDLE DOT}")
            assert FIRST in name
            assert name.count(FIRST) == name.count(END)
            assert "2026-11-20" in day


def test_only_right_to_left_languages_hold_marks() -> None:
    for language in SHIPPED:
        with speaking(language):
            words = difference_words(-16, -1.5) + range_words(127, 145) + as_it_is("a.dcm") + tr("GPU (CUDA)")
            assert any(mark in words for mark in (LEFT, FIRST, END)) is (language == "fa")
            with in_english():
                assert difference_words(-16, -1.5) == "\N{MINUS SIGN}16.0 months (\N{MINUS SIGN}1.50 SD)"
