"""The window of a batch takes another language while a run is under way."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from batch_windows import column, done, panel_of, start_and_meet_the_first_film, wait_for_end
from batches import copy_films
from bone_age_gui.gui.batch.model import ITEM_ROLE
from bone_age_gui.gui.look.spoken import speak_in_window
from bone_age_gui.gui.main_window import MainWindow
from windows import WAIT_MS


def test_the_language_changes_while_a_batch_runs(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    """Order, filter, search, the chosen row and the pause stay; nothing of the run is lost, and its end is told."""
    films = copy_films(tmp_path / "films")
    old = start_and_meet_the_first_film(qtbot, window, films)
    old.course.pause.click()
    old.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    old.search.setText("film-1")
    old.table.selectRow(3)
    shown = column(old.filter, 0)
    assert shown[3] == "film-16.png"
    window.settings.language = "fa"
    window.window_actions.take_settings()
    qtbot.waitUntil(lambda: panel_of(window) is not old, timeout=WAIT_MS)
    panel = panel_of(window)
    try:
        assert panel.isVisible()
        assert panel.windowTitle() == "برآورد یک پوشه"
        course = panel.course
        assert (course.pause.isChecked(), course.pause.text(), course.cancel.isVisible()) == (True, "از سرگیری", True)
        assert "از ۴۰" in panel.course.words.text()
        assert panel.course.words.text().endswith("مکث")
        assert not panel.form.start.isEnabled()
        assert (panel.search.text(), column(panel.filter, 0)) == ("film-1", shown)
        assert [index.data(ITEM_ROLE).film.name for index in panel.table.selectionModel().selectedRows()] == [shown[3]]
        assert panel.table.horizontalHeader().sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        assert window.batches.session.is_running
        panel.course.pause.click()
        wait_for_end(qtbot, window)
        assert done(panel) == 40
        assert (films / "bone-age-results" / "report.pdf").exists()
        ended = panel.course.words.text()
        assert "۴۰" in ended
        for code in ("en", "fa"):
            window.settings.language = code
            window.window_actions.take_settings()
            last = panel
            qtbot.waitUntil(lambda last=last: panel_of(window) is not last, timeout=WAIT_MS)  # type: ignore[misc]
            panel = panel_of(window)
            assert (panel.course.words.text() == ended) is (code == "fa")
            assert panel.course.written.show_folder.isVisible()
    finally:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        speak_in_window(app, "en")
