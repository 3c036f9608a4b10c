"""What came out of a run, in words."""

from __future__ import annotations

from bone_age_gui.gui.work.batch.values import Outcome
from bone_age_gui.wording.window_messages import ended_words, stopped_words


def outcome_words(outcome: Outcome) -> str:
    """What came out, and what to do next."""
    if not outcome.is_complete:
        return stopped_words(outcome.done, outcome.films)
    return ended_words(
        estimated=outcome.done - outcome.refused,
        refused=outcome.refused,
        doubtful=outcome.doubtful,
        duration=outcome.duration,
        reports=len(outcome.reports),
        folder=str(outcome.out),
    )
