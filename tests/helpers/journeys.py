"""Journeys through the window: the real program with some films, and what is to be read in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.reading import Reading
from bone_age_gui.gui.main_window import MainWindow
from windows import drive, wait_for_flag, wait_for_model


def run(qtbot: QtBot, bundle: Path, *films: Path, estimate: bool = False) -> Callable[..., None]:
    """Run the program with these films, and a script on its window."""

    def with_script(script: Callable[[MainWindow], None]) -> None:
        def begin(window: MainWindow) -> None:
            (wait_for_flag if estimate and films else wait_for_model)(qtbot, window)
            script(window)

        wanted = ["--estimate"] if estimate else []
        drive(qtbot, [*map(str, films), *wanted, "--model", str(bundle), "--device", "cpu"], begin)

    return with_script


def reading_of(window: MainWindow) -> Reading:
    assert window.session.current is not None
    assert window.session.current.case.reading is not None
    return window.session.current.case.reading


def shown_words(window: MainWindow) -> str:
    """Every word of window, list and tool tips."""
    labels = [f"{label.text()} {label.toolTip()}" for label in window.findChildren(QLabel)]
    widgets = (window.result, window.growth, window.reading, *window.growth.children())
    described = [w.accessibleDescription() for w in widgets if hasattr(w, "accessibleDescription")]
    model = window.films.model
    roles = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
    rows = [str(model.index(row).data(role)) for row in range(model.rowCount()) for role in roles]
    return "\n".join([*labels, *described, *rows])
