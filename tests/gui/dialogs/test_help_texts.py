"""About the model and Keys and mouse: what a radiologist reads there."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTextBrowser
from pytestqt.qtbot import QtBot

from bone_age_gui import paths
from bone_age_gui.core.model.bundle import find_bundle
from bone_age_gui.core.model.card import Card
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.work.engine import Engine

Make = Callable[..., MainWindow]


def last_page(dialogs: Any) -> str:
    return str(dialogs.shown[-1].findChild(QTextBrowser).toPlainText())


@pytest.fixture(scope="module")
def card() -> Card:
    """The card of the shipped model."""
    return find_bundle(None, paths.model_search_path()).card


def test_about_the_model_speaks_words_not_field_names(
    make: Make, dialogs: Any, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make("a.png")
    predictor = SimpleNamespace(bundle=SimpleNamespace(card=card), device="cpu", fallback_reason=None)
    engine = Engine(predictor, SimpleNamespace(name="Brush Foundation"))  # type: ignore[arg-type]
    monkeypatch.setattr(type(window.session), "engine", engine)
    window.actions_by_name["model_info"].trigger()
    page = last_page(dialogs)
    scores = next(iter(card.metrics.values()))
    assert f"{scores.mae_months:.1f} months away from the reader's bone age" in page
    assert f"{scores.within_12:.0f} within 12" in page
    assert "Girls" in page
    assert "7 to 10 years" in page or "3 to 7 years" in page
    assert all(limit in page for limit in card.limitations)
    for field in ("_", "mae", "rmse", "ci95", "None"):
        assert field not in page, field


def test_f1_lists_every_key_the_stages_and_the_mouse(make: Make, dialogs: Any, qtbot: QtBot) -> None:
    window = make("a.png")
    qtbot.keyClick(window.viewer.view, Qt.Key.Key_F1)
    page = last_page(dialogs)
    assert "1 Gamma" in page
    for name, action in window.actions_by_name.items():
        for keys in action.shortcuts():
            assert keys.toString() in page, (name, keys.toString())
    for mouse in ("Right drag", "Right click", "Middle drag", "Wheel", "Double click on W and L", "Escape"):
        assert mouse in page
    assert "What may differ from the viewer next to this one" in page
