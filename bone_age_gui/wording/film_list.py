"""What the list of films says of each: who it is, and how far it is."""

from __future__ import annotations

from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.types import Assessment, Patient
from bone_age_gui.wording.days import day_words
from bone_age_gui.wording.language import beside_numbers, tr
from bone_age_gui.wording.notices import doubt_words
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import name_words, sentence_case
from bone_age_gui.wording.window import flag_title

ORDERS = {
    "as opened": "As opened",
    "file name": "By file name",
    "patient": "By patient",
    "study date": "By study date",
    "state": "By state",
}
"""By the name of an order of the list."""
GROUPS = {
    "all": "All ({films})",
    "to read": "To read ({films})",
    "doubtful": "Doubtful ({films})",
    "refused": "Refused ({films})",
    "reported": "Reported ({films})",
}
"""By the name of a group of films, with how many there are."""
ESTIMATED = "estimated"
_NUMBER = "ID {number}"
_WHO_AND_DAY = "{who}  \N{MIDDLE DOT}  {day}"
_DOUBTFUL = "Doubtful\n{doubt}"
_DOUBTFUL_AGE = "Doubtful: {age}\n{doubt}"
_AGE = "{age}\n{flag}"
_TIP = "{name}\n{text}"
_NO_BREAK = "\N{NO-BREAK SPACE}"


def group_line(group: str, films: int) -> str:
    """``"To read (12)"``."""
    return fill(GROUPS[group], {"films": films})


def patient_line(patient: Patient) -> str:
    """Who it is, and the day of the radiograph, as far as they are known."""
    number = fill(_NUMBER, {"number": patient.patient_id}) if patient.patient_id else ""
    who = name_words(patient.name) or number
    if patient.study_date is None:
        return who
    day = day_words(patient.study_date)
    return fill(_WHO_AND_DAY, {"who": beside_numbers(who), "day": day}) if who else day


def doubtful_words(doubt: Notice, age: str | None) -> str:
    """That a film is doubtful and why, with its age where it has one."""
    words = doubt_words(doubt)
    why = sentence_case(words)
    if age is None:
        return fill(_DOUBTFUL, {"doubt": why})
    return fill(_DOUBTFUL_AGE, {"age": age.replace(" ", _NO_BREAK), "doubt": why})


def estimated_words(age: str, assessment: Assessment | None) -> str:
    """The final age, and its flag below it."""
    return fill(_AGE, {"age": age, "flag": flag_title(assessment) if assessment is not None else tr(ESTIMATED)})


def tip_words(name: str, text: str) -> str:
    """The tool tip of a film."""
    return fill(_TIP, {"name": name, "text": text})
