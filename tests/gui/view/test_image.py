"""Zoom, pan, rotation, flip and display window, seen in the pixels of the widget."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.types import PixelSpacing
from bone_age_gui.gui.choices import WheelAction
from bone_age_gui.gui.view.canvas import Place
from bone_age_gui.gui.view.film import FilmView, Tool
from bone_age_gui.gui.view.greys import Preset
from bone_age_gui.gui.view.overlay import Overlay, spacing_of
from bone_age_gui.wording.film_marks import orientation_words

SIDE = 200
CORNERS = {"top left": (20, 20), "top right": (180, 20), "bottom left": (20, 180), "bottom right": (180, 180)}


def film() -> np.ndarray:
    """Four grey quarters: 0, 1/3, 2/3 and 1 from top left in reading order."""
    pixels = np.zeros((400, 400), np.uint16)
    pixels[:200, 200:] = 21845
    pixels[200:, :200] = 43690
    pixels[200:, 200:] = 65535
    return pixels


@pytest.fixture
def view(qtbot: QtBot) -> FilmView:
    made = FilmView()
    qtbot.addWidget(made)
    made.setStyleSheet("border: none")
    made.resize(SIDE, SIDE)
    made.show()
    made.show_picture(film(), Overlay())
    return made


def quarters(view: FilmView) -> list[int]:
    """Grey of the four quarters in reading order, as thirds of white."""
    image = view.viewport().grab().toImage()
    return [round(image.pixelColor(40 + 120 * (n % 2), 40 + 100 * (n // 2)).red() / 85) for n in range(4)]


def wheel(view: FilmView, steps: int, at: QPointF, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    event = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, 120 * steps), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def drag(qtbot: QtBot, view: FilmView, button: Qt.MouseButton, by: QPoint) -> None:
    start = QPoint(100, 100)
    qtbot.mousePress(view.viewport(), button, pos=start)
    qtbot.mouseMove(view.viewport(), start + by / 2)
    qtbot.mouseMove(view.viewport(), start + by)
    qtbot.mouseRelease(view.viewport(), button, pos=start + by)


def test_the_film_is_shown_whole(view: FilmView) -> None:
    assert quarters(view) == [0, 1, 2, 3]
    assert view.scale_on_screen == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("turns", "seen"), [(1, [2, 0, 3, 1]), (-1, [1, 3, 0, 2]), (2, [3, 2, 1, 0]), (4, [0, 1, 2, 3])]
)
def test_turning(view: FilmView, turns: int, seen: list[int]) -> None:
    view.turn(turns)
    assert quarters(view) == seen


def test_mirroring_is_of_what_is_seen(view: FilmView) -> None:
    view.flip()
    assert quarters(view) == [1, 0, 3, 2]
    view.turn(1)
    assert quarters(view) == [3, 1, 2, 0]
    view.flip()
    assert quarters(view) == [1, 3, 0, 2]
    view.reset_orientation()
    assert quarters(view) == [0, 1, 2, 3]


def test_inverting_is_for_the_eye_only(view: FilmView) -> None:
    view.invert()
    assert quarters(view) == [3, 2, 1, 0]
    view.reset_windowing()
    assert quarters(view) == [0, 1, 2, 3]


def test_the_wheel_zooms_about_the_pointer(view: FilmView) -> None:
    wheel(view, 4, QPointF(199, 199))
    assert view.place.zoom == pytest.approx(1.25**4)
    assert quarters(view)[3] == 3
    assert view.place.x > 0.6
    assert view.place.y > 0.6
    view.fit()
    assert view.place == Place()


def test_the_wheel_can_change_the_film_instead(view: FilmView) -> None:
    wanted: list[int] = []
    view.film_wanted.connect(wanted.append)
    view.set_wheel(WheelAction.FILMS)
    wheel(view, -1, QPointF(50, 50))
    wheel(view, 1, QPointF(50, 50))
    assert wanted == [1, -1]
    wheel(view, 1, QPointF(50, 50), Qt.KeyboardModifier.ControlModifier)
    assert view.place.zoom > 1
    view.set_wheel(WheelAction.ZOOM)
    wheel(view, -1, QPointF(50, 50), Qt.KeyboardModifier.ControlModifier)
    assert wanted == [1, -1, 1]


def test_left_drag_changes_the_display_window(qtbot: QtBot, view: FilmView) -> None:
    drag(qtbot, view, Qt.MouseButton.LeftButton, QPoint(-60, 0))
    assert view.windowing.width < 65535
    assert view.place == Place()


def test_with_the_pan_tool_left_drag_moves_the_film(qtbot: QtBot, view: FilmView) -> None:
    view.set_tool(Tool.PAN)
    drag(qtbot, view, Qt.MouseButton.LeftButton, QPoint(50, 20))
    assert view.place.x == pytest.approx(0.25)
    assert view.place.y == pytest.approx(0.4)
    assert view.windowing.width == 65535


@pytest.mark.parametrize("how", ["middle", "space"])
def test_middle_drag_and_space_drag_pan(qtbot: QtBot, view: FilmView, how: str) -> None:
    view.setFocus()
    if how == "space":
        qtbot.keyPress(view, Qt.Key.Key_Space)
    button = Qt.MouseButton.MiddleButton if how == "middle" else Qt.MouseButton.LeftButton
    drag(qtbot, view, button, QPoint(50, 0))
    assert view.place.x == pytest.approx(0.25)
    assert view.windowing.width == 65535


def test_a_turned_film_still_follows_the_hand(qtbot: QtBot, view: FilmView) -> None:
    view.turn(1)
    drag(qtbot, view, Qt.MouseButton.MiddleButton, QPoint(50, 0))
    assert (view.place.x, view.place.y) == (pytest.approx(0.5), pytest.approx(0.75))


def test_keys_pan_and_return_opens(qtbot: QtBot, view: FilmView) -> None:
    opened: list[bool] = []
    view.activated.connect(lambda: opened.append(True))
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.place.x == pytest.approx(0.7)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened == [True]


def test_actual_size_is_one_to_one(view: FilmView) -> None:
    view.show_actual_size()
    assert view.scale_on_screen * view.devicePixelRatioF() == pytest.approx(1)


def test_zoom_has_limits(view: FilmView) -> None:
    for _ in range(60):
        view.zoom_by(1.5)
    assert view.place.zoom <= 32
    for _ in range(60):
        view.zoom_by(0.5)
    assert view.place.zoom >= 0.25


def test_an_empty_view_takes_every_command(view: FilmView) -> None:
    view.show_picture(None, Overlay(), "Nothing here")
    view.zoom_by(2)
    view.turn(1)
    view.flip()
    view.invert()
    view.fit()
    view.show_actual_size()
    assert not view.has_picture
    view.grab()


def test_marks_are_drawn(view: FilmView) -> None:
    before = view.viewport().grab().toImage()
    view.show_picture(film(), Overlay(side="L", mm_per_pixel=0.2, plane="detector"))
    assert view.viewport().grab().toImage() != before


def test_spacing_is_used_only_for_square_pixels() -> None:
    assert spacing_of(PixelSpacing(0.15, 0.15, "patient")) == (0.15, "patient")
    assert spacing_of(PixelSpacing(0.15, 0.2, "patient")) == (None, "")
    assert spacing_of(None) == (None, "")


def test_a_turned_view_says_that_it_is_for_viewing_only() -> None:
    assert orientation_words(0, False) == ""
    assert orientation_words(1, True) == "View rotated 90\N{DEGREE SIGN} and mirrored: for viewing only"


SPACED_BY = PixelSpacing(0.1, 0.1, plane="patient")
SPACED = Overlay(spacing=SPACED_BY)


def test_only_a_click_that_drags_nothing_is_a_click(qtbot: QtBot, view: FilmView) -> None:
    clicked: list[QPointF] = []
    view.clicked.connect(clicked.append)
    drag(qtbot, view, Qt.MouseButton.LeftButton, QPoint(60, 20))
    assert clicked == []
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 100))
    assert [(round(at.x()), round(at.y())) for at in clicked] == [(100, 200)]


def test_a_window_that_is_chosen_leaves_the_film_inverted_and_says_so(view: FilmView) -> None:
    view.invert()
    view.set_preset(Preset.FULL)
    assert quarters(view) == [3, 2, 1, 0]
    assert "nverted" in view.corner_lines()[-1]
    view.invert()
    assert "nverted" not in view.corner_lines()[-1]


def test_lengths_stay_with_their_picture_and_a_click_is_none(qtbot: QtBot, view: FilmView) -> None:
    view.show_picture(film(), SPACED)
    view.set_tool(Tool.LENGTH)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert view.view_state.lengths == ()
    drag(qtbot, view, Qt.MouseButton.LeftButton, QPoint(40, 0))
    state = view.view_state
    assert [length.millimetres(SPACED_BY) for length in state.lengths] == [pytest.approx(8.0)]
    view.show_picture(film(), SPACED)
    assert view.view_state.lengths == ()
    view.show_picture(film(), SPACED, state=state)
    assert view.view_state.lengths == state.lengths


def test_a_film_that_was_turned_says_so_on_the_film(view: FilmView) -> None:
    """Of a uniform film nothing else tells."""
    view.show_picture(np.full((400, 400), 30_000, np.uint16), Overlay())
    before = view.viewport().grab().toImage()
    view.turn(2)
    assert view.viewport().grab().toImage() != before
    view.turn(2)
    assert view.viewport().grab().toImage() == before


def test_the_menu_key_asks_for_the_menu_over_the_film(view: FilmView) -> None:
    wanted: list[QPoint] = []
    view.menu_wanted.connect(wanted.append)
    for reason in (QContextMenuEvent.Reason.Keyboard, QContextMenuEvent.Reason.Mouse):
        QApplication.sendEvent(view.viewport(), QContextMenuEvent(reason, QPoint(5, 5), QPoint(5, 5)))
    assert wanted == [view.viewport().mapToGlobal(QPoint(SIDE // 2, SIDE // 2))], "the right button asks by itself"
