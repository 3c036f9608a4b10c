"""Help > Diagnostics and Help > Licences, by the menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bone_age_gui.about.diagnostics import diagnose
from bone_age_gui.about.licences import Licence
from bone_age_gui.gui.dialogs.help_pages import DiagnosticsDialog, LicencesDialog
from bone_age_gui.gui.main_window import MainWindow
from windows import WAIT_MS


def test_the_menu_opens_both(
    make: Callable[..., MainWindow], qtbot: QtBot, dialogs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The window of these tests has no real model to describe.
    monkeypatch.setattr("bone_age_gui.gui.actions.help.diagnose", lambda *_: {"Program": {"Version": "1"}})
    window = make()
    window.actions_by_name["licences"].trigger()
    qtbot.waitUntil(lambda: len(dialogs.shown) == 1, timeout=WAIT_MS)
    window.actions_by_name["diagnostics"].trigger()
    qtbot.waitUntil(lambda: len(dialogs.shown) == 2, timeout=WAIT_MS)
    assert [type(dialog) for dialog in dialogs.shown] == [LicencesDialog, DiagnosticsDialog]


def test_diagnostics_can_be_copied(qtbot: QtBot) -> None:
    dialog = DiagnosticsDialog(diagnose("no-such-model"))
    qtbot.addWidget(dialog)
    dialog.copy()
    copied = QApplication.clipboard().text()
    assert "NVIDIA driver" in copied
    assert "no-such-model" in copied


def test_the_licence_of_the_chosen_part_is_shown(qtbot: QtBot) -> None:
    parts = [Licence("first", "1.0", "MIT", "Text of the first"), Licence("second", "2.0", "BSD", "Text of the second")]
    dialog = LicencesDialog(parts)
    qtbot.addWidget(dialog)
    assert dialog.text.toPlainText() == "first 1.0\nMIT\n\nText of the first"
    dialog.names.setCurrentRow(1)
    assert dialog.text.toPlainText().startswith("second 2.0\nBSD")
