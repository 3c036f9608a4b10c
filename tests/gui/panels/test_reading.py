"""The reader's age in the window: typed, accepted, replaced, undone, and kept with its film."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.reading import Reading
from bone_age_gui.core.values.types import Patient, Sex
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.wording.reading import WRONG_AGE
from bone_age_gui.wording.window import clipboard_text
from windows import FakeLine, wait_for_flag

Make = Callable[..., MainWindow]


def choice(window: MainWindow, index: int) -> QAbstractButton:
    return window.reading.choices.button(index)


def reading(window: MainWindow) -> Reading | None:
    """What was typed and chosen; who and when are looked at elsewhere."""
    assert window.session.current is not None
    whole = window.session.current.case.reading
    return Reading(whole.age_months, whole.decided_by, whole.remark) if whole is not None else None


def estimated(qtbot: QtBot, make: Make, line: FakeLine, *names: str) -> MainWindow:
    window = make(*names)
    line.gate.set()
    window.actions_by_name["estimate"].trigger()
    wait_for_flag(qtbot, window)
    return window


def test_without_a_film_nothing_can_be_typed(make: Make) -> None:
    assert not make().reading.isEnabled()


def test_a_reader_may_read_before_the_model(make: Make, qtbot: QtBot) -> None:
    window = make("a.png")
    qtbot.keyClicks(window.reading.age, "11y6m")
    assert reading(window) == Reading(138.0, None)
    assert not choice(window, 1).isEnabled()
    assert "no estimate" in choice(window, 1).toolTip()
    qtbot.mouseClick(choice(window, 2), Qt.MouseButton.LeftButton)
    assert reading(window) == Reading(138.0, "reader")


def test_accept_replace_and_undo(qtbot: QtBot, make: Make, line: FakeLine) -> None:
    window = estimated(qtbot, make, line, "a.png")
    assert not choice(window, 2).isEnabled()
    qtbot.mouseClick(choice(window, 1), Qt.MouseButton.LeftButton)
    assert reading(window) == Reading(None, "model")
    qtbot.keyClicks(window.reading.age, "138 m")
    qtbot.mouseClick(choice(window, 2), Qt.MouseButton.LeftButton)
    qtbot.keyClicks(window.reading.remark, "Carpals ahead.")
    assert reading(window) == Reading(138.0, "reader", "Carpals ahead.")
    assert window.session.current is not None
    text = clipboard_text(window.session.current.case)
    assert "Bone age: 11 y 6 m (138 months), sex unknown, by the reader" in text
    assert "The model's age: 11 y 4 m (136 months)" in text
    assert "Remark: Carpals ahead." in text
    qtbot.mouseClick(choice(window, 0), Qt.MouseButton.LeftButton)
    assert reading(window) == Reading(138.0, None, "Carpals ahead.")


def test_an_age_that_is_taken_away_is_no_longer_the_final_one(qtbot: QtBot, make: Make, line: FakeLine) -> None:
    window = estimated(qtbot, make, line, "a.png")
    qtbot.keyClicks(window.reading.age, "138 m")
    qtbot.mouseClick(choice(window, 2), Qt.MouseButton.LeftButton)
    window.reading.age.clear()
    assert reading(window) == Reading(None, None)
    assert choice(window, 0).isChecked()


@pytest.mark.parametrize("typed", ["x", "11 z", "30 y", "-3"])
def test_what_is_no_bone_age_is_told_and_not_kept(make: Make, qtbot: QtBot, typed: str) -> None:
    window = make("a.png")
    qtbot.keyClicks(window.reading.age, typed)
    assert window.reading.message.text() == WRONG_AGE
    kept = reading(window)
    assert kept is None or kept.age_months is None
    window.reading.age.clear()
    assert window.reading.message.text() == ""


def test_every_film_keeps_its_own_reading(qtbot: QtBot, make: Make) -> None:
    window = make("a.png", "b.png")
    first = window.session.current
    assert first is not None
    qtbot.keyClicks(window.reading.age, "11 y 6 m")
    window.session.step(1)
    assert window.reading.age.text() == ""
    window.session.step(-1)
    assert window.reading.age.text() == "11 y 6 m"


def test_an_acceptance_ends_with_the_estimate_that_was_accepted(qtbot: QtBot, make: Make, line: FakeLine) -> None:
    window = estimated(qtbot, make, line, "a.png")
    qtbot.mouseClick(choice(window, 1), Qt.MouseButton.LeftButton)
    assert window.session.current is not None
    window.session.assessments.edit_patient(window.session.current.number, Patient(sex=Sex.MALE))
    assert window.session.current.case.estimate is None
    assert reading(window) == Reading(None, None)


def test_everything_has_a_name(make: Make) -> None:
    window = make("a.png")
    named = [window.reading.age, window.reading.remark, *window.reading.choices.buttons()]
    assert all(widget.accessibleName() for widget in named)
