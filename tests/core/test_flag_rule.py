"""The flag of a bone age: which side, how firm, and why, through the real table."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from statistics import NormalDist

import pytest

from assessing import GIRL_152, estimate
from bone_age_gui import paths
from bone_age_gui.core.growth import BRUSH, GrowthReference, assess
from bone_age_gui.core.values.cut_offs import CutOffs
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.flags import probability_beyond
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.types import Flag, Patient, Sex
from bone_age_gui.wording.flag_reasons import reason_text


@pytest.fixture(scope="module")
def brush() -> GrowthReference:
    return GrowthReference.load(paths.growth_dir() / BRUSH)


@pytest.mark.parametrize(
    "bone_age, spread, flag, borderline",
    [
        (152.0, None, Flag.NORMAL, False),
        (152.0, 5.5, Flag.NORMAL, False),
        (140.0, 5.5, Flag.NORMAL, False),
        (136.0, 5.5, Flag.NORMAL, False),  # the sketch of the main view: 18 %
        (136.0, 9.0, Flag.NORMAL, True),  # 29 %
        (136.0, None, Flag.NORMAL, False),
        (129.0, 5.5, Flag.DELAYED, True),
        (120.0, 5.5, Flag.DELAYED, False),
        (129.0, None, Flag.DELAYED, False),
        (175.0, 1.0, Flag.ADVANCED, False),
        (175.0, 5.5, Flag.ADVANCED, True),
        (172.0, 5.5, Flag.NORMAL, True),
        (175.0, None, Flag.ADVANCED, False),
        (152.0, 30.0, Flag.NORMAL, False),
        (140.0, 0.0, Flag.NORMAL, False),
    ],
)
def test_flag_rule(brush: GrowthReference, bone_age: float, spread: float | None, flag: Flag, borderline: bool) -> None:
    made = assess(estimate(bone_age, spread), GIRL_152, brush)
    assert (made.flag, made.borderline) == (flag, borderline)


@pytest.mark.parametrize("cut_offs", [CutOffs(), CutOffs(0.1, 0.9), CutOffs(0.5, 0.5)])
def test_the_flag_is_the_side_and_firm_beyond_the_cut_offs(brush: GrowthReference, cut_offs: CutOffs) -> None:
    reference = replace(brush, cut_offs=cut_offs)
    seen = set()
    for bone_age in range(100, 205):
        made = assess(estimate(float(bone_age), 8.0), GIRL_152, reference)
        assert made.sd_months is not None
        assert made.difference_months is not None
        beyond = 1 - NormalDist(abs(made.difference_months), 8.0).cdf(2 * made.sd_months)
        assert made.probability_beyond == pytest.approx(beyond)
        assert made.borderline == (cut_offs.normal_below <= beyond <= cut_offs.beyond_above)
        side = Flag.NORMAL if beyond < 0.5 else Flag.ADVANCED if bone_age > 152 else Flag.DELAYED
        assert made.flag is side
        assert made.cut_offs == (cut_offs.normal_below, cut_offs.beyond_above)
        seen.add((made.flag, made.borderline))
    assert len(seen) == (3 if cut_offs.normal_below == 0.5 else 6)


@pytest.mark.parametrize("low, high", [(0.0, 0.75), (0.6, 0.75), (0.25, 0.4), (0.25, 1.0), (math.nan, 0.75)])
def test_absurd_cut_offs_are_refused(low: float, high: float) -> None:
    with pytest.raises(BoneAgeError) as refused:
        CutOffs(low, high)
    assert refused.value.code == "cut_offs"


def test_only_what_cannot_be_compared_is_indeterminate(brush: GrowthReference) -> None:
    wide = replace(estimate(152.0, 15.0), interval_months=(127.9, 176.1))
    assert assess(wide, GIRL_152, brush).reason.code == "wide"
    assert assess(wide, GIRL_152, brush).flag is Flag.INDETERMINATE
    less = replace(wide, interval_months=(128.0, 176.0))
    assert assess(less, GIRL_152, brush).flag is Flag.NORMAL
    doubtful = assess(estimate(152.0, 2.0), GIRL_152, brush, is_doubtful=True)
    assert (doubtful.flag, doubtful.reason.code, doubtful.borderline) == (Flag.INDETERMINATE, "doubtful", False)
    assert doubtful.difference_months == 0.0
    unknown = assess(estimate(152.0, 2.0), Patient(sex=Sex.FEMALE), brush, is_doubtful=True)
    assert unknown.flag is Flag.NO_REFERENCE


def test_numbers_of_an_assessment(brush: GrowthReference) -> None:
    result = assess(estimate(136.0, 5.5), GIRL_152, brush)
    sd = 10.24 + (10.67 - 10.24) * 8 / 12
    assert result.chronological_age_months == 152.0
    assert result.difference_months == -16.0
    assert result.sd_months == pytest.approx(sd)
    assert result.sd_score == pytest.approx(-16 / sd)
    assert result.normal_range_months == pytest.approx((152 - 2 * sd, 152 + 2 * sd))
    assert result.brush_mean_months == pytest.approx(149.62 + (162.28 - 149.62) * 8 / 12)
    assert result.threshold_sd == 2.0


def test_the_limit_itself_is_still_normal(brush: GrowthReference) -> None:
    boy = Patient(sex=Sex.MALE, stated_age_months=108.0)  # SD 9.0, exact in binary
    assert assess(estimate(126.0), boy, brush).flag is Flag.NORMAL
    assert assess(estimate(126.01), boy, brush).flag is Flag.ADVANCED
    assert assess(estimate(90.0), boy, brush).flag is Flag.NORMAL
    on_the_limit = assess(estimate(126.0, 6.0), boy, brush)
    assert (on_the_limit.flag, on_the_limit.borderline) == (Flag.NORMAL, True)
    assert on_the_limit.probability_beyond == 0.5


def test_threshold_moves_the_flag(brush: GrowthReference) -> None:
    assert assess(estimate(136.0), GIRL_152, brush, 1.5).flag is Flag.DELAYED
    assert assess(estimate(136.0), GIRL_152, brush, 1.6).flag is Flag.NORMAL
    assert assess(estimate(125.0), GIRL_152, brush, 3.0).flag is Flag.NORMAL


@pytest.mark.parametrize("threshold", [0.0, 0.99, 3.01, -2.0, math.nan, math.inf])
def test_absurd_thresholds_are_refused(brush: GrowthReference, threshold: float) -> None:
    with pytest.raises(BoneAgeError) as refused:
        assess(estimate(136.0), GIRL_152, brush, threshold)
    assert refused.value.code == "threshold"
    with pytest.raises(BoneAgeError):
        brush.band(Sex.MALE, threshold)


@pytest.mark.parametrize("spread", [math.nan, math.inf, -1.0])
def test_an_unusable_spread_never_gives_a_firm_flag(brush: GrowthReference, spread: float) -> None:
    for bone_age in (90.0, 152.0, 200.0):
        result = assess(estimate(bone_age, spread), GIRL_152, brush)
        assert result.flag is Flag.INDETERMINATE
        assert "no usable uncertainty" in reason_text(result.reason)


@pytest.mark.parametrize("bone_age", [math.nan, math.inf, -math.inf])
def test_an_unusable_bone_age_is_not_compared(brush: GrowthReference, bone_age: float) -> None:
    result = assess(estimate(bone_age), GIRL_152, brush)
    assert result.flag is Flag.NO_REFERENCE
    assert result.difference_months is None
    assert "not a usable number" in reason_text(result.reason)


# --- no reference ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "patient, words",
    [
        (Patient(), "chronological age is not known"),
        (Patient(sex=Sex.MALE), "chronological age is not known"),
        (Patient(sex=Sex.MALE, birth_date=date(2014, 3, 2)), "chronological age is not known"),
        (Patient(sex=Sex.MALE, stated_age_months=math.nan), "chronological age is not known"),
        (Patient(sex=Sex.MALE, stated_age_months=math.inf), "not a usable number"),
        (Patient(sex=Sex.MALE, birth_date=date(2024, 3, 2), study_date=date(2014, 3, 2)), "before the birth date"),
        (Patient(stated_age_months=120.0), "sex is not known"),
        (Patient(sex=Sex.FEMALE, stated_age_months=2.0), "below the reference for girls"),
        (Patient(sex=Sex.FEMALE, stated_age_months=192.5), "above the reference for girls"),
        (Patient(sex=Sex.MALE, stated_age_months=205.0), "above the reference for boys"),
    ],
)
def test_no_reference_says_why(brush: GrowthReference, patient: Patient, words: str) -> None:
    result = assess(estimate(136.0, 5.5), patient, brush)
    assert result.flag is Flag.NO_REFERENCE
    assert words in reason_text(result.reason)
    assert result.sd_score is None
    assert result.sd_months is None
    assert result.normal_range_months is None


def test_the_difference_is_told_even_without_a_reference(brush: GrowthReference) -> None:
    result = assess(estimate(230.0), Patient(sex=Sex.MALE, stated_age_months=216.0), brush)
    assert (result.chronological_age_months, result.difference_months) == (216.0, 14.0)
    assert "18 y 0 m (216.0 months)" in reason_text(result.reason)
    assert "17 y 0 m (204.0 months)" in reason_text(result.reason)


def test_age_is_counted_at_the_study_date(brush: GrowthReference) -> None:
    patient = Patient(Sex.FEMALE, date(2014, 3, 2), date(2024, 11, 20), stated_age_months=1.0)
    result = assess(estimate(128.0), patient, brush)
    assert result.chronological_age_months == pytest.approx(128.7, abs=0.05)


# --- the sentence ---------------------------------------------------------------------------------


def test_reasons_are_one_plain_sentence_with_numbers(brush: GrowthReference) -> None:
    boy = replace(GIRL_152, sex=Sex.MALE)
    assert reason_text(assess(estimate(136.0, 1.0), GIRL_152, brush).reason) == (
        "The bone age is 16.0 months behind the chronological age, within 2 SD for girls of that age (21.1 months). "
        "It lies beyond that limit with a probability of less than 1 %."
    )
    assert reason_text(assess(estimate(180.0), boy, brush, 1.5).reason) == (
        "The bone age is 28.0 months ahead of the chronological age, more than 1.5 SD for boys of that age "
        "(15.6 months)."
    )
    assert reason_text(assess(estimate(136.0, 9.0), GIRL_152, brush).reason) == (
        "The bone age is 16.0 months behind the chronological age; the limit of 2 SD for girls of that age "
        "(21.1 months) lies within the model's uncertainty (± 9.0 months): the film alone does not decide. "
        "It lies beyond that limit with a probability of 29 %."
    )
    assert "equals the chronological age" in reason_text(assess(estimate(152.0), GIRL_152, brush).reason)


def flag_at(bone_age: float, patient: Patient, reference: GrowthReference) -> Flag:
    return assess(estimate(bone_age), patient, reference).flag


@pytest.mark.parametrize("sex", list(Sex))
@pytest.mark.parametrize("unit", [12.0, 1.0, 7 / 30.4375])
def test_an_age_to_the_year_is_flagged_only_if_every_age_of_it_is(
    brush: GrowthReference, sex: Sex, unit: float
) -> None:
    stated = Patient(sex, stated_age_months=120.0, stated_age_unit_months=unit)
    for bone_age in range(70, 190):
        exact = {
            flag_at(bone_age, Patient(sex, stated_age_months=120.0 + unit * part / 40), brush) for part in range(41)
        }
        expected = exact.pop() if len(exact) == 1 else Flag.INDETERMINATE
        assert flag_at(bone_age, stated, brush) is expected, bone_age


def test_the_reason_says_what_the_age_leaves_open(brush: GrowthReference) -> None:
    patient = Patient(Sex.FEMALE, stated_age_months=120.0, stated_age_unit_months=12.0)
    open_flag = assess(estimate(147.0, spread=None), patient, brush)
    assert open_flag.flag is Flag.INDETERMINATE
    assert "from 10 y 0 m to 11 y 0 m" in reason_text(open_flag.reason)
    assert "normal or advanced" in reason_text(open_flag.reason)
    assert open_flag.chronological_age_interval_months == (120.0, 132.0)
    firm = assess(estimate(200.0, spread=None), patient, brush)
    assert firm.flag is Flag.ADVANCED
    assert "68.0 to 80.0 months ahead" in reason_text(firm.reason)
    within = assess(estimate(126.0, spread=None), patient, brush)
    assert within.flag is Flag.NORMAL
    assert "within the unit in which the chronological age is known" in reason_text(within.reason)


def test_an_age_at_the_end_of_the_table_is_compared_as_far_as_the_table_goes(brush: GrowthReference) -> None:
    last = brush.range(Sex.FEMALE)[1]
    patient = Patient(Sex.FEMALE, stated_age_months=last - 3, stated_age_unit_months=12.0)
    assert assess(estimate(last, spread=None), patient, brush).flag is Flag.NORMAL


@pytest.mark.parametrize(
    ("difference", "limit", "spread", "expected"),
    [(20.0, 20.0, 8.0, 0.5), (-28.0, 20.0, 8.0, 0.8413), (12.0, 20.0, 8.0, 0.1587), (21.0, 20.0, 0.0, 1.0)],
)
def test_the_chance_beyond_the_limit_is_that_of_the_calibrated_spread(
    difference: float, limit: float, spread: float, expected: float
) -> None:
    assert probability_beyond(difference, limit, spread) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("spread", [None, float("nan"), -1.0])
def test_without_a_usable_spread_there_is_no_chance_to_tell(spread: float | None) -> None:
    assert probability_beyond(10.0, 20.0, spread) is None


# --- an estimate that is a limit only -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "end", "flag"),
    [
        (110.0, None, Flag.DELAYED),
        (110.0, GrowthEnd.AT_LEAST, Flag.INDETERMINATE),
        (110.0, GrowthEnd.AT_MOST, Flag.DELAYED),
        (200.0, None, Flag.ADVANCED),
        (200.0, GrowthEnd.AT_LEAST, Flag.ADVANCED),
        (200.0, GrowthEnd.AT_MOST, Flag.INDETERMINATE),
        (152.0, GrowthEnd.AT_LEAST, Flag.NORMAL),
    ],
)
def test_a_limit_flags_only_the_side_that_it_knows(
    brush: GrowthReference, months: float, end: GrowthEnd | None, flag: Flag
) -> None:
    made = assess(replace(estimate(months, 2.0), end=end), GIRL_152, brush)
    assert made.flag is flag
    knows = (end is GrowthEnd.AT_LEAST and months < 152) or (end is GrowthEnd.AT_MOST and months > 152)
    assert (made.probability_beyond is None) == knows
    assert (made.reason.code == "one_side") == knows
