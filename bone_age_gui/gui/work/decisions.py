"""What stays valid of a reading when something else changes: who decided and when, what was accepted or seen first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bone_age_gui.core.values.reading import DECIDED_BY_MODEL, DECIDED_BY_READER, NO_READING, Reading
from bone_age_gui.gui.work.film import Film

SAME_MONTHS = 0.05
"""Two estimates of a model that differ by less are the same one."""


def with_signature(reading: Reading, before: Reading, reader: str) -> Reading:
    """A reading as it was typed, with what cannot be typed: who read and decided, when, and what was seen before."""
    reading = replace(reading, model_shown=before.model_shown, blind_months=before.blind_months)
    if reading.age_months is None and reading.decided_by is None:
        return replace(reading, reader="", decided_at=None)
    if _decision(reading) == _decision(before):
        same_age = reading.age_months == before.age_months
        return replace(reading, reader=before.reader if same_age else reader, decided_at=before.decided_at)
    now = datetime.now(UTC).isoformat(timespec="seconds") if reading.decided_by is not None else None
    return replace(reading, reader=reader, decided_at=now)


def _decision(reading: Reading) -> tuple[str | None, float | None]:
    """What was decided: the reader's age belongs to it only if it is the final one."""
    return reading.decided_by, reading.age_months if reading.decided_by == DECIDED_BY_READER else None


def with_acceptance(film: Film, before: Film | None) -> Film:
    """The model's age is final only as long as it is the one that was accepted; ``before`` is the film as it was."""
    reading, estimate = film.case.reading, film.case.estimate
    if reading is None or reading.decided_by != DECIDED_BY_MODEL:
        return replace(film, accepted_months=None) if film.accepted_months is not None else film
    if estimate is not None and film.accepted_months is None:
        return replace(film, accepted_months=estimate.bone_age_months)
    if estimate is not None and film.accepted_months is not None:
        holds = abs(estimate.bone_age_months - film.accepted_months) < SAME_MONTHS
    else:  # as the worklist keeps it: the estimate is still to come
        holds = film.accepted_months is not None and (before is None or before.case.estimate is None)
    if holds:
        return film
    reading = replace(reading, decided_by=None, decided_at=None)
    return replace(film, case=replace(film.case, reading=reading), accepted_months=None)


def with_sight(film: Film, blind_first: bool) -> Film:
    """Whether the model's estimate may be seen, and that it was, once it may."""
    reading = film.case.reading or NO_READING
    is_blind = blind_first and not reading.model_shown
    if film.case.estimate is not None and not is_blind and not reading.model_shown:
        film = replace(film, case=replace(film.case, reading=reading.with_model_shown()))
    return film if film.is_blind == is_blind else replace(film, is_blind=is_blind)
