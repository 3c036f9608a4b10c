"""What a screen reader says by itself when an estimate has ended."""

from __future__ import annotations

from bone_age_gui.core.values.final import final_assessment, final_end, final_months
from bone_age_gui.core.values.types import Case
from bone_age_gui.wording.errors import error_line
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import Plural, fill
from bone_age_gui.wording.values import flag_words, limit_words

_YEARS, _MONTHS = Plural("{count} year", "{count} years", "count"), Plural("{count} month", "{count} months", "count")
_AGE = "{years} {months}"
_ESTIMATED, _WITH_FLAG = "Estimated: {age}", "Estimated: {age}, {flag}"
_DOUBTFUL, _DOUBTFUL_WITH_FLAG = "Doubtful. Estimated: {age}", "Doubtful. Estimated: {age}, {flag}"
_HIDDEN = "Estimated. The age is shown once you have given your own."
_NOT_ESTIMATED = "Not estimated. {reason}"
_GIVEN_UP = "Not estimated."


def estimate_ended_words(case: Case, is_hidden: bool) -> str:
    """``"Estimated: 11 years 4 months, normal"``; nothing of the age while a reader shall give an own one first."""
    if case.error is not None:
        return fill(_NOT_ESTIMATED, {"reason": error_line(case.error)})
    months, assessment = final_months(case), final_assessment(case)
    if months is None:
        return tr(_GIVEN_UP)
    if is_hidden:
        return tr(_HIDDEN)
    age = limit_words(spoken_age(months), final_end(case))
    if assessment is None:
        return fill(_DOUBTFUL if case.doubts else _ESTIMATED, {"age": age})
    flag = flag_words(assessment.flag, assessment.borderline)
    return fill(_DOUBTFUL_WITH_FLAG if case.doubts else _WITH_FLAG, {"age": age, "flag": flag})


def spoken_age(months: float) -> str:
    """``136.2`` -> ``"11 years 4 months"``: without the short forms that a voice would spell."""
    years, rest = divmod(round(max(months, 0.0)), 12)
    return fill(_AGE, {"years": fill(_YEARS, {"count": years}), "months": fill(_MONTHS, {"count": rest})})
