"""The viewer, used as a radiologist uses the one next to it: through the real program, with mouse and keys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bone_age_gui import paths
from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.view.film import FilmView
from bone_age_gui.gui.view.level_editor import LevelEditor
from bone_age_gui.gui.view.overlay import MARGIN
from films import write_dicom, write_picture
from windows import drive, wait_for_flag, wait_for_model

pytestmark = pytest.mark.usefixtures("own_settings", "nothing_left_running")

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton


@pytest.fixture(scope="module")
def hand() -> np.ndarray:
    """The drawn phantom, uint16, 2000 x 1500."""
    return read_radiograph(paths.sample_files()[0]).pixels


@pytest.fixture
def dim(tmp_path: Path, hand: np.ndarray) -> Path:
    """A film that uses 70 of 256 greys: not so few that the reader stretches it."""
    return write_picture(tmp_path / "dim.png", (hand.astype(np.float64) * 70 / 255 + 20 * 257).astype(np.uint16))


def view_of(qtbot: QtBot, window: MainWindow) -> FilmView:
    wait_for_model(qtbot, window)
    view = window.viewer.view
    view.setFocus()
    return view


def drag(view: FilmView, button: Qt.MouseButton, start: QPoint, by: QPoint) -> None:
    target = view.viewport()
    QTest.mousePress(target, button, NONE, start)
    for part in (3, 2, 1):
        QTest.mouseMove(target, start + by / part)
    QTest.mouseRelease(target, button, NONE, start + by)


def brightest(view: FilmView) -> int:
    """Grey of the brightest hundredth of the picture, without the marks in the corners."""
    image = view.viewport().grab().toImage()
    middle = view.viewport().rect().center()
    greys = [
        image.pixelColor(middle.x() + x, middle.y() + y).red() for x in range(-60, 61, 2) for y in range(-90, 91, 2)
    ]
    return int(np.percentile(greys, 99))


def test_a_dim_film_opens_readable_and_presets_change_it(qtbot: QtBot, tiny_bundle: Path, dim: Path) -> None:
    def script(window: MainWindow) -> None:
        view = view_of(qtbot, window)
        assert brightest(view) > 170
        automatic = view.windowing
        assert view.greys.scale.words(automatic) in " ".join(view.corner_lines())
        qtbot.keyClick(view, Qt.Key.Key_R, SHIFT)
        assert view.greys.scale.words(view.windowing) == "W 255  L 128"
        assert brightest(view) < 100
        qtbot.keyClick(view, Qt.Key.Key_A, SHIFT)
        assert view.windowing == automatic
        tip = window.actions_by_name["greys_file"].toolTip()
        assert "Not now: The file brings no window of its own." in tip

    drive(qtbot, [str(dim), "--model", str(tiny_bundle)], script)


@pytest.mark.parametrize(("centre", "width", "fits"), [("2048", "4096", True), ("8000", "16000", False)])
def test_a_dicom_window_is_taken_where_it_fits_the_film(
    qtbot: QtBot, tiny_bundle: Path, tmp_path: Path, hand: np.ndarray, centre: str, width: str, fits: bool
) -> None:
    film = write_dicom(tmp_path / "film.dcm", hand, bits=12, WindowCenter=centre, WindowWidth=width)

    def script(window: MainWindow) -> None:
        view = view_of(qtbot, window)
        own = f"W {width}  L {centre}"
        assert (view.greys.scale.words(view.windowing) == own) == fits
        assert brightest(view) > 140
        qtbot.keyClick(view, Qt.Key.Key_D, SHIFT)
        assert view.greys.scale.words(view.windowing) == own
        qtbot.keyClick(view, Qt.Key.Key_W, SHIFT)
        qtbot.keyClicks(view.findChild(LevelEditor), "1500 900")
        qtbot.keyClick(view.findChild(LevelEditor), Qt.Key.Key_Return)
        assert view.greys.scale.words(view.windowing) == "W 1500  L 900"

    drive(qtbot, [str(film), "--model", str(tiny_bundle)], script)


def test_a_double_click_on_the_value_types_it(qtbot: QtBot, tiny_bundle: Path, dim: Path) -> None:
    def script(window: MainWindow) -> None:
        view = view_of(qtbot, window)
        view.viewport().grab()
        corner = QPoint(MARGIN + 4, view.viewport().height() - MARGIN - 4)
        qtbot.mouseDClick(view.viewport(), LEFT, pos=corner)
        editor = view.findChild(LevelEditor)
        assert editor.isVisible()
        qtbot.keyClicks(editor, "oops")
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        assert editor.isVisible()
        assert editor.property("problem") == "error"
        editor.selectAll()
        qtbot.keyClicks(editor, "100 60")
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        assert not editor.isVisible()
        assert view.greys.scale.words(view.windowing) == "W 100  L 60"
        before = view.windowing
        qtbot.keyClick(view, Qt.Key.Key_W, SHIFT)
        qtbot.keyClicks(editor, "9 9")
        qtbot.keyClick(editor, Qt.Key.Key_Escape)
        assert (view.windowing, editor.isVisible(), window.isVisible()) == (before, False, True)

    drive(qtbot, [str(dim), "--model", str(tiny_bundle)], script)


def test_the_right_button_zooms_by_dragging_and_asks_by_clicking(qtbot: QtBot, tiny_bundle: Path, dim: Path) -> None:
    def script(window: MainWindow) -> None:
        view = view_of(qtbot, window)
        middle = view.viewport().rect().center()
        drag(view, RIGHT, middle, QPoint(0, -80))
        assert view.place.zoom == pytest.approx(1.006**80, rel=0.01)
        assert not window.film_menu.isVisible()
        drag(view, RIGHT, middle, QPoint(0, 80))
        assert view.place.zoom == pytest.approx(1.0, rel=0.02)
        windowing = view.windowing
        drag(view, MIDDLE, middle, QPoint(40, 0))
        assert view.place.x < 0.5
        assert view.windowing == windowing
        qtbot.mouseClick(view.viewport(), RIGHT, pos=middle)
        assert window.film_menu.isVisible()
        assert window.actions_by_name["hang"] in window.film_menu.actions()
        window.film_menu.close()

    drive(qtbot, [str(dim), "--model", str(tiny_bundle)], script)


def test_a_length_is_in_millimetres_of_the_film(
    qtbot: QtBot, tiny_bundle: Path, tmp_path: Path, hand: np.ndarray
) -> None:
    film = write_dicom(tmp_path / "film.dcm", hand, PixelSpacing=["0.2", "0.1"])

    def script(window: MainWindow) -> None:
        view = view_of(qtbot, window)
        qtbot.keyClick(view, Qt.Key.Key_L)
        assert window.actions_by_name["tool_length"].isChecked()
        start = view.viewport().rect().center()
        drag(view, LEFT, start, QPoint(60, 0))
        drag(view, LEFT, start, QPoint(0, 80))
        qtbot.mouseClick(view.viewport(), LEFT, pos=start)
        film = window.session.current
        assert film is not None
        assert film.case.radiograph is not None
        spacing = film.case.radiograph.spacing
        assert spacing is not None
        across, down = (length.millimetres(spacing) for length in view.view_state.lengths)
        scale = view.scale_on_screen
        assert across == pytest.approx(60 / scale * 0.1, rel=0.01)
        assert down == pytest.approx(80 / scale * 0.1, rel=0.01)  # the reader makes pixels square
        qtbot.keyClick(view, Qt.Key.Key_1)
        qtbot.keyClick(view, Qt.Key.Key_0)
        assert len(view.view_state.lengths) == 2
        qtbot.keyClick(view, Qt.Key.Key_Home)
        assert view.view_state.lengths == ()

    drive(qtbot, [str(film), "--model", str(tiny_bundle)], script)


def test_without_a_spacing_no_length_is_offered(qtbot: QtBot, tiny_bundle: Path, dim: Path) -> None:
    def script(window: MainWindow) -> None:
        view = view_of(qtbot, window)
        assert not window.actions_by_name["tool_length"].isEnabled()
        assert "how large its pixels are" in window.actions_by_name["tool_length"].toolTip()
        qtbot.keyClick(view, Qt.Key.Key_L)
        drag(view, LEFT, view.viewport().rect().center(), QPoint(60, 0))
        assert view.view_state.lengths == ()

    drive(qtbot, [str(dim), "--model", str(tiny_bundle)], script)


def test_a_film_that_lies_on_its_side_is_hung_with_the_fingers_up(
    qtbot: QtBot, tiny_bundle: Path, tmp_path: Path, hand: np.ndarray
) -> None:
    lying = write_picture(tmp_path / "lying.png", np.ascontiguousarray(np.rot90(hand, -1)))
    upright = write_picture(tmp_path / "upright.png", hand)
    pixels_read: list[np.ndarray] = []

    def first(window: MainWindow) -> None:
        view = view_of(qtbot, window)
        assert view.turned == (0, False)
        qtbot.keyClick(view, Qt.Key.Key_U)
        assert view.turned == (3, False)
        qtbot.keyClick(view, Qt.Key.Key_PageDown)
        assert view.turned == (0, False)

    def second(window: MainWindow) -> None:
        view = view_of(qtbot, window)
        assert window.actions_by_name["hang"].isChecked()
        assert view.turned == (3, False)
        film = window.session.current
        assert film is not None
        assert film.case.radiograph is not None
        pixels_read.append(film.case.radiograph.pixels)
        qtbot.keyClick(view, Qt.Key.Key_U)
        assert view.turned == (0, False)

    drive(qtbot, [str(lying), str(upright), "--model", str(tiny_bundle)], first)
    drive(qtbot, [str(lying), "--model", str(tiny_bundle)], second)
    assert np.array_equal(pixels_read[0], read_radiograph(lying).pixels)


def test_the_heat_map_lies_over_the_film_where_the_network_looked(
    qtbot: QtBot, tiny_bundle: Path, tmp_path: Path, hand: np.ndarray
) -> None:
    wide = np.zeros((2000, 3000), np.uint16)
    wide[:, 1500:] = hand
    film = write_picture(tmp_path / "right.png", wide)

    def script(window: MainWindow) -> None:
        wait_for_flag(qtbot, window)
        view = view_of(qtbot, window)

        def tinted() -> list[QPointF]:
            image = view.viewport().grab().toImage()
            room = view.viewport().rect().adjusted(120, 60, -120, -60)
            return [
                view.to_picture(QPointF(x, y))
                for x in range(room.left(), room.right(), 4)
                for y in range(room.top(), room.bottom(), 4)
                if abs(image.pixelColor(x, y).red() - image.pixelColor(x, y).blue()) > 25
            ]

        assert tinted() == []
        qtbot.keyClick(view, Qt.Key.Key_H)
        assert len(tinted()) > 5
        assert all(point.x() > 1400 for point in tinted())
        qtbot.keyClick(view, Qt.Key.Key_H)
        assert tinted() == []

    drive(qtbot, [str(film), "--estimate", "--size", "1280x720", "--model", str(tiny_bundle)], script)
