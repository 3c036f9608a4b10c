"""Numbers of one report agree with each other to the last digit that is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case
from bone_age_gui.report.rounding import rounded


def test_what_follows_from_rounded_ages_is_made_from_them(
    girl_case: Case, record: Callable[[Case], CaseRecord]
) -> None:
    made = replace(
        record(girl_case), chronological_age_months=152.04, bone_age_months=128.06, sd_months=9.96,
        difference_months=-23.98, sd_score=-2.4076, normal_low_months=132.12, normal_high_months=171.96,
    )  # fmt: skip
    shown = rounded(made)
    assert (shown.chronological_age_months, shown.bone_age_months, shown.sd_months) == (152.0, 128.1, 10.0)
    assert (shown.difference_months, shown.sd_score) == (-23.9, -2.39)
    assert (shown.normal_low_months, shown.normal_high_months) == (132.0, 172.0)
