"""The assembled window on a line that waits: states, stages, themes, layout, menus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.panels.stages import StageTile
from bone_age_gui.gui.work.film import FilmState
from bone_age_gui.wording.errors import error_line
from windows import FakeLine, wait_for_flag, wait_for_model

Make = Callable[..., MainWindow]


def tiles(window: MainWindow) -> list[StageTile]:
    return window.stages.findChildren(StageTile)


def drop(window: MainWindow, urls: list[QUrl]) -> None:
    data = QMimeData()
    data.setUrls(urls)
    common: Any = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(5, 5), *common)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), *common))


def test_an_empty_window_says_what_to_do(make: Make) -> None:
    window = make()
    assert not window.estimate_bar.button.isEnabled()
    assert window.estimate_bar.reason.text() == "Open a film first."
    assert window.status.disclaimer.text() == DISCLAIMER
    assert not window.actions_by_name["save_stages"].isEnabled()
    assert "Open a film first." in window.actions_by_name["fit"].toolTip()


def test_click_estimate_and_read_the_flag(qtbot: QtBot, make: Make, line: FakeLine) -> None:
    window = make("a.png")
    qtbot.mouseClick(window.estimate_bar.button, Qt.MouseButton.LeftButton)
    assert not window.estimate_bar.button.isEnabled()
    assert "running" in window.estimate_bar.reason.text()
    line.gate.set()
    wait_for_flag(qtbot, window)
    assert "Assessment: Normal" in window.result.accessibleDescription()
    assert window.status.device.text() == "CPU"
    assert window.status.model.text() == "fake 1"


def test_keys_show_stages_large_and_escape_goes_back(qtbot: QtBot, make: Make) -> None:
    window = make("a.png")
    qtbot.keyClick(window.viewer.view, Qt.Key.Key_2)
    assert window.viewer.stage == 2
    assert tiles(window)[1].property("chosen") == "true"
    qtbot.keyClick(window.viewer.view, Qt.Key.Key_2)
    assert window.viewer.stage == 0
    qtbot.keyClick(window.viewer.view, Qt.Key.Key_1)
    qtbot.keyClick(window.viewer.view, Qt.Key.Key_Escape)
    assert window.viewer.stage == 0
    qtbot.keyClick(window.viewer.view, Qt.Key.Key_7)
    assert window.viewer.stage == 0


def test_double_click_shows_a_stage_large_and_again_returns(qtbot: QtBot, make: Make) -> None:
    window = make("a.png")
    viewport = tiles(window)[0].view.viewport()
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton)
    assert window.viewer.stage == 1
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton)
    assert window.viewer.stage == 0
    tile = tiles(window)[1]
    qtbot.mouseDClick(tile, Qt.MouseButton.LeftButton, pos=QPoint(tile.width() // 2, tile.height() - 3))
    assert window.viewer.stage == 2, "the caption too"


def test_zoom_and_pan_of_the_stages_are_linked(qtbot: QtBot, make: Make) -> None:
    window = make("a.png")
    first, second = (tile.view for tile in tiles(window))
    first.zoom_by(3.0, QPointF(10, 10))
    assert second.place == first.place
    assert second.place.zoom == pytest.approx(3.0)
    qtbot.keyClick(second, Qt.Key.Key_Down)
    assert first.place == second.place
    window.actions_by_name["fit"].trigger()
    assert first.place.zoom == second.place.zoom == 1.0


def test_page_keys_change_the_film_and_the_list_follows(qtbot: QtBot, make: Make) -> None:
    window = make("a.png", "b.png")
    qtbot.keyClick(window.viewer.view, Qt.Key.Key_PageDown)
    assert window.session.current is not None
    assert window.session.current.name == "b.png"
    assert window.films.view.currentIndex().row() == 1
    window.films.view.setCurrentIndex(window.films.filter.index(0, 0))
    assert window.session.current.name == "a.png"


def test_closing_films_leaves_the_neighbour(qtbot: QtBot, make: Make) -> None:
    window = make("a.png", "b.png", "c.png")
    window.actions_by_name["next_film"].trigger()
    window.actions_by_name["close"].trigger()
    assert [film.name for film in window.session.films] == ["a.png", "c.png"]
    assert window.session.current is not None
    assert window.session.current.name == "c.png"
    assert window.films.view.currentIndex().data() == "c.png"
    window.actions_by_name["close_all"].trigger()
    assert not window.viewer.view.has_picture
    assert not window.estimate_bar.button.isEnabled()


def test_a_refused_film_says_why_and_the_others_go_on(qtbot: QtBot, make: Make, line: FakeLine) -> None:
    window = make("broken.png", "a.png")
    assert window.estimate_bar.reason.text().startswith("This film was refused")
    assert "Not a radiograph" in window.result.accessibleDescription()
    assert "Choose the radiograph itself." in window.films.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    line.gate.set()
    window.actions_by_name["estimate_all"].trigger()
    qtbot.waitUntil(lambda: window.session.is_idle)
    assert [film.state for film in window.session.films] == [FilmState.REFUSED, FilmState.ESTIMATED]
    assert "Normal" in window.films.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_series_shows_progress_and_can_be_cancelled(qtbot: QtBot, make: Make, line: FakeLine) -> None:
    window = make("a.png", "b.png")
    window.actions_by_name["estimate_all"].trigger()
    (cancel,) = [
        each for each in window.status.findChildren(QPushButton) if each.accessibleName() == "Cancel the estimates"
    ]
    assert cancel.isVisible()
    assert window.actions_by_name["cancel"].isEnabled()
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert not cancel.isVisible()
    assert [film.state for film in window.session.films] == [FilmState.READY] * 2


def test_closing_during_work_cancels_and_waits(qtbot: QtBot, make: Make, line: FakeLine) -> None:
    window = make("a.png", "b.png")
    window.actions_by_name["estimate_all"].trigger()
    qtbot.waitUntil(lambda: bool(line.started))
    closed: list[bool] = []
    window.closed.connect(lambda: closed.append(True))
    line.gate.set()
    window.close()
    assert closed == [True]
    assert window.session.is_idle
    assert line.started == ["a.png"]


def test_a_changed_sex_says_that_the_estimate_is_void(qtbot: QtBot, make: Make, line: FakeLine) -> None:
    line.gate.set()
    window = make("a.png")
    window.actions_by_name["estimate"].trigger()
    wait_for_flag(qtbot, window)
    window.form.sexes.button(1).click()
    assert "no longer holds" in window.result.accessibleDescription()
    assert window.estimate_bar.button.isEnabled()


def test_a_wrong_date_disables_the_estimate_with_its_reason(make: Make) -> None:
    window = make("a.png")
    window.form.birth.setText("2014-99")
    assert window.estimate_bar.reason.text() == "Date of birth: not a date. Write yyyy-mm-dd."
    window.form.birth.setText("2014-09-01")
    assert window.estimate_bar.button.isEnabled()


def test_a_missing_model_is_said_in_the_window(qtbot: QtBot, make: Make, line: FakeLine) -> None:
    window = make("a.png")
    line.model_error = BoneAgeError("model_not_found", "folder", file="card.json")
    window.session.load_engine("elsewhere", "auto")
    qtbot.waitUntil(lambda: window.session.is_idle)
    assert window.estimate_bar.reason.text() == error_line(line.model_error)
    assert window.status.model.text() == "No model"
    assert window.viewer.view.has_picture


def test_files_and_folders_can_be_dropped(qtbot: QtBot, make: Make, tmp_path: Path) -> None:
    (tmp_path / "c.png").write_bytes(b"")
    window = make()
    elsewhere = QUrl("http://example.org/film.png")
    drop(window, [QUrl.fromLocalFile("/films/a.png"), QUrl.fromLocalFile("/films/broken.png"), elsewhere])
    drop(window, [QUrl.fromLocalFile(str(tmp_path))])
    qtbot.waitUntil(lambda: len(window.session.films) == 3 and window.session.is_idle)
    assert [film.name for film in window.session.films] == ["a.png", "broken.png", "c.png"]


def test_panels_do_not_swallow_dropped_files(make: Make) -> None:
    window = make("a.png")
    for widget in (window.viewer.view, window.viewer.view.viewport(), window.form.birth, tiles(window)[0].view):
        assert not widget.acceptDrops()


def test_recent_files_are_kept_only_if_wanted(make: Make, tmp_path: Path) -> None:
    film = tmp_path / "a.png"
    film.write_bytes(b"")
    window = make()
    window.film_actions.open_paths([film])
    assert window.settings.recent == []
    window.settings.keep_recent = True
    window.film_actions.open_paths([film])
    assert window.settings.recent == [film]
    window.recent_menu.aboutToShow.emit()
    assert window.recent_menu.actions()[0].text() == "a.png"
    window.actions_by_name["clear_recent"].trigger()
    assert window.settings.recent == []


def test_copying_in_the_result_panel(qtbot: QtBot, make: Make, line: FakeLine) -> None:
    line.gate.set()
    window = make("a.png")
    window.actions_by_name["estimate"].trigger()
    wait_for_flag(qtbot, window)
    window.result.setFocus()
    qtbot.keyClick(window.result, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text().startswith("Bone age: 11 y 4 m (136 months)")


def test_the_engine_can_be_changed_in_the_settings(qtbot: QtBot, make: Make) -> None:
    window = make("a.png")
    window.settings.device = "cpu"
    window.settings.threshold_sd = 2.5
    window.window_actions.take_settings()
    assert window.session.engine is None
    assert window.session.assessments.threshold_sd == 2.5
    wait_for_model(qtbot, window)
    assert window.session.films[0].case.stages


def test_a_film_keeps_its_look_while_others_are_shown(make: Make) -> None:
    window = make("a.png", "b.png")
    view = window.viewer.view
    view.zoom_by(3.0)
    view.turn(1)
    view.invert()
    before = view.view_state
    window.display.show_stage(1)
    assert view.view_state != before
    window.display.show_stage(0)
    assert view.view_state == before
    window.actions_by_name["next_film"].trigger()
    assert view.place.zoom == 1.0
    window.actions_by_name["previous_film"].trigger()
    assert view.view_state == before
    window.actions_by_name["reset_view"].trigger()
    assert (view.place.zoom, view.turned, view.windowing.inverted) == (1.0, (0, False), False)
