"""Loads the model in the background, and keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from bone_age_gui.core.height import FIRST_CHOICE
from bone_age_gui.core.values.comparison_choice import ComparisonChoice
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.gui.work.film_jobs import INFERENCE
from bone_age_gui.gui.work.jobs import Jobs


class EngineLoader(QObject):
    """The model in use.

    Attributes
    ----------
    changed : Signal
        A model is being loaded, arrived or failed.
    """

    changed = Signal()

    def __init__(self, jobs: Jobs, load: Callable[[str | None, str], Engine], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engine: Engine | None = None
        self.error: BoneAgeError | None = None
        self._choice = ComparisonChoice(FIRST_CHOICE)
        self._bare: Engine | None = None
        self._jobs = jobs
        self._load = load
        self._job = 0

    def load(self, model: str | None, device: str) -> None:
        """Load a model bundle; an answer for an older request is dropped."""
        self._jobs.cancel(self._job)
        self._bare = None
        self._show(None, None)
        work = partial(self._load, model, device)
        self._job = self._jobs.submit(work, self._take, partial(self._show, None), lane=INFERENCE)

    def choose(self, choice: ComparisonChoice) -> None:
        """Take another reference, other cut-offs or another demand; a file that cannot be used is the error."""
        if choice == self._choice:
            return
        self._choice = choice
        if self._bare is not None:
            self._take(self._bare)

    def _take(self, engine: Engine) -> None:
        self._bare = engine
        try:
            self._show(self._chosen(engine), None)
        except BoneAgeError as error:
            self._show(None, error)

    def _chosen(self, engine: Engine) -> Engine:
        choice = self._choice
        if choice == ComparisonChoice(FIRST_CHOICE):
            return engine
        reference = engine.reference.with_heights(choice.heights)
        if choice.own is not None:
            reference = reference.replaced_by(choice.own)
        reference = replace(reference, cut_offs=choice.cut_offs)
        return replace(engine, reference=reference, demands_sex=choice.demands_sex)

    def _show(self, engine: Engine | None, error: BoneAgeError | None) -> None:
        self.engine, self.error = engine, error
        self.changed.emit()
