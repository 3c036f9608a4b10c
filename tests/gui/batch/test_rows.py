"""What a row of the batch shows whole: its thumbnail, also after a resume, and its reason, however long."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from batch_windows import panel_of, start, wait_for_end
from bone_age_gui.core.batch.films import BatchFilm, BatchRow
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.gui.batch.columns import NOTES
from bone_age_gui.gui.batch.model import ITEM_ROLE
from bone_age_gui.gui.batch.panel import BatchPanel
from bone_age_gui.gui.look.spoken import speak_in_window
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.wording.language import SHIPPED
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


@pytest.mark.parametrize("code", list(SHIPPED))
def test_at_its_first_size_nothing_has_to_be_scrolled_to_the_side(qtbot: QtBot, code: str) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    speak_in_window(app, code)
    try:
        panel = BatchPanel(lambda _: False)
        qtbot.addWidget(panel)
        panel.resize(1240, 680)
        panel.show_films([BatchRow(BatchFilm(Path(f"{n}.png"), f"{n}.png", n)) for n in range(60)])
        panel.show()
        qtbot.waitUntil(lambda: panel.table.verticalScrollBar().isVisible(), timeout=WAIT_MS)
        assert panel.table.horizontalScrollBar().maximum() == 0
        header = panel.table.horizontalHeader()
        assert all(panel.table.columnWidth(place) >= header.sectionSizeHint(place) for place in range(NOTES))
        long = "radiograph_of_the_left_hand_2024-11-20_1.2.840.113619.2.55.dcm"
        panel.show_films([BatchRow(BatchFilm(Path(long), long, 0))])
        qtbot.waitUntil(lambda: panel.table.rowHeight(0) >= 4 * panel.table.fontMetrics().lineSpacing())
        panel.table.setColumnWidth(0, 300)
        panel.resize(1300, 680)
        assert panel.table.columnWidth(0) == 300
    finally:
        speak_in_window(app, "en")


def assert_whole(qtbot: QtBot, panel: BatchPanel, row: int) -> None:
    text = panel.filter.index(row, NOTES).data()
    width = panel.table.columnWidth(NOTES) - 12
    flags = int(Qt.TextFlag.TextWordWrap)
    needed = QFontMetrics(panel.table.font()).boundingRect(0, 0, width, 10_000, flags, text).height()
    qtbot.waitUntil(lambda: panel.table.rowHeight(row) >= needed, timeout=WAIT_MS)
