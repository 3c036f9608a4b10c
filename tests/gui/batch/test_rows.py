"""What a row of the batch shows whole: its thumbnail, also after a resume, and its reason, however long."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from batch_windows import panel_of, start, wait_for_end
from bone_age_gui.core.batch.films import BatchFilm, BatchRow
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.gui.batch.columns import NOTES
from bone_age_gui.gui.batch.model import ITEM_ROLE
from bone_age_gui.gui.batch.panel import BatchPanel
from bone_age_gui.gui.main_window import MainWindow
from windows import WAIT_MS


def thumbnails(panel: BatchPanel) -> dict[str, bool]:
    items = [panel.model.index(row, 0).data(ITEM_ROLE) for row in range(panel.model.rowCount())]
    return {item.film.name: item.thumbnail is not None for item in items}


def test_thumbnails_come_back_after_a_resume(qtbot: QtBot, window: MainWindow, films: Path) -> None:
    panel = start(window, films)
    wait_for_end(qtbot, window)
    before = thumbnails(panel)
    assert sum(before.values()) == 5
    assert panel.form.start.text() == "Continue"
    panel.form.start.click()
    wait_for_end(qtbot, window)
    assert all(panel.model.index(row, 0).data(ITEM_ROLE).is_earlier for row in range(6))
    qtbot.waitUntil(lambda: thumbnails(panel) == before, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.session.is_idle, timeout=WAIT_MS)


def test_a_long_reason_is_shown_whole(qtbot: QtBot, window: MainWindow) -> None:
    panel = panel_of(window)
    reason = "The pixels are compressed in a way that this program does not read. " * 6
    long = CaseRecord("0.png", error_code="x", error_title="Cannot be decompressed", error_message=reason)
    films = [BatchFilm(Path(f"{number}.png"), f"{number}.png", number) for number in range(60)]
    panel.show_films([BatchRow(film) for film in films])
    panel.put([BatchRow(films[0], long), BatchRow(films[50], long)])
    assert_whole(qtbot, panel, 0)
    least = panel.table.verticalHeader().minimumSectionSize()
    qtbot.waitUntil(lambda: panel.table.rowHeight(1) == least)
    panel.table.scrollTo(panel.filter.index(panel.filter.rowCount() - 1, 0))
    row = next(row for row in range(60) if panel.filter.index(row, 0).data(ITEM_ROLE).film is films[50])
    panel.table.scrollTo(panel.filter.index(row, 0))
    assert_whole(qtbot, panel, row)
    panel.resize(panel.width() - 200, panel.height())
    assert_whole(qtbot, panel, row)


def assert_whole(qtbot: QtBot, panel: BatchPanel, row: int) -> None:
    text = panel.filter.index(row, NOTES).data()
    width = panel.table.columnWidth(NOTES) - 12
    flags = int(Qt.TextFlag.TextWordWrap)
    needed = QFontMetrics(panel.table.font()).boundingRect(0, 0, width, 10_000, flags, text).height()
    qtbot.waitUntil(lambda: panel.table.rowHeight(row) >= needed, timeout=WAIT_MS)
