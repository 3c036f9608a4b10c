"""Adult height in the real window: typed, predicted, following the reader's age and the settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.adult_height import AdultHeight
from bone_age_gui.gui.main_window import MainWindow
from windows import drive, wait_for_flag

pytestmark = pytest.mark.usefixtures("own_settings", "nothing_left_running")


@pytest.fixture
def girls_window(qtbot: QtBot, tiny_bundle: Path, girl: Path) -> Callable[[Callable[[MainWindow], None]], int]:
    """Drive the window with the estimated film of a girl."""

    def run(script: Callable[[MainWindow], None]) -> int:
        def when_estimated(window: MainWindow) -> None:
            wait_for_flag(qtbot, window)
            script(window)

        return drive(qtbot, [str(girl), "--estimate", "--model", str(tiny_bundle), "--device", "cpu"], when_estimated)

    return run


def heights_of(window: MainWindow) -> AdultHeight:
    film = window.session.current
    assert film is not None
    assert film.case.adult_height is not None
    return film.case.adult_height


def type_into(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.clear()
    qtbot.keyClicks(field, text)


def test_a_typed_height_is_predicted_from_and_the_reader_changes_it(
    qtbot: QtBot, girls_window: Callable[[Callable[[MainWindow], None]], int]
) -> None:
    def script(window: MainWindow) -> None:
        assert window.session.current is not None
        assert window.session.current.case.adult_height is None
        type_into(qtbot, window.form.heights["height_cm"], "4'7\"")
        first = heights_of(window)
        assert first.height_cm == pytest.approx(139.7)
        assert first.predicted_cm is not None
        shown = window.result.accessibleDescription()
        assert f"{first.predicted_cm:.1f} cm predicted by Bayley and Pinneau" in shown
        said = [label.text() for label in window.result.findChildren(QLabel) if not label.isHidden()]
        assert f"{first.predicted_cm:.1f} cm predicted" in said
        assert any("bone dysplasia" in text for text in said)
        type_into(qtbot, window.reading.age, "12 y 6 m")
        assert heights_of(window).predicted_cm == first.predicted_cm
        reader = next(each for each in window.reading.choices.buttons() if each.text() == "Reader")
        qtbot.mouseClick(reader, Qt.MouseButton.LeftButton)
        own = heights_of(window)
        assert own.percent == pytest.approx(93.2, abs=2)
        assert own.predicted_cm == pytest.approx(139.7 / (own.percent or 1) * 100)
        type_into(qtbot, window.form.heights["mother_cm"], "165")
        type_into(qtbot, window.form.heights["father_cm"], "180")
        assert heights_of(window).target_cm == 166.0
        assert "Target height: 166.0 cm" in window.result.accessibleDescription()

    assert girls_window(script) == 0


def test_what_is_no_height_is_said_and_nothing_is_predicted(
    qtbot: QtBot, girls_window: Callable[[Callable[[MainWindow], None]], int]
) -> None:
    def script(window: MainWindow) -> None:
        type_into(qtbot, window.form.heights["height_cm"], "1.40")
        assert "is not a height from 30 to 250 cm" in window.form.message.text()
        assert window.session.current is not None
        assert window.session.current.case.adult_height is None
        type_into(qtbot, window.form.heights["height_cm"], "140")
        assert window.form.message.text() == ""
        assert heights_of(window).height_cm == 140

    assert girls_window(script) == 0


def test_the_settings_choose_the_reference_of_the_height(
    qtbot: QtBot, girls_window: Callable[[Callable[[MainWindow], None]], int]
) -> None:
    def script(window: MainWindow) -> None:
        type_into(qtbot, window.form.heights["height_cm"], "150")
        assert heights_of(window).height_reference == "CDC 2000"
        window.settings.height_reference = "who2007"
        window.window_actions.take_settings()
        assert heights_of(window).height_reference == "WHO 2007"

    assert girls_window(script) == 0
