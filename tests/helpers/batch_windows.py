"""Driving the window of a batch as a person does."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from bone_age_gui.gui.batch.model import ITEM_ROLE, BatchFilter
from bone_age_gui.gui.batch.panel import BatchPanel
from bone_age_gui.gui.main_window import MainWindow
from windows import WAIT_MS


def panel_of(window: MainWindow) -> BatchPanel:
    panel = window.batches.panel
    assert isinstance(panel, BatchPanel)
    return panel


def start(window: MainWindow, films: Path) -> BatchPanel:
    panel = panel_of(window)
    panel.form.set_folder(films)
    panel.form.workers.setCurrentIndex(1)
    panel.form.start.click()
    return panel


def start_and_meet_the_first_film(qtbot: QtBot, window: MainWindow, films: Path) -> BatchPanel:
    panel = start(window, films)
    qtbot.waitUntil(lambda: done(panel) >= 1, timeout=WAIT_MS)
    return panel


def column(table: BatchFilter, number: int) -> list[object]:
    return [table.index(row, number).data() for row in range(table.rowCount())]


def done(panel: BatchPanel) -> int:
    """How many films have their record in the table."""
    items = (panel.model.index(row, 0).data(ITEM_ROLE) for row in range(panel.model.rowCount()))
    return sum(item.record is not None for item in items)


def wait_for_end(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.batches.session.is_running, timeout=WAIT_MS)
