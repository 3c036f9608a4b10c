"""What the patient form says of dates and ages that cannot be used, or can hardly be true."""

from __future__ import annotations

from bone_age_gui.wording.language import beside_numbers, tr
from bone_age_gui.wording.marks import without_marks
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.typed_days import day_hint
from bone_age_gui.wording.values import years_words

DATE_NAMES = {"birth": "Date of birth", "study": "Study date"}
BIRTH_TIP = "Date of birth, yyyy-mm-dd. Other clear spellings are understood."
STUDY_TIP = "Day of the radiograph, yyyy-mm-dd. The age is counted at this day."
AGE_TIP = "Age at the study date: 12 y 8 m, 152 m or 12.5. Used where a date is missing."
HEIGHTS = {
    "height_cm": (
        "Height",
        "Height at the study date, in cm (140) or in feet and inches (4'7\"). It gives the adult height.",
    ),
    "mother_cm": (
        "Height of the mother",
        "Height of the mother, in cm (140) or in feet and inches (4'7\"). Both parents give the target height.",
    ),
    "father_cm": (
        "Height of the father",
        "Height of the father, in cm (140) or in feet and inches (4'7\"). Both parents give the target height.",
    ),
}
"""By the patient's field: name and tip of its field in the form."""
HEIGHT_HINTS = {"height_cm": "child, cm", "mother_cm": "mother", "father_cm": "father"}
AGE_HINT = "12 y 8 m"
AGE_SAMPLE = "12 y 10 m (154 m)"
SEXES = {"F": "Female", "M": "Male", None: "Unknown"}
SEX_NAMES = {"F": "Sex: female", "M": "Sex: male", None: "Sex: unknown"}
"""What a screen reader says of the buttons."""
SEX_TIP = "The sex goes into the estimate and chooses the reference table."
_SHORT_AGE = "{age} ({months} m)"
_NUMBER = "ID {number}"
_NAME_AND_NUMBER = "{name}  \N{MIDDLE DOT}  ID {number}"
FORM_PROBLEMS = {
    "not_a_date": "{name}: not a date. Write {hint}.",
    "not_an_age": "Age: write it like 12 y 8 m, 12 8/12, 12-8, 152 m or 12.5.",
    "study_before_birth": "Study date lies before the date of birth.",
    "future": "{name} lies in the future: right only if the dates were shifted.",
    "too_old": "Older than 20 years: please check the dates. There is no reference.",
}
"""By what is wrong; ``name`` is the field's."""


def who_words(name: str, number: str | None) -> str:
    """Name and number as far as they are known."""
    if not number:
        return name
    if not name:
        return fill(_NUMBER, {"number": number})
    return fill(_NAME_AND_NUMBER, {"name": beside_numbers(name), "number": number})


def short_words(months: float) -> str:
    """``"12 y 8 m (152 m)"``, as the field of the age shows it."""
    return fill(_SHORT_AGE, {"age": years_words(months), "months": round(months)})


def edited_age(months: float | None) -> str:
    """``"12 y 8 m"`` in the language's own form, as a field shows an age for typing; empty for none."""
    return "" if months is None else without_marks(years_words(months))


def form_words(what: str, field: str = "") -> str:
    """What is wrong with a field of the form, ``birth`` or ``study`` where it is a date."""
    return fill(FORM_PROBLEMS[what], {"name": tr(DATE_NAMES.get(field, "")), "hint": day_hint()})
