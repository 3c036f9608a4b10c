"""The model in use: what is asked for last counts, and what it is compared with may change without loading it again."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

from pytestqt.qtbot import QtBot

from bone_age_gui import paths
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.height import FIRST_CHOICE
from bone_age_gui.core.values.comparison_choice import ComparisonChoice
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.gui.work.engine_loader import EngineLoader
from bone_age_gui.gui.work.jobs import Jobs
from windows import FakePredictor


def test_an_older_model_that_is_late_is_never_shown(qtbot: QtBot) -> None:
    gate, loaded, shown = Event(), list[str | None](), list[str | None]()

    def load(model: str | None, device: str) -> Engine:
        loaded.append(model)
        assert model != "slow" or gate.wait(10)
        predictor: Any = FakePredictor(name=str(model))
        return Engine(predictor, GrowthReference.load_all(paths.growth_dir()))

    jobs = Jobs()
    loader = EngineLoader(jobs, load)
    loader.changed.connect(lambda: shown.append(loader.engine.predictor.bundle.name if loader.engine else None))
    loader.load("slow", "cpu")
    qtbot.waitUntil(lambda: loaded == ["slow"])
    loader.load("waits", "cpu")
    loader.load("last", "cpu")
    gate.set()
    qtbot.waitUntil(lambda: loader.engine is not None)
    jobs.shutdown()
    assert shown == [None, None, None, "last"]
    assert loaded == ["slow", "last"], "one that nobody wants any more is not loaded at all"


def test_a_reference_that_cannot_be_used_is_the_error_until_another_is_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    loads = []

    def load(model: str | None, device: str) -> Engine:
        loads.append(model)
        predictor: Any = FakePredictor()
        return Engine(predictor, GrowthReference.load_all(paths.growth_dir()))

    jobs = Jobs()
    loader = EngineLoader(jobs, load)
    loader.load("fake", "cpu")
    qtbot.waitUntil(lambda: loader.engine is not None)
    own = tmp_path / "own.json"
    own.write_text("{", encoding="utf-8")
    loader.choose(ComparisonChoice(FIRST_CHOICE, own))
    assert loader.engine is None
    assert loader.error is not None
    assert loader.error.code == "growth_broken"
    loader.choose(ComparisonChoice(FIRST_CHOICE, demands_sex=True))
    assert loader.error is None
    assert loader.engine is not None
    assert loader.engine.demands_sex
    assert loads == ["fake"]
    jobs.shutdown()
