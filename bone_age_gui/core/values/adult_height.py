"""A prediction of the adult height as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AdultHeight:
    """What the heights in cm of a child and of its parents say (see ``core.height``).

    ``height_sd_score`` is that of the child's height in ``height_reference``; ``predicted_cm`` the adult height by
    Bayley and Pinneau, of which ``percent`` is reached by the table ``tempo``, with ``error_cm`` as its published
    limits where they are known; ``reason`` is a code of ``core.height.NoPrediction`` where nothing is predicted.
    ``target_cm`` is Tanner's target height with its range.
    """

    height_cm: float | None = None
    height_sd_score: float | None = None
    height_reference: str | None = None
    predicted_cm: float | None = None
    percent: float | None = None
    tempo: str | None = None
    error_cm: float | None = None
    reason: str | None = None
    mother_cm: float | None = None
    father_cm: float | None = None
    target_cm: float | None = None
    target_low_cm: float | None = None
    target_high_cm: float | None = None
