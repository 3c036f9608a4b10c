"""Which files are remembered when films are opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from bone_age_gui.gui.main_window import MainWindow
from windows import wait_for_model


def test_files_are_remembered_in_the_order_in_which_they_were_chosen(
    qtbot: QtBot, make: Callable[..., MainWindow], tmp_path: Path
) -> None:
    window = make()
    window.settings.keep_recent = True
    folder, first, second = tmp_path / "folder", tmp_path / "a.png", tmp_path / "b.png"
    folder.mkdir()
    for path in (first, second):
        path.write_bytes(b"film")
    window.film_actions.open_paths([first, folder, second, tmp_path / "gone.png"])
    wait_for_model(qtbot, window)
    assert window.settings.recent == [first, second], "neither a folder nor what is not there"
