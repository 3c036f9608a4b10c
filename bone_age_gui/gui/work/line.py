"""The line as a session walks it, handed in so that nothing in the window is global.

The modules of the line are imported in the worker pool, at the first call: they take half a second, and the window
paints before that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bone_age_gui.core.values.types import Case, Patient
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.gui.work.reading import CaseReader, WorkerReader

if TYPE_CHECKING:
    from bone_age_gui.core.growth import GrowthReference
    from bone_age_gui.core.model.predictor import Predictor


class Line(Protocol):
    """What a session calls of `bone_age_gui.core.pipeline`, which says what each does; all are pure calls."""

    def prepare(self, case: Case, model: Predictor, /) -> Case:
        """Look for the hand and run the stages."""

    def estimate_case(
        self, case: Case, predictor: Predictor, reference: GrowthReference, threshold_sd: float, /
    ) -> Case:
        """Estimate the bone age and assess it."""

    def assess_again(self, case: Case, reference: GrowthReference, threshold_sd: float, /) -> Case:
        """Assess anew, without an inference."""

    def with_patient(self, case: Case, patient: Patient, /) -> Case:
        """Another patient; what no longer holds goes."""


@dataclass(frozen=True)
class Backend:
    """The line, the way to a film and to a model; ``load_engine`` takes its name or folder, and a device's token."""

    line: Callable[[], Line]
    load_engine: Callable[[str | None, str], Engine]
    reader: CaseReader


def core_line() -> Line:
    """The module ``core.pipeline``, loaded at the first call."""
    from bone_age_gui.core import pipeline

    return pipeline


def load_engine(model: str | None, device: str) -> Engine:
    """Load a bundle (``None`` for the default one) and the growth reference.

    Raises
    ------
    BoneAgeError
        ``model_not_found bad_card card_schema model_damaged model_unusable bad_signature`` for the bundle,
        ``cuda_unavailable`` for the device, ``growth_missing growth_broken`` for the growth reference.
    """
    from bone_age_gui import paths
    from bone_age_gui.core.growth import GrowthReference
    from bone_age_gui.core.model.bundle import find_bundle
    from bone_age_gui.core.model.predictor import Predictor

    bundle = find_bundle(model, paths.model_search_path())
    return Engine(Predictor(bundle, device), GrowthReference.load_all(paths.growth_dir()))


def core_backend() -> Backend:
    """The real line and the real models, with worker processes for the films."""
    return Backend(core_line, load_engine, WorkerReader())


def load_onnxruntime() -> None:
    """Load ONNX Runtime. Must come before Qt: on Windows the other order mixes up their DLLs."""
    import bone_age_gui.core.model.predictor  # noqa: F401
