"""Settings, themes, icons, the error report and the saved picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from bone_age_gui import paths
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Case, Flag, Patient, Radiograph
from bone_age_gui.gui.choices import ThemeChoice, WheelAction
from bone_age_gui.gui.dialogs.error import report_text
from bone_age_gui.gui.dialogs.settings import SettingsDialog
from bone_age_gui.gui.look.icons import app_icon, flag_name, icon, pixmap
from bone_age_gui.gui.look.stylesheet import apply_theme
from bone_age_gui.gui.look.theme import DARK, LIGHT, Theme
from bone_age_gui.gui.settings import Settings
from bone_age_gui.gui.view.stages_picture import save_stages_picture, stages_picture
from bone_age_gui.wording.language import speaking
from windows import with_estimate


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


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2 defines it."""

    def light(text: str) -> float:
        parts = [value / 255 for value in QColor(text).getRgb()[:3]]  # type: ignore[index]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    brighter, darker = sorted((light(one), light(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_is_readable(theme: Theme) -> None:
    for back in (theme.window, theme.surface):
        for name in ("text", "muted", "error"):
            assert contrast(getattr(theme, name), back) >= 4.5, name
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.warning, theme.warning_back) >= 4.5
    for flag in Flag:
        assert contrast(theme.flag_colour(flag), theme.surface) >= 4.5, flag


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_icons_follow_the_theme(qapp: QApplication, theme: Theme) -> None:
    apply_theme(qapp, theme)
    image = icon("info").pixmap(24, 24).toImage()
    colours = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
    solid = [colour.lightness() for colour in colours if colour.alpha() > 250]
    assert solid
    assert (np.mean(solid) > 128) == theme.is_dark
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(theme.window)


def test_every_icon_is_drawn() -> None:
    names = {flag_name(flag) for flag in Flag}
    names |= {path.stem for path in (paths.resources_dir() / "icons").glob("*.svg")}
    for name in names:
        image = pixmap(name, "#000000", 24).toImage()
        alphas = [image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)]
        assert sum(alpha > 128 for alpha in alphas) > 0, name
    assert not app_icon().isNull()


def test_the_report_of_a_bug_names_places_but_no_values() -> None:
    secret = "Doe^Jane /films/doe_jane.dcm"
    try:
        try:
            raise ValueError(secret)
        except ValueError as inner:
            raise RuntimeError(secret) from inner
    except RuntimeError as error:
        text = report_text(error)
    assert "RuntimeError" in text
    assert "ValueError" in text
    assert "test_settings_and_looks.py" in text
    for word in ("Doe", "films", "/work", str(Path.home())):
        assert word not in text


def test_the_saved_picture_holds_every_stage(tmp_path: Path, qapp: QApplication) -> None:
    film = Radiograph(np.full((300, 200), 50_000, np.uint16))
    case = with_estimate(Case(Path("doe.dcm"), Patient(name="Doe^Jane"), film))
    path = save_stages_picture(case, tmp_path / "stages.png")
    assert path.stat().st_size > 1000
    image = stages_picture(case)
    bright = [x for x in range(0, image.width(), 10) if image.pixelColor(x, 260).lightness() > 80]
    assert len({x // 436 for x in bright}) == 3
    assert list(tmp_path.glob(".*")) == []
    later = save_stages_picture(replace(case, estimate=None), path)
    assert later == path


def test_a_picture_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path, qapp: QApplication) -> None:
    case = with_estimate(Case(None, radiograph=Radiograph(np.zeros((120, 120), np.uint16))))
    target = tmp_path / "a.png"
    target.mkdir()
    with pytest.raises(BoneAgeError) as caught:
        save_stages_picture(case, target)
    assert caught.value.code == "no_folder"
    assert [path.name for path in tmp_path.iterdir() if path != target and path.name != "settings"] == []


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
