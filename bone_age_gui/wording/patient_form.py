"""What the patient form says of dates and ages that cannot be used, or can hardly be true."""

from __future__ import annotations

from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import fill

DATE_HINT = "yyyy-mm-dd"
DATE_NAMES = {"birth": "Date of birth", "study": "Study date"}
FORM_PROBLEMS = {
    "not_a_date": "{name}: not a date. Write {hint}.",
    "not_an_age": "Age: write it like 12 y 8 m, 12 8/12, 12-8, 152 m or 12.5.",
    "study_before_birth": "Study date lies before the date of birth.",
    "future": "{name} lies in the future: right only if the dates were shifted.",
    "too_old": "Older than 20 years: please check the dates. There is no reference.",
}
"""By what is wrong; ``name`` is the field's."""


def form_words(what: str, field: str = "") -> str:
    """What is wrong with a field of the form, ``birth`` or ``study`` where it is a date."""
    return fill(FORM_PROBLEMS[what], {"name": tr(DATE_NAMES.get(field, "")), "hint": tr(DATE_HINT)})
