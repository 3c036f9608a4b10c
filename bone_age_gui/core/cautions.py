"""What lessens the trust in an estimate, apart from the film itself: by what the card says of its films."""

from __future__ import annotations

from collections.abc import Iterator

from bone_age_gui.core.model.card import Card, Metrics
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.types import Estimate

YOUNG_MONTHS = 36.0
"""Below it there are few films of children."""
YOUNGEST_BAND = "0-3"
TELLING = frozenset({"young", "outside_training_ages"})
"""Notices that tell how old the model says a hand is."""
WITHOUT_SEX = "_unknown_sex"
"""What a block of the card's scores is called after the same films with their sex."""


def cautions_of(estimate: Estimate, card: Card) -> tuple[Notice, ...]:
    """Notices of this estimate: sex not known, a very young child, an age that was seldom seen."""
    return (*_of_sex(estimate, card), *_of_age(estimate, card))


def _of_sex(estimate: Estimate, card: Card) -> Iterator[Notice]:
    if estimate.sex is not None:
        return
    for name, scores in card.metrics.items():
        if without := card.metrics.get(f"{name}{WITHOUT_SEX}"):
            known, unknown = scores.mae_months, without.mae_months
            yield Notice("sex_unknown", "measured", details={"known": known, "unknown": unknown}, loud=True)
            return
    yield Notice("sex_unknown", loud=True)


def _of_age(estimate: Estimate, card: Card) -> Iterator[Notice]:
    scores = measured_on(card)
    band = scores.by_age_band.get(YOUNGEST_BAND) if scores is not None else None
    if estimate.bone_age_months < YOUNG_MONTHS and scores is not None and band is not None:
        yield Notice("young", details={"n": band.n, "of": scores.n}, loud=True)
        return
    low, high = card.limits.covered_months
    if estimate.end is None and not low <= estimate.bone_age_months <= high:
        yield Notice("outside_training_ages", details={"low": low, "high": high})


def measured_on(card: Card) -> Metrics | None:
    """The first scores of the card, those of the films that the model is judged by; ``None`` without any."""
    return next(iter(card.metrics.values()), None)
