"""The settings, as one dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QWidget,
)

from bone_age_gui.core.height import REFERENCE_NAMES
from bone_age_gui.gui.choices import TEXT_SIZES, ThemeChoice, WheelAction
from bone_age_gui.gui.dialogs.comparison import ComparisonRows
from bone_age_gui.gui.look.on_screen import lay_out_scrolled
from bone_age_gui.gui.settings import Settings
from bone_age_gui.store.own_file import has_owner_rights
from bone_age_gui.wording.dialogs import RECENT_TIP
from bone_age_gui.wording.keeping import KEPT_NOTE, NO_OWNER_RIGHTS, OWNER_ALONE
from bone_age_gui.wording.language import SHIPPED, mark, tr
from bone_age_gui.wording.values import percent_words

THEMES = {ThemeChoice.SYSTEM: mark("As the system"), ThemeChoice.LIGHT: mark("Light"), ThemeChoice.DARK: mark("Dark")}
WHEELS = {WheelAction.ZOOM: mark("Zoom (Ctrl: next film)"), WheelAction.FILMS: mark("Next film (Ctrl: zoom)")}
DEVICES = {"auto": mark("GPU if there is one, else CPU"), "cpu": mark("CPU"), "cuda": mark("GPU (CUDA) only")}


class SettingsDialog(QDialog):
    """Shows the settings and writes them when accepted. ``models`` are names of bundles that can be chosen."""

    def __init__(self, settings: Settings, models: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self._settings = settings
        sizes = {size: percent_words(size / 100) for size in TEXT_SIZES}
        names = {"": tr("Default")} | {name: name for name in dict.fromkeys([*models, settings.model or ""]) if name}
        tongues = {"": tr(THEMES[ThemeChoice.SYSTEM])} | SHIPPED
        self.language = _choice(tongues, settings.language, tr("Language"))
        self.theme = _choice(_in_words(THEMES), settings.theme, tr("Theme"))
        self.text_size = _choice(sizes, settings.text_size, tr("Text size"))
        self.own_digits = QCheckBox(tr("Persian digits in Persian"))
        self.own_digits.setChecked(settings.own_digits)
        self.wheel = _choice(_in_words(WHEELS), settings.wheel, tr("Mouse wheel over the film"))
        self.model = _choice(names, settings.model or "", tr("Model"))
        self.device = _choice(_in_words(DEVICES), settings.device, tr("Device"))
        self.comparison = ComparisonRows(settings, self)
        self.heights = _choice(REFERENCE_NAMES, settings.height_reference, tr("Height compared with"))
        self.keep_recent = QCheckBox(tr("Remember opened files"))
        self.keep_recent.setChecked(settings.keep_recent)
        self.keep_recent.setToolTip(tr(RECENT_TIP))
        self.keep_worklist = QCheckBox(tr("Keep what is entered (worklist)"))
        self.keep_worklist.setChecked(settings.keep_worklist)
        rights = tr(OWNER_ALONE) if has_owner_rights() else tr(NO_OWNER_RIGHTS)
        self.keep_worklist.setToolTip(f"{tr(KEPT_NOTE)} {rights}")
        self.keep_worklist.toggled.connect(self.keep_recent.setEnabled)
        self.keep_recent.setEnabled(settings.keep_worklist)
        self.reader = QLineEdit(settings.reader_name)
        self.reader.setMaxLength(64)
        self.reader.setPlaceholderText(tr("stands with what you decide"))
        self.blind_first = QCheckBox(tr("Ask for the reader's age before the model's is shown"))
        self.blind_first.setChecked(settings.blind_first)
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(9)
        self.own_digits.setAccessibleName(tr("Persian digits in Persian"))
        self.keep_recent.setAccessibleName(tr("Remember opened files"))
        self.keep_worklist.setAccessibleName(tr("Keep what is entered in the worklist"))
        self.reader.setAccessibleName(tr("Reader's name"))
        self.blind_first.setAccessibleName(tr("Ask for the reader's age before the model's is shown"))
        form.addRow(tr("&Language"), self.language)
        form.addRow(tr("&Theme"), self.theme)
        form.addRow(tr("Te&xt size"), self.text_size)
        form.addRow(tr("Numbers"), self.own_digits)
        form.addRow(tr("Mouse &wheel over the film"), self.wheel)
        form.addRow(tr("&Model"), self.model)
        form.addRow(tr("&Device"), self.device)
        self.comparison.add_to(form)
        form.addRow(tr("&Height compared with"), self.heights)
        form.addRow(tr("&Reader's name"), self.reader)
        form.addRow(tr("Order of reading"), self.blind_first)
        form.addRow(tr("Privacy"), self.keep_worklist)
        form.addRow("", self.keep_recent)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        lay_out_scrolled(self, form, buttons)

    def accept(self) -> None:
        """Write the settings, unless the chosen reference cannot be used."""
        if not self.comparison.save():
            return
        settings = self._settings
        settings.language = self.language.currentData()
        settings.theme = self.theme.currentData()
        settings.text_size = self.text_size.currentData()
        settings.own_digits = self.own_digits.isChecked()
        settings.wheel = self.wheel.currentData()
        settings.model = self.model.currentData() or None
        settings.device = self.device.currentData()
        settings.height_reference = self.heights.currentData()
        settings.keep_recent = self.keep_recent.isChecked()
        settings.keep_worklist = self.keep_worklist.isChecked()
        settings.reader_name = self.reader.text()
        settings.blind_first = self.blind_first.isChecked()
        settings.save()
        super().accept()


def _in_words(texts: dict) -> dict:  # type: ignore[type-arg]
    return {value: tr(text) for value, text in texts.items()}


def _choice(texts: dict, now: object, name: str) -> QComboBox:  # type: ignore[type-arg]
    box = QComboBox()
    box.setAccessibleName(name)
    for value, text in texts.items():
        box.addItem(text, value)
    box.setCurrentIndex(list(texts).index(now) if now in texts else 0)
    return box
