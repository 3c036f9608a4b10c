"""The window and a film that shows no whole hand: it stays in sight, and a person may insist or choose a hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

import trust_films
from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.work.film import FilmState
from windows import WAIT_MS, drive, wait_for_flag

pytestmark = pytest.mark.usefixtures("own_settings", "nothing_left_running")


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page of letters, two hands on one film, and a hand under the blocks of a strongly compressed picture."""
    return trust_films.save(
        tmp_path_factory.mktemp("trust"),
        letter=trust_films.letter(),
        two=trust_films.two_hands(),
        compressed=trust_films.compressed(),
    )


def wait_for_refusal(qtbot: QtBot, window: MainWindow) -> None:
    def refused() -> bool:
        film = window.session.current
        return film is not None and film.state is FilmState.REFUSED and window.session.is_idle

    qtbot.waitUntil(refused, timeout=2 * WAIT_MS)


def offered(window: MainWindow) -> dict[str, QPushButton]:
    """The buttons that the banner shows."""
    return {button.text(): button for button in window.viewer.banner.findChildren(QPushButton) if button.isVisible()}


@pytest.mark.parametrize(
    ("name", "reason", "doubt"),
    [("letter", "No hand on this film.", "no_hand"), ("compressed", "Too spoilt to be read.", "blocks")],
)
def test_a_refused_film_stays_in_sight_and_is_estimated_anyway(
    qtbot: QtBot, films: dict[str, Path], name: str, reason: str, doubt: str
) -> None:
    def script(window: MainWindow) -> None:
        wait_for_refusal(qtbot, window)
        film = window.session.current
        assert film is not None
        assert film.case.estimate is None
        assert window.viewer.view.has_picture
        assert film.case.stages
        assert window.viewer.banner.isVisible()
        assert window.viewer.banner.accessibleDescription().startswith(f"Refused: {reason}")
        assert list(offered(window)) == ["Estimate anyway"]
        assert "two hands" in window.actions_by_name["hand_left"].toolTip()
        qtbot.mouseClick(offered(window)["Estimate anyway"], Qt.MouseButton.LeftButton)
        film = wait_for_flag(qtbot, window)
        assert [notice.code for notice in film.case.doubts][:2] == ["insisted", doubt]
        assert window.result.accessibleDescription().startswith("Doubtful: ")
        assert not offered(window)
        assert not window.actions_by_name["insist"].isEnabled()
        row = window.films.view.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        assert "Doubtful: " in row
        assert "Refused, but insisted on" in row

    drive(qtbot, [str(films[name]), "--device", "cpu"], script)


def test_a_click_on_one_of_two_hands_chooses_it_and_a_menu_the_other(qtbot: QtBot, films: dict[str, Path]) -> None:
    def script(window: MainWindow) -> None:
        wait_for_refusal(qtbot, window)
        assert list(offered(window)) == ["Left hand", "Right hand"]
        film, view = window.session.current, window.viewer.view
        assert film is not None
        assert film.case.quality is not None
        assert film.case.quality.finding is not None
        rightmost = max(film.case.quality.finding.hands[:2], key=lambda hand: hand.wrist_at[0])
        corner = view.to_view(QPointF(1, 1))
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(corner.x()), round(corner.y())))
        assert list(offered(window)) == ["Left hand", "Right hand"], "no hand is near"
        place = view.to_view(QPointF(*rightmost.wrist_at))
        spot = QPoint(round(place.x()), round(place.y()))
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        film = wait_for_flag(qtbot, window)
        assert film.case.hand_side is HandSide.RIGHT
        right = film.case.quality.hand if film.case.quality is not None else None
        assert right is not None
        assert right.wrist_at == rightmost.wrist_at
        window.actions_by_name["hand_left"].trigger()
        qtbot.waitUntil(lambda: window.session.is_idle, timeout=WAIT_MS)
        film = wait_for_flag(qtbot, window)
        assert film.case.hand_side is HandSide.LEFT
        assert film.case.quality is not None
        assert film.case.quality.hand is not None
        assert film.case.quality.hand.wrist_at[0] < right.wrist_at[0]

    drive(qtbot, [str(films["two"]), "--device", "cpu"], script)


def test_the_joints_are_drawn_until_they_are_switched_off_for_good(qtbot: QtBot, films: dict[str, Path]) -> None:
    def script(window: MainWindow) -> None:
        wait_for_refusal(qtbot, window)
        with_joints = window.viewer.view.grab().toImage()
        window.actions_by_name["joints"].trigger()
        assert not window.settings.joints
        assert window.viewer.view.grab().toImage() != with_joints
        window.actions_by_name["joints"].trigger()
        assert window.viewer.view.grab().toImage() == with_joints
        window.actions_by_name["joints"].trigger()

    def look_again(window: MainWindow) -> None:
        assert not window.actions_by_name["joints"].isChecked()

    drive(qtbot, [str(films["two"]), "--device", "cpu"], script)
    drive(qtbot, ["--device", "cpu"], look_again)
