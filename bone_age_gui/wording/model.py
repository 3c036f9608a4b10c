"""How good a model is, and what it learned from, for a person who is to trust it."""

from __future__ import annotations

from bone_age_gui.core.model.card import Card, GroupMetrics, Metrics
from bone_age_gui.core.model.certainty_card import Calibration
from bone_age_gui.wording.language import number_text, tr
from bone_age_gui.wording.templates import Plural, fill
from bone_age_gui.wording.values import signed

NO_BIAS = 0.5
"""Months; a mean error below this is none that a reader would notice."""
HOW_GOOD, HOW_SURE, LIMITS = "How good it is", "How sure it is", "Limits"
ORIGIN, TECHNICAL = "Where it comes from", "For an administrator"
"""Headings of the page about a model."""
GROUPS = {"female": "Girls", "male": "Boys"}
NO_FILMS = "no films"
_TRIED = (
    "Tried on {n} films beside those that it learned from ({films}). On average its estimate was {mae:.1f} months "
    "away from the reader's bone age (95 % confidence interval {low:.1f} to {high:.1f}). {within_6:.0f} of 100 films "
    "were within 6 months, {within_12:.0f} within 12, {within_24:.0f} within 24."
)
_NO_BIAS = (
    "Over all films it read neither too high nor too low; 95 of 100 estimates lay between {below} and {above} months "
    "of the reading."
)
_BIAS = (
    "Over all films it read {bias} months off the reading; 95 of 100 estimates lay between {below} and {above} months "
    "of the reading."
)
_LEVEL = "The interval beside each estimate is made to hold the reader's bone age in {level} of 100 films."
_HELD = "Of the films that it was tried on it held it in {coverage:.0f} of 100."
_GROUP = Plural(
    "{mae:.1f} months away on average, {within:.0f} of 100 within 12 ({films} film)",
    "{mae:.1f} months away on average, {within:.0f} of 100 within 12 ({films} films)",
    "films",
)
_AGES, _OPEN_AGES = "{low} to {high} years", "{low} years"
_ORIGIN = "{description}. Films: {films}."
_LEARNED = "It learned from {count:,} of them."


def quality_words(scores: Metrics) -> str:
    """How far the estimates lie from the readings of one set of films."""
    low, high = scores.mae_ci95
    below, above = scores.limits_of_agreement
    tried = fill(
        _TRIED,
        {
            "n": scores.n, "films": tr(scores.set_description), "mae": scores.mae_months, "low": low, "high": high,
            "within_6": scores.within_6, "within_12": scores.within_12, "within_24": scores.within_24,
        },
    )  # fmt: skip
    between = {"below": signed(below), "above": signed(above)}
    if abs(scores.bias_months) < NO_BIAS:
        return f"{tried} {fill(_NO_BIAS, between)}"
    return f"{tried} {fill(_BIAS, {**between, 'bias': signed(scores.bias_months)})}"


def calibration_words(calibration: Calibration, card: Card) -> str:
    """What the interval beside an estimate holds."""
    coverages = [scores.interval_coverage for scores in card.metrics.values() if scores.interval_coverage is not None]
    level = fill(_LEVEL, {"level": round(100 * calibration.interval_level)})
    return " ".join([level, *(fill(_HELD, {"coverage": coverage}) for coverage in coverages)])


def group_rows(scores: Metrics) -> list[tuple[str, str]]:
    """The figures of each sex and age band."""
    sexes = [(tr(GROUPS.get(name, name)), group) for name, group in scores.by_sex.items()]
    ages = [(_age_band(name), group) for name, group in scores.by_age_band.items()]
    return [(name, _group_words(group)) for name, group in sexes + ages]


def origin_words(card: Card) -> str:
    """What the model is and which films it learned from."""
    origin = fill(_ORIGIN, {"description": tr(card.description), "films": tr(card.training.data_set)})
    learned = card.training.split_counts.get("train")
    return f"{origin} {fill(_LEARNED, {'count': learned})}" if learned else origin


def _age_band(name: str) -> str:
    """``"3-7"`` -> ``"3 to 7 years"``; ``"15+"`` has no end."""
    low, _, high = name.partition("-")
    if high:
        return fill(_AGES, {"low": _number(low), "high": _number(high)})
    return fill(_OPEN_AGES, {"low": _number(low)})


def _number(text: str) -> str:
    """``"15+"`` in the digits of the language."""
    digits = text.removesuffix("+")
    return f"{number_text(int(digits))}{text[len(digits) :]}" if digits.isdecimal() else text


def _group_words(group: GroupMetrics) -> str:
    if group.mae_months is None or group.within_12 is None:
        return tr(NO_FILMS)
    return fill(_GROUP, {"mae": group.mae_months, "within": group.within_12, "films": group.n})
