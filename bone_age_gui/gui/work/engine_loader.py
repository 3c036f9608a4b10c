"""Loads the model in the background, and keeps it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

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
        self._jobs = jobs
        self._load = load
        self._job = 0

    def load(self, model: str | None, device: str) -> None:
        """Load a model bundle; an answer for an older request is dropped."""
        self._jobs.cancel(self._job)
        self._show(None, None)
        work = partial(self._load, model, device)
        self._job = self._jobs.submit(work, self._take, partial(self._show, None), lane=INFERENCE)

    def _take(self, engine: Engine) -> None:
        self._show(engine, None)

    def _show(self, engine: Engine | None, error: BoneAgeError | None) -> None:
        self.engine, self.error = engine, error
        self.changed.emit()
