"""The list of films: which are listed, in which order, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.types import Assessment, Flag, Patient
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.panels.films import panel as films_panel
from bone_age_gui.gui.panels.films.filter import Group, Order
from bone_age_gui.gui.work.film import Film
from windows import FakeLine, wait_for_model

Make = Callable[..., MainWindow]


def listed(window: MainWindow) -> list[str]:
    model = window.films.filter
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def choose(window: MainWindow, group: Group | None = None, order: Order | None = None) -> None:
    if group is not None:
        window.films.group.setCurrentIndex(list(Group).index(group))
    if order is not None:
        window.films.order.setCurrentIndex(list(Order).index(order))


def totals(window: MainWindow) -> list[str]:
    return [window.films.group.itemText(place) for place in range(window.films.group.count())]


@pytest.fixture
def window(make: Make, line: FakeLine) -> MainWindow:
    """Four films: one estimated as normal, one advanced, one refused, one still to be read by a person."""
    line.gate.set()
    made = make("c.png", "a.png", "broken.png", "B.png")
    session = made.session
    patients = {
        1: Patient(name="Zoe", study_date=date(2024, 1, 2)),
        2: Patient(name="Adam", study_date=date(2025, 1, 2)),
    }
    for number, patient in patients.items():
        session.assessments.edit_patient(number, patient)
    for number in (1, 2):
        session.estimates.estimate(number)
    return made


def settle(qtbot: QtBot, window: MainWindow) -> None:
    wait_for_model(qtbot, window)


def set_flag(window: MainWindow, number: int, flag: Flag, *, borderline: bool = False) -> Film:
    film = window.session.film(number)
    assert film is not None
    assessment = Assessment(flag, Fact("no_age"), 2.0, borderline=borderline)
    film = replace(film, case=replace(film.case, assessment=assessment))
    window.session.put(film)
    return film


def test_groups_and_totals(qtbot: QtBot, window: MainWindow) -> None:
    settle(qtbot, window)
    set_flag(window, 2, Flag.ADVANCED)
    window.session.mark_reported([1])
    assert totals(window) == ["All (4)", "To read (2)", "Doubtful (1)", "Refused (1)", "Reported (1)"]
    choose(window, Group.DOUBTFUL)
    assert listed(window) == ["a.png"]
    assert window.session.current is window.session.film(1), "nobody has chosen another film"
    choose(window, Group.REFUSED)
    assert listed(window) == ["broken.png"]
    choose(window, Group.REPORTED)
    assert listed(window) == ["c.png"]
    choose(window, Group.TO_READ)
    assert listed(window) == ["a.png", "B.png"]
    shown = window.session.current
    assert shown is not None
    assert shown.name == "c.png"
    set_flag(window, 1, Flag.NORMAL, borderline=True)
    assert "Doubtful (2)" in totals(window), "normal, but nearly not"
    window.films.step(1)
    assert window.session.current is window.session.film(2), "the first of the list, where the shown film is not in it"


def test_orders(qtbot: QtBot, window: MainWindow) -> None:
    settle(qtbot, window)
    assert listed(window) == ["c.png", "a.png", "broken.png", "B.png"]
    choose(window, order=Order.NAME)
    assert listed(window) == ["a.png", "B.png", "broken.png", "c.png"]
    choose(window, order=Order.DATE)
    assert listed(window)[:2] == ["c.png", "a.png"]
    choose(window, order=Order.PATIENT)
    assert listed(window)[:2] == ["a.png", "c.png"]
    choose(window, order=Order.OPENED)
    assert listed(window) == ["c.png", "a.png", "broken.png", "B.png"]


def test_the_keys_follow_the_list_as_it_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    settle(qtbot, window)
    choose(window, order=Order.NAME)
    names = []
    window.session.select(2)
    for _ in range(4):
        assert window.session.current is not None
        names.append(window.session.current.name)
        qtbot.keyClick(window.viewer.view, Qt.Key.Key_PageDown)
    assert names == ["a.png", "B.png", "broken.png", "c.png"]
    assert window.films.view.currentIndex().data() == "c.png"


def test_a_film_that_leaves_the_listed_group_stays_on_the_screen(qtbot: QtBot, window: MainWindow) -> None:
    settle(qtbot, window)
    choose(window, Group.TO_READ)
    window.session.select(1)
    window.session.mark_reported([1])
    assert "c.png" not in listed(window)
    assert window.session.current is not None
    assert window.session.current.name == "c.png"


def test_a_long_list_is_drawn_anew_now_and_then_and_ends_up_right(
    qtbot: QtBot, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(films_panel, "FEW", 5)
    for number in range(50):
        (tmp_path / f"{number:02}.png").write_bytes(b"")
    window = make()
    window.session.open([tmp_path])
    qtbot.waitUntil(lambda: len(window.session.films) == 50)
    assert window.films.model.rowCount() == 50
    qtbot.waitUntil(lambda: totals(window)[1] == "To read (50)" and window.session.is_idle, timeout=20_000)
    qtbot.waitUntil(
        lambda: all(
            "ready" in str(film)
            for film in (window.films.model.index(row).data(Qt.ItemDataRole.ToolTipRole) for row in range(50))
        ),
        timeout=20_000,
    )
