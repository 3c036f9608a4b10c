"""The two lines of the picture of all stages: what came out, and by which model."""

from __future__ import annotations

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.final import final_assessment, final_end, final_months, is_readers
from bone_age_gui.core.values.types import Assessment, Case
from bone_age_gui.wording.errors import error_words
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.notices import doubt_words
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import bone_age_words, difference_words
from bone_age_gui.wording.window import flag_title, sd_words

ORIGINAL, AS_READ = "Original", "as read"
_STAGES = "Stages of the radiograph"
_REFUSED = "Refused: {why}"
_DOUBTFUL = "Doubtful: {doubts}"
_BONE_AGE, _READERS_AGE = "Bone age: {age}", "Bone age: {age} (reader)"
_DIFFERENCE = "{difference}, {score}"
_JOINT = "  \N{MIDDLE DOT}  "
"""Between facts that stand for themselves."""
_MODEL = "{model} {version}. {disclaimer}"
_PHANTOM = "Drawn phantom: its age means nothing. {disclaimer}"
_PHANTOM_AND_MODEL = "Drawn phantom: its age means nothing. {model} {version}. {disclaimer}"


def headline(case: Case) -> str:
    """What came out of a film, or why it was refused."""
    if case.estimate is None:
        return fill(_REFUSED, {"why": error_words(case.error).title}) if case.error is not None else tr(_STAGES)
    doubts = tuple(doubt_words(notice) for notice in case.doubts)
    facts = [fill(_DOUBTFUL, {"doubts": doubts})] if doubts else []
    months, assessment = final_months(case), final_assessment(case)
    assert months is not None  # there is an estimate
    age = bone_age_words(months, final_end(case), 0)
    facts.append(fill(_READERS_AGE if is_readers(case) else _BONE_AGE, {"age": age}))
    facts += _compared(case, assessment) if assessment is not None else []
    return _JOINT.join(facts)


def footline(case: Case) -> str:
    """The model, and what the picture is no proof of."""
    is_phantom = case.radiograph is not None and case.radiograph.is_phantom
    if case.estimate is None:
        return fill(_PHANTOM, {"disclaimer": tr(DISCLAIMER)}) if is_phantom else tr(DISCLAIMER)
    details = {"model": case.estimate.model_name, "version": case.estimate.model_version, "disclaimer": tr(DISCLAIMER)}
    return fill(_PHANTOM_AND_MODEL if is_phantom else _MODEL, details)


def _compared(case: Case, assessment: Assessment) -> list[str]:
    if assessment.difference_months is None:
        return [flag_title(assessment)]
    difference = difference_words(assessment.difference_months, decimals=0, end=final_end(case))
    return [fill(_DIFFERENCE, {"difference": difference, "score": sd_words(assessment)}), flag_title(assessment)]
