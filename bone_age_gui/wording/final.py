"""The final bone age in the words of the window, and the other one by its name."""

from __future__ import annotations

from bone_age_gui.core.values.final import final_end, is_readers
from bone_age_gui.core.values.reading import DECIDED_BY_MODEL
from bone_age_gui.core.values.record import record_of
from bone_age_gui.core.values.types import Case
from bone_age_gui.wording.course import comparison
from bone_age_gui.wording.flag_reasons import reason_text
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import (
    age_words,
    bone_age_words,
    difference_words,
    flag_words,
    in_sd,
    limit_words,
    years_words,
)

BY_READER = "by the reader"
ACCEPTED = "by the model, accepted by the reader"
BY_MODEL = "by the model, nobody has decided yet"
_READERS = "The reader's age: {age}."
_MODELS = "The model's age: {age}."
_MODELS_COMPARED = "The model's age: {age}, {difference}, {flag}. {reason}"
_MODELS_IN_SD = "The model's age: {age}, {difference}, {score}, {flag}. {reason}"
_BEFORE = "Comparison: {text}"
_BY_READER = "{age} (reader)"


def by_words(case: Case) -> str:
    """Whose bone age is shown."""
    if is_readers(case):
        return tr(BY_READER)
    reading = case.reading
    return tr(ACCEPTED) if reading is not None and reading.decided_by == DECIDED_BY_MODEL else tr(BY_MODEL)


def other_words(case: Case) -> str:
    """The bone age that is not the final one, by its name, with its own comparison; empty where there is none."""
    estimate, reading = case.estimate, case.reading
    if estimate is None:
        return ""
    if not is_readers(case):
        if reading is None or reading.age_months is None:
            return ""
        return fill(_READERS, {"age": age_words(reading.age_months, 0)})
    age = bone_age_words(estimate.bone_age_months, estimate.end, 0)
    own = case.assessment
    if own is None or own.difference_months is None:
        return fill(_MODELS, {"age": age})
    details = {
        "age": age,
        "difference": difference_words(own.difference_months, decimals=0, end=estimate.end),
        "flag": flag_words(own.flag, own.borderline),
        "reason": reason_text(own.reason),
    }
    if own.sd_score is None:
        return fill(_MODELS_COMPARED, details)
    return fill(_MODELS_IN_SD, {**details, "score": in_sd(own.sd_score)})


def before_words(case: Case) -> str:
    """The examinations before, and the pace since; empty where there are none."""
    text = comparison(record_of(case, program_version="", created="")) if case.earlier else ""
    return fill(_BEFORE, {"text": text}) if text else ""


def list_age(case: Case, months: float) -> str:
    """The final bone age for the list of films: ``"11 y 6 m (reader)"``, ``"at least 15 y 10 m"``."""
    words = limit_words(years_words(months), final_end(case))
    return fill(_BY_READER, {"age": words}) if is_readers(case) else words
