"""The words for a case in the window, on the clipboard and in the saved picture."""

from __future__ import annotations

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.adult_height import AdultHeight
from bone_age_gui.core.values.final import final_assessment, final_end, final_months, is_readers
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.types import Assessment, Case, Estimate, Sex
from bone_age_gui.wording import values
from bone_age_gui.wording.days import day_words
from bone_age_gui.wording.final import before_words, by_words, other_words
from bone_age_gui.wording.flag_reasons import reason_text
from bone_age_gui.wording.height import CAUTION, height_rows
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.notices import named_notice, notice_text
from bone_age_gui.wording.reading import decided_words, order_words
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import (
    UNKNOWN,
    age_words,
    bone_age_words,
    device_words,
    difference_words,
    in_sd,
    open_range_words,
    stated_age_words,
)

_SEX_UNKNOWN = "sex unknown"
_NAMED = "{name}: {text}"
_DOUBT = "Doubtful: {text}"
_FLAG = "Flag: {flag}"
_NOTE = "Note: {text}"
_BULLET = "\N{BULLET} {text}"
_INTERVAL = "{level} % interval: {range}"
_DIFFERENCE_IN_SD = "{difference}  ({score})"
_BONE_AGE = "Bone age: {age}, {sex}"
_DECIDED_AGE = "Bone age: {age}, {sex}, {by}"
_STUDY_DATE = "Study date: {day}"
_MODEL = "Model: {name} {version} on {device}"
_CHRONOLOGICAL_AGE = "Chronological age: {age}"
_DIFFERENCE = "Difference: {difference} ({score})"
_ASSESSMENT = "Assessment: {flag}. {reason}"
_REMARK = "Remark: {remark}"
STEP_WORDS = {"read": "reading", "prepare": "stages", "infer": "network", "assess": "comparison"}


def sex_words(sex: Sex | None) -> str:
    """``"female"``, ``"male"`` or ``"sex unknown"``."""
    return tr(values.SEX_WORDS[sex]) if sex is not None else tr(_SEX_UNKNOWN)


def flag_title(assessment: Assessment) -> str:
    """``"Advanced"``, or ``"Borderline advanced"`` where the limit is too close for a firm flag."""
    return values.sentence_case(values.flag_words(assessment.flag, assessment.borderline))


def _named(name: str, text: str) -> str:
    return fill(_NAMED, {"name": name, "text": text})


def both_words(months: float) -> str:
    """``"12 y 8 m (152 months)"``."""
    return age_words(months, 0)


def interval_line(estimate: Estimate) -> str | None:
    """``"90 % interval: 10 y 7 m to 12 y 1 m"`` or ``None`` where the model gives no interval."""
    if estimate.interval_months is None or estimate.interval_level is None:
        return None
    level = round(100 * estimate.interval_level)
    return fill(_INTERVAL, {"level": level, "range": open_range_words(*estimate.interval_months)})


def sd_words(assessment: Assessment) -> str:
    """``"-1.5 SD"`` or that it is not known."""
    return tr(UNKNOWN) if assessment.sd_score is None else in_sd(assessment.sd_score)


def flag_name_words(assessment: Assessment) -> str:
    """What a screen reader calls the flag."""
    return fill(_FLAG, {"flag": flag_title(assessment)})


def difference_in_sd(assessment: Assessment, end: GrowthEnd | None) -> str:
    """``"-16 months  (-1.5 SD)"``, without the SD where it is not known."""
    difference = difference_words(assessment.difference_months, decimals=0, end=end)
    if assessment.sd_score is None:
        return difference
    return fill(_DIFFERENCE_IN_SD, {"difference": difference, "score": in_sd(assessment.sd_score)})


def doubt_lines(case: Case) -> str:
    """Every doubt about a film, one a line."""
    return "\n".join(fill(_DOUBT, {"text": notice_text(notice)}) for notice in case.doubts)


def height_lines(heights: AdultHeight | None) -> str:
    """Height, predicted and target height, one a line; empty where nothing is known."""
    return "\n".join(_named(name, text) for name, text in height_rows(heights)) if heights is not None else ""


def quiet_lines(case: Case) -> str:
    """What else to know before the result is trusted, one a line."""
    texts = [notice_text(notice) for notice in case.all_notices if not notice.loud and not notice.doubt]
    heights = case.adult_height
    texts += [tr(CAUTION)] if heights is not None and heights.predicted_cm is not None else []
    return "\n".join(fill(_BULLET, {"text": text}) for text in texts)


def clipboard_text(case: Case) -> str:
    """The result for the clipboard: plain lines, without name, number, birth date or path."""
    estimate = case.estimate
    if estimate is None:
        return ""
    lines = [named_notice(notice) for notice in case.doubts]
    months, end, assessment = final_months(case), final_end(case), final_assessment(case)
    assert months is not None  # there is an estimate
    decided = case.reading is not None and case.reading.decided_by is not None
    details = {"age": bone_age_words(months, end, 0), "sex": sex_words(estimate.sex), "by": by_words(case)}
    lines.append(fill(_DECIDED_AGE if decided else _BONE_AGE, details))
    if not is_readers(case) and (interval := interval_line(estimate)):
        lines.append(interval)
    if assessment is not None:
        lines += _assessment_lines(assessment, end)
    lines += _reading_lines(case)
    lines += [text] if (text := before_words(case)) else []
    if case.adult_height is not None:
        lines.append(height_lines(case.adult_height))
    if case.patient.study_date is not None:
        lines.append(fill(_STUDY_DATE, {"day": day_words(case.patient.study_date)}))
    model = {"name": estimate.model_name, "version": estimate.model_version}
    lines.append(fill(_MODEL, {**model, "device": device_words(estimate.device)}))
    lines += [fill(_NOTE, {"text": notice_text(notice)}) for notice in case.all_notices if not notice.doubt]
    lines.append(tr(DISCLAIMER))
    return "\n".join(lines)


def _assessment_lines(assessment: Assessment, end: GrowthEnd | None) -> list[str]:
    interval = assessment.chronological_age_interval_months
    age = stated_age_words(assessment.chronological_age_months, interval, 0)
    lines = [fill(_CHRONOLOGICAL_AGE, {"age": age})]
    if assessment.difference_months is not None:
        difference = difference_words(assessment.difference_months, decimals=0, end=end)
        lines.append(fill(_DIFFERENCE, {"difference": difference, "score": sd_words(assessment)}))
    lines.append(fill(_ASSESSMENT, {"flag": flag_title(assessment), "reason": reason_text(assessment.reason)}))
    return lines


def _reading_lines(case: Case) -> list[str]:
    reading = case.reading
    if reading is None:
        return []
    lines = [text for text in (other_words(case), decided_words(reading), order_words(reading)) if text]
    if reading.remark:
        lines.append(fill(_REMARK, {"remark": reading.remark}))
    return lines
