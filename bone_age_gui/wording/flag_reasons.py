"""Why a flag is what it is, in words: one whole sentence for each case, so that each can be translated."""

from __future__ import annotations

from bone_age_gui.core.values.facts import Detail, Fact
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import FLAG_WORDS, age_words, percent_words, years_words

REASONS = {
    "no_bone_age": "The model's bone age is not a usable number, so that there is nothing to compare.",
    "no_age": "The chronological age is not known: enter the birth date and the study date to compare.",
    "negative_age": "The study date lies before the birth date: correct the dates to compare.",
    "bad_age": "The chronological age is not a usable number: correct it to compare.",
    "no_sex": "The sex is not known and the reference differs between girls and boys: enter it to compare.",
    "doubtful": "The film is doubtful, so that its bone age is not held against the limit: look at the film.",
    "wide": (
        "The model's interval is {width:.0f} months wide: one of more than {most:.0f} months cannot be held against a "
        "limit."
    ),
    "open_age": (
        "The age is known only as somewhere from {low} to {high}, and over it the bone age would be {flags}: "
        "enter the birth date to compare."
    ),
    "one_side": (
        "The bone age is known on one side only: it may lie within {threshold:g} SD of that age ({limit:.1f} months)."
    ),
    "below boys": "The chronological age {age} is below the reference for boys, which runs from {first} to {last}.",
    "below girls": "The chronological age {age} is below the reference for girls, which runs from {first} to {last}.",
    "above boys": "The chronological age {age} is above the reference for boys, which runs from {first} to {last}.",
    "above girls": "The chronological age {age} is above the reference for girls, which runs from {first} to {last}.",
    "inside within boys": (
        "The bone age lies within the unit in which the chronological age is known, within {threshold:g} SD for "
        "boys of that age ({limit:.1f} months)."
    ),
    "inside within girls": (
        "The bone age lies within the unit in which the chronological age is known, within {threshold:g} SD for "
        "girls of that age ({limit:.1f} months)."
    ),
    "inside beyond boys": (
        "The bone age lies within the unit in which the chronological age is known, more than {threshold:g} SD "
        "for boys of that age ({limit:.1f} months)."
    ),
    "inside beyond girls": (
        "The bone age lies within the unit in which the chronological age is known, more than {threshold:g} SD "
        "for girls of that age ({limit:.1f} months)."
    ),
    "inside unusable boys": (
        "The bone age lies within the unit in which the chronological age is known, but the model gave no usable "
        "uncertainty to hold against {threshold:g} SD for boys of that age ({limit:.1f} months)."
    ),
    "inside unusable girls": (
        "The bone age lies within the unit in which the chronological age is known, but the model gave no usable "
        "uncertainty to hold against {threshold:g} SD for girls of that age ({limit:.1f} months)."
    ),
    "inside close boys": (
        "The bone age lies within the unit in which the chronological age is known; the limit of {threshold:g} "
        "SD for boys of that age ({limit:.1f} months) lies within the model's uncertainty (± {spread:.1f} "
        "months): the film alone does not decide."
    ),
    "inside close girls": (
        "The bone age lies within the unit in which the chronological age is known; the limit of {threshold:g} "
        "SD for girls of that age ({limit:.1f} months) lies within the model's uncertainty (± {spread:.1f} "
        "months): the film alone does not decide."
    ),
    "equal within boys": (
        "The bone age equals the chronological age, within {threshold:g} SD for boys of that age ({limit:.1f} months)."
    ),
    "equal within girls": (
        "The bone age equals the chronological age, within {threshold:g} SD for girls of that age ({limit:.1f} months)."
    ),
    "equal beyond boys": (
        "The bone age equals the chronological age, more than {threshold:g} SD for boys of that age ({limit:.1f} "
        "months)."
    ),
    "equal beyond girls": (
        "The bone age equals the chronological age, more than {threshold:g} SD for girls of that age "
        "({limit:.1f} months)."
    ),
    "equal unusable boys": (
        "The bone age equals the chronological age, but the model gave no usable uncertainty to hold against "
        "{threshold:g} SD for boys of that age ({limit:.1f} months)."
    ),
    "equal unusable girls": (
        "The bone age equals the chronological age, but the model gave no usable uncertainty to hold against "
        "{threshold:g} SD for girls of that age ({limit:.1f} months)."
    ),
    "equal close boys": (
        "The bone age equals the chronological age; the limit of {threshold:g} SD for boys of that age "
        "({limit:.1f} months) lies within the model's uncertainty (± {spread:.1f} months): the film alone does "
        "not decide."
    ),
    "equal close girls": (
        "The bone age equals the chronological age; the limit of {threshold:g} SD for girls of that age "
        "({limit:.1f} months) lies within the model's uncertainty (± {spread:.1f} months): the film alone does "
        "not decide."
    ),
    "ahead within boys": (
        "The bone age is {months:.1f} months ahead of the chronological age, within {threshold:g} SD for boys of "
        "that age ({limit:.1f} months)."
    ),
    "ahead within girls": (
        "The bone age is {months:.1f} months ahead of the chronological age, within {threshold:g} SD for girls "
        "of that age ({limit:.1f} months)."
    ),
    "ahead beyond boys": (
        "The bone age is {months:.1f} months ahead of the chronological age, more than {threshold:g} SD for boys "
        "of that age ({limit:.1f} months)."
    ),
    "ahead beyond girls": (
        "The bone age is {months:.1f} months ahead of the chronological age, more than {threshold:g} SD for "
        "girls of that age ({limit:.1f} months)."
    ),
    "ahead unusable boys": (
        "The bone age is {months:.1f} months ahead of the chronological age, but the model gave no usable "
        "uncertainty to hold against {threshold:g} SD for boys of that age ({limit:.1f} months)."
    ),
    "ahead unusable girls": (
        "The bone age is {months:.1f} months ahead of the chronological age, but the model gave no usable "
        "uncertainty to hold against {threshold:g} SD for girls of that age ({limit:.1f} months)."
    ),
    "ahead close boys": (
        "The bone age is {months:.1f} months ahead of the chronological age; the limit of {threshold:g} SD for "
        "boys of that age ({limit:.1f} months) lies within the model's uncertainty (± {spread:.1f} months): the "
        "film alone does not decide."
    ),
    "ahead close girls": (
        "The bone age is {months:.1f} months ahead of the chronological age; the limit of {threshold:g} SD for "
        "girls of that age ({limit:.1f} months) lies within the model's uncertainty (± {spread:.1f} months): the "
        "film alone does not decide."
    ),
    "behind within boys": (
        "The bone age is {months:.1f} months behind the chronological age, within {threshold:g} SD for boys of "
        "that age ({limit:.1f} months)."
    ),
    "behind within girls": (
        "The bone age is {months:.1f} months behind the chronological age, within {threshold:g} SD for girls of "
        "that age ({limit:.1f} months)."
    ),
    "behind beyond boys": (
        "The bone age is {months:.1f} months behind the chronological age, more than {threshold:g} SD for boys "
        "of that age ({limit:.1f} months)."
    ),
    "behind beyond girls": (
        "The bone age is {months:.1f} months behind the chronological age, more than {threshold:g} SD for girls "
        "of that age ({limit:.1f} months)."
    ),
    "behind unusable boys": (
        "The bone age is {months:.1f} months behind the chronological age, but the model gave no usable "
        "uncertainty to hold against {threshold:g} SD for boys of that age ({limit:.1f} months)."
    ),
    "behind unusable girls": (
        "The bone age is {months:.1f} months behind the chronological age, but the model gave no usable "
        "uncertainty to hold against {threshold:g} SD for girls of that age ({limit:.1f} months)."
    ),
    "behind close boys": (
        "The bone age is {months:.1f} months behind the chronological age; the limit of {threshold:g} SD for "
        "boys of that age ({limit:.1f} months) lies within the model's uncertainty (± {spread:.1f} months): the "
        "film alone does not decide."
    ),
    "behind close girls": (
        "The bone age is {months:.1f} months behind the chronological age; the limit of {threshold:g} SD for "
        "girls of that age ({limit:.1f} months) lies within the model's uncertainty (± {spread:.1f} months): the "
        "film alone does not decide."
    ),
    "ahead_range within boys": (
        "The bone age is {least:.1f} to {most:.1f} months ahead of the chronological age, within {threshold:g} "
        "SD for boys of that age ({limit:.1f} months)."
    ),
    "ahead_range within girls": (
        "The bone age is {least:.1f} to {most:.1f} months ahead of the chronological age, within {threshold:g} "
        "SD for girls of that age ({limit:.1f} months)."
    ),
    "ahead_range beyond boys": (
        "The bone age is {least:.1f} to {most:.1f} months ahead of the chronological age, more than "
        "{threshold:g} SD for boys of that age ({limit:.1f} months)."
    ),
    "ahead_range beyond girls": (
        "The bone age is {least:.1f} to {most:.1f} months ahead of the chronological age, more than "
        "{threshold:g} SD for girls of that age ({limit:.1f} months)."
    ),
    "ahead_range unusable boys": (
        "The bone age is {least:.1f} to {most:.1f} months ahead of the chronological age, but the model gave no "
        "usable uncertainty to hold against {threshold:g} SD for boys of that age ({limit:.1f} months)."
    ),
    "ahead_range unusable girls": (
        "The bone age is {least:.1f} to {most:.1f} months ahead of the chronological age, but the model gave no "
        "usable uncertainty to hold against {threshold:g} SD for girls of that age ({limit:.1f} months)."
    ),
    "ahead_range close boys": (
        "The bone age is {least:.1f} to {most:.1f} months ahead of the chronological age; the limit of "
        "{threshold:g} SD for boys of that age ({limit:.1f} months) lies within the model's uncertainty (± "
        "{spread:.1f} months): the film alone does not decide."
    ),
    "ahead_range close girls": (
        "The bone age is {least:.1f} to {most:.1f} months ahead of the chronological age; the limit of "
        "{threshold:g} SD for girls of that age ({limit:.1f} months) lies within the model's uncertainty (± "
        "{spread:.1f} months): the film alone does not decide."
    ),
    "behind_range within boys": (
        "The bone age is {least:.1f} to {most:.1f} months behind the chronological age, within {threshold:g} SD "
        "for boys of that age ({limit:.1f} months)."
    ),
    "behind_range within girls": (
        "The bone age is {least:.1f} to {most:.1f} months behind the chronological age, within {threshold:g} SD "
        "for girls of that age ({limit:.1f} months)."
    ),
    "behind_range beyond boys": (
        "The bone age is {least:.1f} to {most:.1f} months behind the chronological age, more than {threshold:g} "
        "SD for boys of that age ({limit:.1f} months)."
    ),
    "behind_range beyond girls": (
        "The bone age is {least:.1f} to {most:.1f} months behind the chronological age, more than {threshold:g} "
        "SD for girls of that age ({limit:.1f} months)."
    ),
    "behind_range unusable boys": (
        "The bone age is {least:.1f} to {most:.1f} months behind the chronological age, but the model gave no "
        "usable uncertainty to hold against {threshold:g} SD for boys of that age ({limit:.1f} months)."
    ),
    "behind_range unusable girls": (
        "The bone age is {least:.1f} to {most:.1f} months behind the chronological age, but the model gave no "
        "usable uncertainty to hold against {threshold:g} SD for girls of that age ({limit:.1f} months)."
    ),
    "behind_range close boys": (
        "The bone age is {least:.1f} to {most:.1f} months behind the chronological age; the limit of "
        "{threshold:g} SD for boys of that age ({limit:.1f} months) lies within the model's uncertainty (± "
        "{spread:.1f} months): the film alone does not decide."
    ),
    "behind_range close girls": (
        "The bone age is {least:.1f} to {most:.1f} months behind the chronological age; the limit of "
        "{threshold:g} SD for girls of that age ({limit:.1f} months) lies within the model's uncertainty (± "
        "{spread:.1f} months): the film alone does not decide."
    ),
}
"""By the code of the reason (``core.growth``)."""
_CHANCE = "It lies beyond that limit with a probability of {percent}."
_TWO_FLAGS = "{before} or {last}"
_UNNAMED = "This version of the program has no words for the reason {code}."


def reason_text(reason: Fact | str) -> str:
    """The sentence, or the one that an earlier version kept."""
    if isinstance(reason, str):
        return reason
    template = REASONS.get(reason.code)
    if template is None:  # of another version of the program
        return fill(_UNNAMED, {"code": reason.code})
    sentence = fill(template, {name: _shown(name, value) for name, value in reason.details.items()})
    chance = reason.details.get("chance")
    if not isinstance(chance, int | float):
        return sentence
    return f"{sentence} {fill(_CHANCE, {'percent': percent_words(chance)})}"


def _shown(name: str, value: Detail) -> Detail:
    """Ages in years and months, flags in words, the rest as it is."""
    if isinstance(value, int | float) and name in ("low", "high"):
        return years_words(value)
    if isinstance(value, int | float) and name in ("age", "first", "last"):
        return age_words(value)
    return _either([tr(FLAG_WORDS[str(flag)]) for flag in value]) if isinstance(value, tuple) else value


def _either(words: list[str]) -> str:
    listed = words[0]
    for word in words[1:]:
        listed = fill(_TWO_FLAGS, {"before": listed, "last": word})
    return listed
