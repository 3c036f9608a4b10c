"""The page to upload a film and the page of the answer: HTML without script."""

from __future__ import annotations

from flask import Request, render_template

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.core.values.types import Sex
from bone_age_gui.service.engine import FilmAnswer
from bone_age_gui.service.form import FIELDS
from bone_age_gui.wording.errors import error_words
from bone_age_gui.wording.language import first_known, is_right_to_left, language, mark, speaking, tr
from bone_age_gui.wording.notices import doubt_words
from bone_age_gui.wording.refusals.service import FORM_ADVICE
from bone_age_gui.wording.terminal import estimate_rows
from bone_age_gui.wording.values import SEX_WORDS, UNKNOWN, printable

_DATES = {"birth_date": mark("Birth date"), "study_date": mark("Study date")}
_NUMBERS = {
    "age_months": mark("Chronological age in months"),
    "height_cm": mark("Height"),
    "mother_cm": mark("Height of the mother"),
    "father_cm": mark("Height of the father"),
}
_HANDS = {HandSide.LEFT: mark("the left one, as pictured"), HandSide.RIGHT: mark("the right one, as pictured")}


def upload_page(request: Request, error: BoneAgeError | None = None) -> str:
    """The form; after a refusal with the reason and what was typed, but for the film."""
    with speaking(_language_of(request)):
        return _upload_page(request, error)


def estimate_page(request: Request, answer: FilmAnswer) -> str:
    """The answer of a film that was estimated; why it may be wrong comes first."""
    with speaking(_language_of(request)):
        return _estimate_page(answer)


def _language_of(request: Request) -> str:
    """What the browser asks for, else the language of the service."""
    return first_known([*request.accept_languages.values(), language()])


def _upload_page(request: Request, error: BoneAgeError | None) -> str:
    return render_template(
        "upload.html",
        tr=tr,
        language=language(),
        direction="rtl" if is_right_to_left() else "ltr",
        error=error_words(error) if error is not None else None,
        code=error.code if error is not None else None,
        advice=tr(FORM_ADVICE.get(error.code, "")) if error is not None else None,
        typed=request.form if error is not None and error.code in {*FORM_ADVICE, "bad_field", "no_film"} else {},
        sexes={"": tr(UNKNOWN), **{str(sex): tr(SEX_WORDS[sex]) for sex in Sex}},
        hands={"": tr("there is one hand"), **{str(side): tr(_HANDS[side]) for side in HandSide}},
        dates={name: tr(label) for name, label in _DATES.items()},
        numbers={name: (tr(label), FIELDS[name].words()) for name, label in _NUMBERS.items()},
        disclaimer=tr(DISCLAIMER),
    )


def _estimate_page(answer: FilmAnswer) -> str:
    return render_template(
        "estimate.html",
        tr=tr,
        language=language(),
        direction="rtl" if is_right_to_left() else "ltr",
        name=printable(answer.record.file),
        doubts=[doubt_words(notice) for notice in answer.case.doubts],
        rows=estimate_rows(answer.case),
        disclaimer=tr(DISCLAIMER),
    )
