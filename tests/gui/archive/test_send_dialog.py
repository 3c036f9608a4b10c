"""Which archive gets which reports."""

from __future__ import annotations

from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from bone_age_gui.gui.archive.send_dialog import SendDialog


def test_the_last_archive_is_offered_again_and_nothing_is_sent_without_a_report(qtbot: QtBot) -> None:
    dialog = SendDialog(["First", "Second"], "Second")
    qtbot.addWidget(dialog)
    assert (dialog.node, dialog.formats) == ("Second", ("sr",))
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    dialog.boxes["sr"].click()
    assert not button.isEnabled()
    assert button.toolTip() == "Choose at least one report."
    for name in ("dicom-pdf", "sr"):
        dialog.boxes[name].click()
    assert button.isEnabled()
    assert set(dialog.formats) == {"sr", "dicom-pdf"}


def test_an_archive_that_is_gone_gives_way_to_the_first(qtbot: QtBot) -> None:
    dialog = SendDialog(["First", "Second"], "Gone")
    qtbot.addWidget(dialog)
    assert dialog.node == "First"
