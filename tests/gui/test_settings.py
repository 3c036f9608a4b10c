"""Settings: kept, forgotten, and changed in their dialog."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from bone_age_gui.gui.choices import ThemeChoice, WheelAction
from bone_age_gui.gui.dialogs.settings import SettingsDialog
from bone_age_gui.gui.settings import Settings
from bone_age_gui.wording.language import speaking


def test_settings_come_back(own_settings: Path) -> None:
    settings = Settings()
    settings.theme = ThemeChoice.DARK
    settings.wheel = WheelAction.FILMS
    settings.text_size = 150
    settings.heat_map = True
    settings.model = "other"
    settings.device = "cpu"
    settings.threshold_sd = 2.5
    settings.save()
    again = Settings()
    assert (again.theme, again.wheel, again.text_size, again.heat_map) == (
        ThemeChoice.DARK, WheelAction.FILMS, 150, True,
    )  # fmt: skip
    assert (again.model, again.device, again.threshold_sd) == ("other", "cpu", 2.5)


@pytest.mark.parametrize(
    "key", ["view/theme", "view/wheel", "view/text_size", "estimate/device", "estimate/threshold_sd", "files/recent"]
)
def test_nonsense_in_the_file_gives_the_default(key: str) -> None:
    store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "bone-age-gui", "nonsense")
    store.setValue(key, "nonsense")
    settings = Settings(store)
    assert settings.theme is ThemeChoice.SYSTEM
    assert settings.wheel is WheelAction.ZOOM
    assert (settings.text_size, settings.device, settings.threshold_sd) == (100, "auto", 2.0)
    assert settings.recent == []
    assert settings.layout()[0].isEmpty()


def stored(folder: Path) -> str:
    """All text that lies in the folder of the settings."""
    return "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file())


def test_files_are_not_remembered_unless_wanted_and_forgotten_at_once(own_settings: Path) -> None:
    settings = Settings()
    settings.text_size = 125
    settings.remember(Path("/films/doe_jane.dcm"))
    settings.save()
    assert "125" in stored(own_settings)
    assert "doe" not in stored(own_settings)
    settings.keep_recent = True
    for number in range(12):
        settings.remember(Path(f"/films/{number}.dcm"))
    assert len(settings.recent) == 10
    assert settings.recent[0] == Path("/films/11.dcm")
    settings.keep_recent = False
    settings.save()
    assert "125" in stored(own_settings)
    assert "/films" not in stored(own_settings)


def test_a_theme_of_the_command_line_is_not_stored() -> None:
    assert Settings(theme=ThemeChoice.DARK).theme is ThemeChoice.DARK
    assert Settings().theme is ThemeChoice.SYSTEM


def test_the_dialog_writes_what_was_chosen(qtbot: QtBot) -> None:
    settings = Settings()
    dialog = SettingsDialog(settings, ["densenet121", "other"])
    qtbot.addWidget(dialog)
    dialog.theme.setCurrentIndex(2)
    dialog.model.setCurrentIndex(2)
    dialog.device.setCurrentIndex(1)
    field = dialog.comparison.threshold.lineEdit()
    field.selectAll()
    qtbot.keyClicks(field, "1,8")
    dialog.keep_recent.setChecked(True)
    dialog.own_digits.setChecked(False)
    dialog.accept()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert settings.theme is ThemeChoice.DARK
    assert (settings.model, settings.device, settings.threshold_sd) == ("other", "cpu", 1.8)
    assert settings.keep_recent
    assert not settings.own_digits
    with speaking("fa"):
        again = SettingsDialog(settings, ["densenet121"])
    qtbot.addWidget(again)
    assert not again.own_digits.isChecked()
    assert again.model.currentText() == "other"


def test_settings_of_the_tests_are_apart(own_settings: Path) -> None:
    settings = Settings()
    settings.text_size = 175
    settings.save()
    assert "175" in stored(own_settings)


def test_where_nothing_is_kept_no_files_are_remembered_either(own_settings: Path) -> None:
    settings = Settings()
    assert settings.keep_worklist
    settings.keep_recent = True
    settings.remember(Path("/films/doe_jane.dcm"))
    settings.keep_worklist = False
    settings.remember(Path("/films/doe_jane.dcm"))
    settings.save()
    assert settings.recent == []
    assert "doe" not in stored(own_settings)


def test_the_dialog_takes_reader_blind_first_and_worklist(own_settings: Path, qtbot: QtBot) -> None:
    settings = Settings()
    dialog = SettingsDialog(settings, [])
    qtbot.addWidget(dialog)
    dialog.reader.setText(" Dr. Example ")
    dialog.blind_first.click()
    dialog.keep_worklist.click()
    assert not dialog.keep_recent.isEnabled()
    dialog.accept()
    again = Settings()
    assert (again.reader_name, again.blind_first, again.keep_worklist) == ("Dr. Example", True, False)
