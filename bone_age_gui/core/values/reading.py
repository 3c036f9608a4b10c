"""What a person makes of a film beside the model, and the examinations before it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bone_age_gui.core.values.growth_end import GrowthEnd

DECIDED_BY_MODEL = "model"
DECIDED_BY_READER = "reader"
READER_FIRST, MODEL_FIRST = "reader_first", "model_first"
"""Whose age was there first: the reader's, given without knowing the model's, or the model's."""


@dataclass(frozen=True)
class Reading:
    """What a person made of the film beside the model.

    ``age_months`` is the bone age that the reader saw (the reader's age) and ``decided_by`` says whose age
    is final: ``"model"`` (accepted), ``"reader"`` (replaced) or ``None`` while nobody has decided. ``reader`` is the
    name of who decided, from the settings, and ``decided_at`` the ISO time of it in UTC. ``model_shown`` is True once
    the model's estimate was to be seen, and ``blind_months`` the reader's age as it was then: what was read without
    knowing the estimate.
    """

    age_months: float | None
    decided_by: str | None
    remark: str = ""
    reader: str = ""
    decided_at: str | None = None
    model_shown: bool = False
    blind_months: float | None = None

    @property
    def order(self) -> str | None:
        """Whose age was there first; ``None`` where there are not both, or nobody knows."""
        if self.age_months is None or not self.model_shown:
            return None
        return MODEL_FIRST if self.blind_months is None else READER_FIRST

    def with_model_shown(self) -> Reading:
        """The model's estimate is to be seen from now on."""
        return self if self.model_shown else replace(self, model_shown=True, blind_months=self.age_months)


NO_READING = Reading(None, None)


@dataclass(frozen=True)
class Examination:
    """The final bone age of a film of the same child, as the worklist, another open film or a report has it.

    Ages are in months, ``study_date`` is an ISO text; ``by`` is whose age is final (``model``, ``reader``, ``None`` if
    a report does not say so). ``image`` is a hash that tells two films apart, whatever holds them.
    """

    image: str
    bone_age_months: float
    study_date: str | None = None
    age_months: float | None = None
    by: str | None = None
    sd_score: float | None = None
    model_name: str | None = None
    model_version: str | None = None
    is_doubtful: bool = False
    end: GrowthEnd | None = None
    """Which limit it is, where it is no age: a mature hand is at least as old."""
