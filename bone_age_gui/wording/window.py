"""The words for a case in the window, on the clipboard and in the saved picture."""

from __future__ import annotations

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.final import final_assessment, final_end, final_months, is_readers
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.types import Assessment, Case, Estimate, Flag, Sex
from bone_age_gui.wording import values
from bone_age_gui.wording.final import before_words, by_words, other_words
from bone_age_gui.wording.flag_reasons import reason_text
from bone_age_gui.wording.height import height_rows
from bone_age_gui.wording.notices import notice_name, notice_text
from bone_age_gui.wording.reading import decided_words, order_words
from bone_age_gui.wording.values import (
    UNKNOWN,
    age_words,
    bone_age_words,
    device_words,
    difference_words,
    interval_name,
    open_range_words,
    signed,
    stated_age_words,
)

FLAG_WORDS = {flag: values.FLAG_WORDS[flag].capitalize() for flag in Flag}
STEP_WORDS = {"read": "reading", "prepare": "stages", "infer": "network", "assess": "comparison"}


def sex_words(sex: Sex | None) -> str:
    """``"female"``, ``"male"`` or ``"sex unknown"``."""
    return values.SEX_WORDS[sex] if sex is not None else "sex unknown"


def flag_title(assessment: Assessment) -> str:
    """``"Advanced"``, or ``"Borderline advanced"`` where the limit is too close for a firm flag."""
    return values.flag_words(assessment.flag, assessment.borderline).capitalize()


def both_words(months: float) -> str:
    """``"12 y 8 m (152 months)"``."""
    return age_words(months, 0)


def interval_line(estimate: Estimate) -> str | None:
    """``"90 % interval: 10 y 7 m to 12 y 1 m"`` or ``None`` where the model gives no interval."""
    if estimate.interval_months is None or estimate.interval_level is None:
        return None
    return f"{interval_name(estimate.interval_level)}: {open_range_words(*estimate.interval_months)}"


def sd_words(assessment: Assessment) -> str:
    """``"-1.5 SD"`` or that it is not known."""
    return UNKNOWN if assessment.sd_score is None else f"{signed(assessment.sd_score)} SD"


def clipboard_text(case: Case) -> str:
    """The result for the clipboard: plain lines, without name, number, birth date or path."""
    estimate = case.estimate
    if estimate is None:
        return ""
    lines = [f"{notice_name(notice)}: {notice_text(notice)}" for notice in case.doubts]
    months, end, assessment = final_months(case), final_end(case), final_assessment(case)
    assert months is not None  # there is an estimate
    decided = case.reading is not None and case.reading.decided_by is not None
    by = f", {by_words(case)}" if decided else ""
    lines.append(f"Bone age: {bone_age_words(months, end, 0)}, {sex_words(estimate.sex)}{by}")
    if not is_readers(case) and (interval := interval_line(estimate)):
        lines.append(interval)
    if assessment is not None:
        lines += _assessment_lines(assessment, end)
    lines += _reading_lines(case)
    lines += [text] if (text := before_words(case)) else []
    if case.adult_height is not None:
        lines += [f"{name}: {text}" for name, text in height_rows(case.adult_height)]
    if case.patient.study_date is not None:
        lines.append(f"Study date: {case.patient.study_date.isoformat()}")
    lines.append(f"Model: {estimate.model_name} {estimate.model_version} on {device_words(estimate.device)}")
    lines += [f"Note: {notice_text(notice)}" for notice in case.all_notices if not notice.doubt]
    lines.append(DISCLAIMER)
    return "\n".join(lines)


def _assessment_lines(assessment: Assessment, end: GrowthEnd | None) -> list[str]:
    interval = assessment.chronological_age_interval_months
    lines = [f"Chronological age: {stated_age_words(assessment.chronological_age_months, interval, 0)}"]
    if assessment.difference_months is not None:
        difference = difference_words(assessment.difference_months, decimals=0, end=end)
        lines.append(f"Difference: {difference} ({sd_words(assessment)})")
    lines.append(f"Assessment: {flag_title(assessment)}. {reason_text(assessment.reason)}")
    return lines


def _reading_lines(case: Case) -> list[str]:
    reading = case.reading
    if reading is None:
        return []
    lines = [text for text in (other_words(case), decided_words(reading), order_words(reading)) if text]
    if reading.remark:
        lines.append(f"Remark: {reading.remark}")
    return lines
