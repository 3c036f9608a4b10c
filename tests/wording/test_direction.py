"""Latin words, numbers and names keep their order inside a right-to-left sentence; other languages hold no marks."""

from __future__ import annotations

import pytest

from bone_age_gui.wording.direction import END, FIRST, LEFT, filled, isolated, with_runs_isolated
from bone_age_gui.wording.language import SHIPPED, as_it_is, in_english, speaking, tr
from bone_age_gui.wording.values import difference_words, range_words


@pytest.mark.parametrize(
    "run",
    ["--resume", "https://", "card.inputs[0].shape", "pip install '.[pacs]'", "12 y 8 m", "11;6", "Ctrl+O", "-1.5 SD",
     "\N{MINUS SIGN}1.5", "280 x 280", "C:\\films\\a.dcm", "card.joint_crop", "4'7\"", "*.dcm", "--out DIR",
     "\u06f1\u06f2-\u06f8"],
)  # fmt: skip
def test_a_run_is_held_together(run: str) -> None:
    assert with_runs_isolated(f"سن ({run})، یا") == f"سن ({LEFT}{run}{END})، یا"
    assert with_runs_isolated(with_runs_isolated(f"سن {run}")) == f"سن {LEFT}{run}{END}"


@pytest.mark.parametrize("text", ["DICOM و PACS", "90 % از", "<b>سن</b> &amp; قد", "سن", ""])
def test_what_reads_right_anyway_stays_as_it_is(text: str) -> None:
    assert with_runs_isolated(text) == text


def test_what_is_put_into_a_sentence_keeps_its_own_direction() -> None:
    words = filled("{film}: {width} × {height}، {name}", {"film": "a (2).png", "width": 3, "height": 4, "name": "علی"})
    assert words == f"{FIRST}a (2).png{END}: {LEFT}3 × 4{END}، {FIRST}علی{END}"
    assert isolated(isolated("Doe, Jane")) == f"{FIRST}Doe, Jane{END}"
    assert filled("{mae:.1f} SD", {"mae": 1.25}) == f"{LEFT}1.2 SD{END}"


def test_only_right_to_left_languages_hold_marks() -> None:
    for language in SHIPPED:
        with speaking(language):
            words = difference_words(-16, -1.5) + range_words(127, 145) + as_it_is("a.dcm") + tr("GPU (CUDA)")
            assert any(mark in words for mark in (LEFT, FIRST, END)) is (language == "fa")
            with in_english():
                assert difference_words(-16, -1.5) == "\N{MINUS SIGN}16.0 months (\N{MINUS SIGN}1.50 SD)"
