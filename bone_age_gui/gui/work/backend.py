"""The functions of the line that a session calls, handed in so that nothing in the window is global."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bone_age_gui.core.values.types import Case, Patient


class PredictorLike(Protocol):
    """What the window reads of a predictor; the real one is `bone_age_gui.core.model.predictor.Predictor`."""

    @property
    def device(self) -> str:
        """``cuda`` or ``cpu``: what it got."""

    @property
    def fallback_reason(self) -> str | None:
        """Why it is not the device that was hoped for."""

    @property
    def bundle(self) -> Any:
        """The model bundle: ``name``, ``version``, ``spec``, ``card``."""


@dataclass(frozen=True)
class Engine:
    """A loaded model and the growth reference."""

    predictor: PredictorLike
    reference: Any


@dataclass(frozen=True)
class Backend:
    """The pipeline's functions as the session needs them. All are pure calls and may run in any thread."""

    load_engine: Callable[[str | None, str], Engine]
    open_case: Callable[[Path], Case]
    prepare: Callable[[Case, Any], Case]
    estimate_case: Callable[[Case, Any, Any, float], Case]
    assess_again: Callable[[Case, Any, float], Case]
    with_patient: Callable[[Case, Patient], Case]


def _load_engine(model: str | None, device: str) -> Engine:
    from bone_age_gui import paths
    from bone_age_gui.core.growth import GrowthReference
    from bone_age_gui.core.model.bundle import find_bundle
    from bone_age_gui.core.model.predictor import Predictor

    bundle = find_bundle(model, paths.model_search_path())
    return Engine(Predictor(bundle, device), GrowthReference.load(paths.growth_file()))


def _open_case(path: Path) -> Case:
    from bone_age_gui.core import pipeline

    return pipeline.open_case(path)


def _prepare(case: Case, spec: Any) -> Case:
    from bone_age_gui.core import pipeline

    return pipeline.prepare(case, spec)


def _estimate_case(case: Case, predictor: Any, reference: Any, threshold_sd: float) -> Case:
    from bone_age_gui.core import pipeline

    return pipeline.estimate_case(case, predictor, reference, threshold_sd)


def _assess_again(case: Case, reference: Any, threshold_sd: float) -> Case:
    from bone_age_gui.core import pipeline

    return pipeline.assess_again(case, reference, threshold_sd)


def _with_patient(case: Case, patient: Patient) -> Case:
    from bone_age_gui.core import pipeline

    return pipeline.with_patient(case, patient)


def core_backend() -> Backend:
    """The real line. Modules are imported at the first call, so that the window paints before them."""
    return Backend(_load_engine, _open_case, _prepare, _estimate_case, _assess_again, _with_patient)


def load_onnxruntime() -> None:
    """Load ONNX Runtime. Must come before Qt: on Windows the other order mixes up their DLLs."""
    import bone_age_gui.core.model.predictor  # noqa: F401
