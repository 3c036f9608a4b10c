"""What is compared, chosen in the settings: a file of one's own, cut-offs, and the demand for the sex."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from bone_age_gui import paths
from bone_age_gui.core.growth import BRUSH, GrowthReference
from bone_age_gui.core.height import FIRST_CHOICE
from bone_age_gui.core.values.comparison_choice import ComparisonChoice
from bone_age_gui.core.values.cut_offs import CutOffs
from bone_age_gui.core.values.types import Sex
from bone_age_gui.gui.dialogs.settings import SettingsDialog
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.settings import Settings
from bone_age_gui.gui.work.session import Session
from bone_age_gui.wording.patient_form import SEXES
from windows import FakeLine

Make = Callable[..., MainWindow]
SEXES_SHOWN = list(SEXES)
UNKNOWN, FEMALE = SEXES_SHOWN.index(None), SEXES_SHOWN.index(Sex.FEMALE)


@pytest.fixture(autouse=True)
def _real_reference(line: FakeLine) -> None:
    line.reference = GrowthReference.load_all(paths.growth_dir())


@pytest.fixture
def own(tmp_path: Path) -> Path:
    data = json.loads((paths.growth_dir() / BRUSH).read_text(encoding="utf-8"))
    path = tmp_path / "own.json"
    path.write_text(json.dumps(data | {"name": "Our own clinic"}), encoding="utf-8")
    return path


def test_a_file_that_cannot_be_used_is_said_in_the_dialog_and_not_stored(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings()
    dialog = SettingsDialog(settings, ["densenet121"])
    qtbot.addWidget(dialog)
    dialog.show()
    broken = tmp_path / "broken.json"
    broken.write_text("{}", encoding="utf-8")
    dialog.comparison.reference.setText(str(broken))
    dialog.accept()
    assert dialog.isVisible()
    assert "exactly the fields" in dialog.comparison.problem.text()
    assert settings.own_reference is None
    dialog.comparison.reference.setText("")
    dialog.accept()
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_what_is_chosen_holds_at_once(qtbot: QtBot, make: Make, monkeypatch: pytest.MonkeyPatch, own: Path) -> None:
    window = make("a.png")
    qtbot.waitUntil(lambda: window.session.engine is not None, timeout=30_000)

    def choose(dialog: SettingsDialog) -> int:
        dialog.comparison.reference.setText(str(own))
        dialog.comparison.below.setValue(10)
        dialog.comparison.above.setValue(90)
        dialog.comparison.demand_sex.setChecked(True)
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(SettingsDialog, "exec", choose)
    window.actions_by_name["settings"].trigger()
    engine = window.session.engine
    assert engine is not None
    assert engine.reference.name == "Our own clinic"
    assert engine.reference.cut_offs == CutOffs(0.1, 0.9)
    assert engine.reference.heights is not None
    assert Settings().comparison.own == own


def test_the_sex_can_be_demanded(qtbot: QtBot, make: Make) -> None:
    settings = Settings()
    settings.demand_sex = True
    settings.save()
    window = make("a.png")
    qtbot.waitUntil(lambda: window.session.engine is not None and window.session.is_idle, timeout=30_000)
    window.form.sexes.button(UNKNOWN).click()
    assert not window.actions_by_name["estimate"].isEnabled()
    assert "demand the sex" in str(window.session.estimates.why_not(window.session.current))
    window.form.sexes.button(FEMALE).click()
    assert window.session.estimates.why_not(window.session.current) is None
    assert window.actions_by_name["estimate"].isEnabled()


def test_a_file_that_was_deleted_is_said_and_never_passed_over(qtbot: QtBot, session: Session, own: Path) -> None:
    own.unlink()
    session.load_engine(None, "auto")
    qtbot.waitUntil(lambda: session.engine is not None, timeout=30_000)
    session.assessments.set_comparison(ComparisonChoice(FIRST_CHOICE, own))
    assert session.engine is None
    assert session.engine_error is not None
    assert session.engine_error.code == "growth_missing"
    session.assessments.set_comparison(ComparisonChoice(FIRST_CHOICE))
    assert session.engine is not None
    assert session.engine.reference.name == "Brush Foundation"
