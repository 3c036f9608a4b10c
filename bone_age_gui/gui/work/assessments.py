"""The open films compared with the ages of their patients: anew when patient, reading, reference or limit change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bone_age_gui.core.values.comparison_choice import ComparisonChoice
from bone_age_gui.core.values.final import is_readers
from bone_age_gui.core.values.types import Case, Patient
from bone_age_gui.gui.work.engine_loader import EngineLoader
from bone_age_gui.gui.work.film import Film
from bone_age_gui.gui.work.film_loader import FilmLoader
from bone_age_gui.gui.work.film_table import FilmTable
from bone_age_gui.gui.work.line import Line


class Assessments:
    """Compares the films of ``table`` by the reference of ``model`` and a limit in SD."""

    def __init__(
        self,
        table: FilmTable,
        loader: FilmLoader,
        model: EngineLoader,
        line: Callable[[], Line],
        threshold_sd: float,
    ) -> None:
        self._table = table
        self._loader = loader
        self._model = model
        self._line = line
        self._threshold_sd = threshold_sd

    @property
    def threshold_sd(self) -> float:
        """How many SD count as advanced or delayed."""
        return self._threshold_sd

    def set_threshold(self, threshold_sd: float) -> None:
        """Another limit in SD: every assessment is made anew."""
        self._threshold_sd = threshold_sd
        self._assess_all()

    def set_comparison(self, choice: ComparisonChoice) -> None:
        """Another reference or other cut-offs: every assessment is made anew."""
        self._model.choose(choice)
        self._assess_all()

    def edit_patient(self, number: int, patient: Patient) -> None:
        """Take edited patient data; dates are assessed anew at once, another sex takes the estimate away."""
        film = self._table.film(number)
        if film is not None and film.case.radiograph is not None:
            self._put(replace(film, form_problem=None), film.case, patient)

    def take_estimate(self, film: Film, estimated: Case) -> None:
        """Keep an estimate under what was entered for its film meanwhile."""
        estimated = replace(estimated, reading=film.case.reading, earlier=film.case.earlier)  # newer ones
        changed = estimated.assessment is not None and estimated.assessment.threshold_sd != self._threshold_sd
        if changed or estimated.adult_height is not None or is_readers(estimated):
            estimated = self._assessed(estimated)
        self._put(film, estimated, film.case.patient)

    def assess(self, film: Film) -> None:
        """Compare the estimate of a film with the chronological age anew."""
        self._table.put(replace(film, case=self._assessed(film.case)))

    def _put(self, film: Film, case: Case, patient: Patient) -> None:
        """Keep a case under a patient that may be another one than it was made with."""
        had_estimate = case.estimate is not None
        if case.patient != patient:
            case = self._assessed(self._line().with_patient(case, patient))
        lost = had_estimate and case.estimate is None
        film = replace(film, case=case, sex_changed=lost or (film.sex_changed and case.estimate is None))
        film = self._loader.keep(film)
        self._table.put(film if film.job else replace(film, state=film.rest_state))

    def _assess_all(self) -> None:
        for film in self._table.films:
            self.assess(film)

    def _assessed(self, case: Case) -> Case:
        engine = self._model.engine
        if case.estimate is None or engine is None:
            return case
        return self._line().assess_again(case, engine.reference, self._threshold_sd)
