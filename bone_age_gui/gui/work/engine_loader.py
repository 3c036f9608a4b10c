"""Loads the model in the background, and keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from bone_age_gui.core.height import FIRST_CHOICE
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
        self._heights = FIRST_CHOICE
        self._jobs = jobs
        self._load = load
        self._job = 0

    def load(self, model: str | None, device: str) -> None:
        """Load a model bundle; an answer for an older request is dropped."""
        self._jobs.cancel(self._job)
        self._show(None, None)
        work = partial(self._load, model, device)
        self._job = self._jobs.submit(work, self._take, partial(self._show, None), lane=INFERENCE)

    def choose_heights(self, name: str) -> None:
        """Take another reference of the height's SD score, a key of ``height.REFERENCES``."""
        if name == self._heights:
            return
        self._heights = name
        if self.engine is not None:
            self.engine = self._chosen(self.engine)

    def _take(self, engine: Engine) -> None:
        self._show(self._chosen(engine) if self._heights != FIRST_CHOICE else engine, None)

    def _chosen(self, engine: Engine) -> Engine:
        return replace(engine, reference=engine.reference.with_heights(self._heights))

    def _show(self, engine: Engine | None, error: BoneAgeError | None) -> None:
        self.engine, self.error = engine, error
        self.changed.emit()
