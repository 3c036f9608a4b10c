"""The words for a case."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.types import Assessment, Case, Flag, Patient, Sex
from bone_age_gui.wording.flag_reasons import reason_text
from bone_age_gui.wording.notices import notice_text
from bone_age_gui.wording.report import NO_PROOF
from bone_age_gui.wording.values import signed
from bone_age_gui.wording.window import clipboard_text, interval_line, sd_words
from windows import make_estimate

BEHIND = Assessment(Flag.INDETERMINATE, Fact("no_age"), 2.0, 152.0, -16.2, 10.7, -1.51)


def test_signs_are_always_written_but_not_on_zero() -> None:
    assert [signed(value, 1) for value in (1.25, -1.5, 0.04, -0.04)] == ["+1.2", "\N{MINUS SIGN}1.5", "0.0", "0.0"]
    assert sd_words(BEHIND) == "\N{MINUS SIGN}1.5 SD"


def test_the_interval_is_written_in_years_and_months() -> None:
    assert interval_line(make_estimate()) == "90 % interval: 10 y 7 m to 12 y 1 m"
    assert interval_line(make_estimate(interval_months=None, interval_level=None)) is None


def test_the_copied_text_says_everything_but_who_it_is() -> None:
    patient = Patient(Sex.FEMALE, date(2014, 3, 2), date(2026, 11, 20), name="Doe^Jane", patient_id="4711")
    case = Case(
        Path("/films/doe_jane.dcm"), patient, estimate=make_estimate(sex=Sex.FEMALE), assessment=BEHIND,
        notices=(Notice("inverted"),),
    )  # fmt: skip
    text = clipboard_text(case)
    assert text.splitlines() == [
        "Bone age: 11 y 4 m (136 months), female",
        "90 % interval: 10 y 7 m to 12 y 1 m",
        "Chronological age: 12 y 8 m (152 months)",
        "Difference: \N{MINUS SIGN}16 months (\N{MINUS SIGN}1.5 SD)",
        f"Assessment: Indeterminate. {reason_text(BEHIND.reason)}",
        "Study date: 2026-11-20",
        "Model: densenet121 1.0 on CPU",
        f"Note: {notice_text(Notice('inverted'))}",
        NO_PROOF,
        DISCLAIMER,
    ]
    for secret in ("Doe", "Jane", "4711", "2014", "doe_jane"):
        assert secret not in text


def test_without_an_estimate_there_is_no_text() -> None:
    assert clipboard_text(Case(None)) == ""
