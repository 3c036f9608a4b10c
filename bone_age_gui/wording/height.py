"""The height, the adult height that it predicts and the target height, in words."""

from __future__ import annotations

from bone_age_gui.core.values.adult_height import AdultHeight
from bone_age_gui.core.values.facts import Detail
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import signed

CAUTION = (
    "Bayley and Pinneau measured healthy children: the prediction misleads with a bone dysplasia, with precocious "
    "puberty under treatment and with constitutional delay."
)
ERROR_SOURCE = "in tall children, Joss et al. 1992"
_UNPREDICTED = {
    "no_height": "not predicted: the height is not known",
    "doubtful": "not predicted: the film is doubtful",
    "sex_unknown": "not predicted: the sex is not known",
    "age_unknown": "not predicted: the chronological age is not known",
    "growth_ended": "not predicted: growth has ended at this bone age",
    "outside_table": "not predicted: the bone age lies outside the table of Bayley and Pinneau",
}
_HEIGHT_NAME, _ADULT_NAME, _TARGET_NAME = "Height", "Adult height", "Target height"
_TEMPOS = {"average": "average", "accelerated": "accelerated", "retarded": "retarded"}
_SENTENCE = "{name}: {text}."
_CM, _PREDICTED_CM = "{height:.1f} cm", "{height:.1f} cm predicted"
_CHART = "Predicted adult height {height:.1f} cm"
_HEIGHT = "{height:.1f} cm ({score} SD, {reference})"
_PREDICTED = "{height:.1f} cm predicted by Bayley and Pinneau ({percent:.1f} % reached, {tempo} table)"
_PREDICTED_WITHIN = (
    "{height:.1f} cm predicted by Bayley and Pinneau ({percent:.1f} % reached, {tempo} table; "
    "published limits \N{PLUS-MINUS SIGN} {error:g} cm {source})"
)
_TARGET = "{height:.1f} cm by the parents' heights, {low:.1f} to {high:.1f} cm (Tanner)"


def cm_words(height: float) -> str:
    """``"178.6 cm"``."""
    return fill(_CM, {"height": height})


def predicted_words(height: float) -> str:
    """``"178.6 cm predicted"``."""
    return fill(_PREDICTED_CM, {"height": height})


def height_rows(heights: AdultHeight) -> list[tuple[str, str]]:
    """Name and value of what is known, for a list."""
    rows = []
    if heights.height_cm is not None:
        rows.append((tr(_HEIGHT_NAME), _height_words(heights)))
    rows.append((tr(_ADULT_NAME), _prediction_words(heights)))
    if heights.target_cm is not None:
        rows.append((tr(_TARGET_NAME), _target_words(heights)))
    return rows


def height_sentences(heights: AdultHeight) -> str:
    """What is known, as a paragraph, with what to know before trusting it."""
    parts = [fill(_SENTENCE, {"name": name, "text": text}) for name, text in height_rows(heights)]
    return " ".join([*parts, tr(CAUTION)] if heights.predicted_cm is not None else parts)


def chart_words(heights: AdultHeight | None) -> str:
    """One line for the growth chart, empty where nothing is predicted."""
    if heights is None or heights.predicted_cm is None:
        return ""
    return fill(_CHART, {"height": heights.predicted_cm})


def _height_words(heights: AdultHeight) -> str:
    assert heights.height_cm is not None
    words = cm_words(heights.height_cm)
    if heights.height_sd_score is None:
        return words
    details = {"score": signed(heights.height_sd_score, 2), "reference": str(heights.height_reference)}
    return fill(_HEIGHT, {"height": heights.height_cm, **details})


def _prediction_words(heights: AdultHeight) -> str:
    if heights.predicted_cm is None or heights.percent is None:
        return tr(_UNPREDICTED[heights.reason or "no_height"])
    height, percent, tempo = heights.predicted_cm, heights.percent, str(heights.tempo)
    details: dict[str, Detail] = {"height": height, "percent": percent, "tempo": tr(_TEMPOS.get(tempo, tempo))}
    if heights.error_cm is None:
        return fill(_PREDICTED, details)
    return fill(_PREDICTED_WITHIN, {**details, "error": heights.error_cm, "source": tr(ERROR_SOURCE)})


def _target_words(heights: AdultHeight) -> str:
    assert heights.target_cm is not None
    assert heights.target_low_cm is not None
    assert heights.target_high_cm is not None
    ends = {"low": heights.target_low_cm, "high": heights.target_high_cm}
    return fill(_TARGET, {"height": heights.target_cm, **ends})
