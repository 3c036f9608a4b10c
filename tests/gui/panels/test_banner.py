"""Warnings above the film: whole where there is room, scrolled where they would take the film's."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from bone_age_gui.gui.panels.viewer import ViewerPanel

TEXTS = ["Doubtful: This is a drawn phantom, not a child: its bone age means nothing."] * 4


def shown(qtbot: QtBot, width: int, height: int) -> ViewerPanel:
    viewer = ViewerPanel()
    qtbot.addWidget(viewer)
    viewer.resize(width, height)
    viewer.show()
    viewer.banner.show_texts(TEXTS)
    QApplication.processEvents()
    return viewer


def test_a_large_viewer_shows_every_warning(qtbot: QtBot) -> None:
    viewer = shown(qtbot, 900, 700)
    area = viewer.banner.findChild(QScrollArea)
    assert area is not None
    assert area.verticalScrollBar().maximum() == 0
    assert area.height() >= 4 * viewer.banner.fontMetrics().height() - 4
    viewer.banner.show_texts([])
    assert not viewer.banner.isVisible()


def test_a_small_viewer_keeps_room_for_the_film(qtbot: QtBot) -> None:
    viewer = shown(qtbot, 260, 300)
    area = viewer.banner.findChild(QScrollArea)
    assert area is not None
    assert area.verticalScrollBar().maximum() > 0
    assert viewer.banner.height() < viewer.height() / 2
    assert viewer.view.height() > viewer.height() / 3
    viewer.resize(900, 700)
    QApplication.processEvents()
    assert area.verticalScrollBar().maximum() == 0
