"""The line of ``estimate`` for many requests: one network session, films decoded in worker processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bone_age_gui import __version__, paths
from bone_age_gui.core import pipeline
from bone_age_gui.core.growth import DEFAULT_THRESHOLD_SD, GrowthReference
from bone_age_gui.core.height import REFERENCES
from bone_age_gui.core.model.bundle import find_bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.values.errors import bug_error
from bone_age_gui.core.values.record import CaseRecord, loggable, record_of
from bone_age_gui.core.values.types import Case
from bone_age_gui.core.workers.reading import FilmReader
from bone_age_gui.service.form import Wishes


@dataclass(frozen=True)
class FilmAnswer:
    """A case and its record, as ``estimate --json`` prints it: without patient and study."""

    case: Case
    record: CaseRecord


@dataclass(frozen=True)
class FlagRule:
    """The limit of the flag in SD, and whether a film is refused of which the sex is not known."""

    threshold_sd: float = DEFAULT_THRESHOLD_SD
    demands_sex: bool = False


FIRST_RULE = FlagRule()


class ServiceEngine:
    """Estimates films for as long as the service runs. Safe to call from several threads.

    Raises ``BoneAgeError``: ``model_not_found bad_card card_schema model_damaged model_unusable bad_signature
    cuda_unavailable``.
    """

    def __init__(
        self, model: str | None, device: str, workers: int, reference: GrowthReference, rule: FlagRule = FIRST_RULE
    ) -> None:
        self._rule = rule
        bundle = find_bundle(model, paths.model_search_path())
        self._references = {name: reference.with_heights(name) for name in REFERENCES}
        self._reader = FilmReader(workers)
        self._reader.start()  # it gets ready while the network is loaded
        try:
            self.predictor = Predictor(bundle, device)
        except BaseException:
            self.close()
            raise

    def estimate(self, path: Path, name: str, wishes: Wishes) -> FilmAnswer:
        """One film; a refusal stands in the case. ``name`` is what the answer calls the film."""
        try:
            case = pipeline.process(
                path,
                self.predictor,
                self._references[wishes.height_reference],
                given=wishes.patient,
                insisted=wishes.insisted,
                hand_side=wishes.hand_side,
                read=self._reader.read,
                threshold_sd=self._rule.threshold_sd,
                demands_sex=self._rule.demands_sex,
            )
        except Exception as error:  # a bug in one film's way must not cost the service
            case = Case(path=path, error=bug_error(error))
        record = record_of(case, program_version=__version__, created=datetime.now(UTC))
        return FilmAnswer(case, loggable(record, name, self.predictor.made_by))

    def close(self) -> None:
        """End the workers."""
        self._reader.close()
