"""The height, the adult height that it predicts and the target height, in words."""

from __future__ import annotations

from bone_age_gui.core.values.adult_height import AdultHeight
from bone_age_gui.wording.values import signed

CAUTION = (
    "Bayley and Pinneau measured healthy children: the prediction misleads with a bone dysplasia, with precocious "
    "puberty under treatment and with constitutional delay."
)
ERROR_SOURCE = "in tall children, Joss et al. 1992"
_REASONS = {
    "no_height": "the height is not known",
    "doubtful": "the film may show no child's hand",
    "sex_unknown": "the sex is not known",
    "age_unknown": "the chronological age is not known",
    "growth_ended": "growth has ended at this bone age",
    "outside_table": "the bone age lies outside the table of Bayley and Pinneau",
}


def cm_words(height: float) -> str:
    """``"178.6 cm"``."""
    return f"{height:.1f} cm"


def height_rows(heights: AdultHeight) -> list[tuple[str, str]]:
    """Name and value of what is known, for a list."""
    rows = []
    if heights.height_cm is not None:
        rows.append(("Height", _height_words(heights)))
    rows.append(("Adult height", _prediction_words(heights)))
    if heights.target_cm is not None:
        rows.append(("Target height", _target_words(heights)))
    return rows


def height_sentences(heights: AdultHeight) -> str:
    """What is known, as a paragraph, with what to know before trusting it."""
    parts = [f"{name}: {text}." for name, text in height_rows(heights)]
    return " ".join([*parts, CAUTION] if heights.predicted_cm is not None else parts)


def chart_words(heights: AdultHeight | None) -> str:
    """One line for the growth chart, empty where nothing is predicted."""
    if heights is None or heights.predicted_cm is None:
        return ""
    return f"Predicted adult height {cm_words(heights.predicted_cm)}"


def _height_words(heights: AdultHeight) -> str:
    assert heights.height_cm is not None
    words = cm_words(heights.height_cm)
    if heights.height_sd_score is None:
        return words
    return f"{words} ({signed(heights.height_sd_score, 2)} SD, {heights.height_reference})"


def _prediction_words(heights: AdultHeight) -> str:
    if heights.predicted_cm is None or heights.percent is None:
        return f"not predicted: {_REASONS[heights.reason or 'no_height']}"
    reached = f"{heights.percent:.1f} % reached, {heights.tempo} table"
    words = f"{cm_words(heights.predicted_cm)} predicted by Bayley and Pinneau ({reached}"
    if heights.error_cm is not None:
        words += f"; published limits \N{PLUS-MINUS SIGN} {heights.error_cm:g} cm {ERROR_SOURCE}"
    return f"{words})"


def _target_words(heights: AdultHeight) -> str:
    assert heights.target_cm is not None
    assert heights.target_low_cm is not None
    assert heights.target_high_cm is not None
    span = f"{heights.target_low_cm:.1f} to {cm_words(heights.target_high_cm)}"
    return f"{cm_words(heights.target_cm)} by the parents' heights, {span} (Tanner)"
