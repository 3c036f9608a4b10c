"""The empty window offers what to do, and the list of films says who, when and why in whole words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFileDialog, QPushButton, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from bone_age_gui import paths
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.panels.films.rows import FilmDelegate
from windows import drive, wait_for_model

pytestmark = pytest.mark.usefixtures("own_settings", "nothing_left_running")


def buttons(window: MainWindow) -> dict[str, QPushButton]:
    return {each.text(): each for each in window.start.findChildren(QPushButton) if each.isVisible()}


def test_the_large_targets_open_films(
    qtbot: QtBot, tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = shutil.copy(paths.sample_files()[0], tmp_path / "own.dcm")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(film)], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))

    def script(window: MainWindow) -> None:
        for text, name in (
            ("Open a film", "own.dcm"),
            ("Open a folder", "own.dcm"),
            ("Open the sample", "phantom_hand.dcm"),
        ):
            assert window.start.isVisible()
            assert not window.viewer.isVisible()
            target = buttons(window)[text]
            assert target.height() >= 44
            qtbot.mouseClick(target, Qt.MouseButton.LeftButton)
            qtbot.waitUntil(lambda: window.session.current is not None)
            wait_for_model(qtbot, window)
            assert window.session.current is not None
            assert window.session.current.name == name
            assert window.viewer.isVisible()
            window.actions_by_name["close_all"].trigger()

    drive(qtbot, ["--model", str(tiny_bundle)], script)


def test_films_of_last_time_are_offered_only_if_they_are_kept(qtbot: QtBot, tiny_bundle: Path, tmp_path: Path) -> None:
    film = shutil.copy(paths.sample_files()[0], tmp_path / "doe_jane.dcm")

    def nothing_kept(window: MainWindow) -> None:
        wait_for_model(qtbot, window)
        window.actions_by_name["close_all"].trigger()
        assert "doe_jane.dcm" not in buttons(window)
        window.settings.keep_recent = True

    def kept(window: MainWindow) -> None:
        wait_for_model(qtbot, window)

    def offered(window: MainWindow) -> None:
        qtbot.mouseClick(buttons(window)["doe_jane.dcm"], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: window.session.current is not None)
        wait_for_model(qtbot, window)
        window.actions_by_name["close_all"].trigger()
        window.actions_by_name["clear_recent"].trigger()
        assert "doe_jane.dcm" not in buttons(window)

    drive(qtbot, [str(film), "--model", str(tiny_bundle)], nothing_kept)
    drive(qtbot, [str(film), "--model", str(tiny_bundle)], kept)
    drive(qtbot, ["--model", str(tiny_bundle)], offered)


def test_a_row_of_the_list_holds_all_its_words(qtbot: QtBot, tiny_bundle: Path, tmp_path: Path) -> None:
    """A long name and a refusal make the row higher instead of being cut."""
    long = shutil.copy(paths.sample_files()[0], tmp_path / f"{'1.2.840.113619' * 5}.dcm")
    refused = tmp_path / "b.png"
    refused.write_text("x")

    def script(window: MainWindow) -> None:
        wait_for_model(qtbot, window)
        view = window.films.view
        delegate = view.itemDelegate()
        assert isinstance(delegate, FilmDelegate)
        lines = view.fontMetrics().lineSpacing()
        heights = []
        for row in range(2):
            option = QStyleOptionViewItem()
            view.initViewItemOption(option)
            hint: QSize = delegate.sizeHint(option, view.model().index(row, 0))
            heights.append(hint.height())
            assert view.visualRect(view.model().index(row, 0)).height() >= hint.height()
        assert heights[0] > 6 * lines
        text = str(window.films.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole))
        assert "PHANTOM, DRAWN" in text
        assert "2024-11-20" in text

    drive(qtbot, [str(long), str(refused), "--model", str(tiny_bundle)], script)
