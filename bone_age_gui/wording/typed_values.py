"""What is wrong with a value that a person gave, in words."""

from __future__ import annotations

from bone_age_gui.core.values.facts import Fact
from bone_age_gui.wording.templates import fill

HEIGHT_FIELD = "Height at the study, from {low:.0f} to {high:.0f} cm, or in feet and inches"
MOTHER_FIELD = "Height of the mother, from {low:.0f} to {high:.0f} cm, or in feet and inches"
FATHER_FIELD = "Height of the father, from {low:.0f} to {high:.0f} cm, or in feet and inches"
VALUES = {
    "sex": "{name} is not F (female) or M (male)",
    "date": "{name} is not a date like 2014-03-02 (year-month-day)",
    "no_such_day": "{name} is a day that does not exist",
    "early": "{name} lies before {year}",
    "future": "{name} lies in the future",
    "months": "{name} is not an age in months from 0 to {most:.0f}",
    "height": "{name} is not a height from {low:.0f} to {high:.0f} cm, nor one in feet and inches like 4'7\"",
    "choice": "{name} is not one of {choices}",
    "yes_no": "{name} is not true or false",
}
"""By the code of ``core.values.typed_values.WrongValueError``; ``name`` is the value, or what it is called."""
LABELLED = {
    "height": "{name}: is not a height from {low:.0f} to {high:.0f} cm, nor one in feet and inches like 4'7\".",
}
"""The same beside a field of a form."""


def wrong_value_words(name: str, fact: Fact) -> str:
    """``"'X' is not F (female) or M (male)"``."""
    return fill(VALUES[fact.code], {**fact.details, "name": name})


def labelled_words(name: str, fact: Fact) -> str:
    """``"Height: is not a height from ..."``, for a field's own line."""
    return fill(LABELLED[fact.code], {**fact.details, "name": name})
