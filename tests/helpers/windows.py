"""Driving the real program: ``main()`` runs, and a script looks at its window and uses it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any
from unittest.mock import patch

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.types import Assessment, Case, Estimate, Flag, Patient, Radiograph, Stage
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.gui.work.film import Film, FilmState
from bone_age_gui.gui.work.line import Backend

WAIT_MS = 90_000


def drive(qtbot: QtBot, arguments: list[str], script: Callable[[MainWindow], None]) -> int:
    """Run ``bone-age-gui`` with arguments; ``script`` gets its window, which is closed afterwards."""
    from bone_age_gui.__main__ import window as main

    caught: list[BaseException] = []
    seen: list[MainWindow] = []

    def begin() -> None:
        windows = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)]
        visible = [window for window in windows if window.isVisible()]
        if not visible:
            QTimer.singleShot(10, begin)
            return
        seen.append(visible[0])
        try:
            script(visible[0])
        except BaseException as error:
            caught.append(error)
        finally:
            close_at_once(visible[0])

    QTimer.singleShot(0, begin)
    code = main(arguments)
    if caught:
        raise caught[0]
    assert seen
    return code


def close_at_once(window: MainWindow) -> None:
    """Close a window; it is not asked whether a reading was reported."""
    with patch.object(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Yes):
        window.close()


def wait_for_model(qtbot: QtBot, window: MainWindow) -> None:
    """Until the model is loaded and every film read, with its stages."""
    qtbot.waitUntil(lambda: window.session.engine is not None and window.session.is_idle, timeout=WAIT_MS)


def wait_for_flag(qtbot: QtBot, window: MainWindow) -> Film:
    """Until the shown film is estimated."""
    qtbot.waitUntil(
        lambda: window.session.current is not None and window.session.current.state is FilmState.ESTIMATED,
        timeout=WAIT_MS,
    )
    film = window.session.current
    assert film is not None
    return film


@dataclass
class FakePredictor:
    """Stands for a loaded model where the order of events is what is tested."""

    device: str = "cpu"
    fallback_reason: str | None = None

    @property
    def bundle(self) -> Any:
        return self

    name: str = "fake"
    version: str = "1"
    spec: str = "spec"


@dataclass
class FakeLine:
    """A line whose estimates wait until they are let go, one by one or all."""

    gate: Event = field(default_factory=Event)
    started: list[str] = field(default_factory=list)
    fail_with: Exception | None = None
    model_error: BoneAgeError | None = None
    reference: Any = None

    def backend(self) -> Backend:
        return Backend(lambda: self, self.load_engine, self)

    def load_engine(self, model: str | None, device: str) -> Engine:
        if self.model_error is not None:
            raise self.model_error
        return Engine(FakePredictor(), self.reference)

    def start(self) -> None:
        """Its films need no process."""

    def close(self) -> None:
        """Nothing to end."""

    def open_case(self, path: Path) -> Case:
        if "broken" in path.name:
            raise BoneAgeError("not_an_image")
        return Case(path=path, radiograph=Radiograph(np.full((120, 100), 30_000, np.uint16)))

    def prepare(self, case: Case, spec: Any) -> Case:
        return with_stages(case)

    def estimate_case(self, case: Case, predictor: Any, reference: Any, threshold_sd: float) -> Case:
        self.started.append(case.path.name if case.path is not None else "")
        assert self.gate.wait(30)
        if self.fail_with is not None:
            raise self.fail_with
        return self.assess_again(with_estimate(case), reference, threshold_sd)

    def assess_again(self, case: Case, reference: Any, threshold_sd: float) -> Case:
        return replace(case, assessment=Assessment(Flag.NORMAL, Fact("no_age"), threshold_sd))

    def with_patient(self, case: Case, patient: Patient) -> Case:
        from bone_age_gui.core.pipeline import with_patient

        return with_patient(case, patient)


def with_stages(case: Case) -> Case:
    """The case with two stages."""
    grey = np.full((64, 64), 90, np.uint8)
    stages = (
        Stage("gamma", grey, {"gamma": 2.5}),
        Stage("network", grey[:32, :32], {"width": 32, "height": 32}),
    )
    return replace(case, stages=stages)


def make_estimate(**changes: Any) -> Estimate:
    """An estimate of 136 months with an interval, changed as wanted."""
    values: dict[str, Any] = {
        "bone_age_months": 136.0,
        "spread_months": 5.5,
        "interval_months": (127.0, 145.0),
        "interval_level": 0.9,
        "sex": None,
        "device": "cpu",
        "model_name": "densenet121",
        "model_version": "1.0",
        "model_sha256": "0" * 64,
        "seconds": 0.1,
    }
    return Estimate(**(values | changes))


def with_estimate(case: Case) -> Case:
    """The case with stages and an estimate for its sex."""
    return replace(with_stages(case), estimate=make_estimate(sex=case.patient.sex))
