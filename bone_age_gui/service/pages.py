"""The page to upload a film and the page of the answer: HTML without script."""

from __future__ import annotations

from flask import Request, render_template

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.core.values.types import Sex
from bone_age_gui.service.engine import Answer
from bone_age_gui.service.form import FIELDS
from bone_age_gui.wording.errors import error_words
from bone_age_gui.wording.notices import doubt_words
from bone_age_gui.wording.terminal import answer_rows
from bone_age_gui.wording.values import SEX_WORDS, UNKNOWN, printable

_DATES = {"birth_date": "Birth date", "study_date": "Study date"}
_NUMBERS = {
    "age_months": "Chronological age in months",
    "height_cm": "Height",
    "mother_cm": "Height of the mother",
    "father_cm": "Height of the father",
}
_ADVICE = {
    "no_hand": "To have an estimate all the same, marked as doubtful, choose the film again and tick the box.",
    "part_of_hand": "To have an estimate all the same, marked as doubtful, choose the film again and tick the box.",
    "two_hands": "Choose the film again, and which hand is meant.",
}


def upload_page(request: Request, error: BoneAgeError | None = None) -> str:
    """The form; after a refusal with the reason and what was typed, but for the film."""
    return render_template(
        "upload.html",
        error=error_words(error) if error is not None else None,
        code=error.code if error is not None else None,
        advice=_ADVICE.get(error.code) if error is not None else None,
        typed=request.form if error is not None and error.code in {*_ADVICE, "bad_field", "no_film"} else {},
        sexes={"": UNKNOWN, **{str(sex): SEX_WORDS[sex] for sex in Sex}},
        hands={"": "there is one hand", **{str(side): f"the {side} one, as pictured" for side in HandSide}},
        dates=_DATES,
        numbers={name: (label, FIELDS[name].about) for name, label in _NUMBERS.items()},
        disclaimer=DISCLAIMER,
    )


def answer_page(answer: Answer) -> str:
    """The answer of a film that was estimated; why it may be wrong comes first."""
    return render_template(
        "answer.html",
        name=printable(answer.record.file),
        doubts=[doubt_words(notice) for notice in answer.case.doubts],
        rows=answer_rows(answer.case),
        disclaimer=DISCLAIMER,
    )
