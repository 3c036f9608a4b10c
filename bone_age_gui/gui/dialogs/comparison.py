"""The part of the settings about the comparison of ages: reference, limit, cut-offs, sex."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from bone_age_gui.core.growth import THRESHOLD_RANGE, GrowthReference
from bone_age_gui.core.values.cut_offs import LOWER_RANGE, UPPER_RANGE, CutOffs
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.look.decimal_box import DecimalBox
from bone_age_gui.gui.look.widgets import from_left
from bone_age_gui.gui.settings import Settings
from bone_age_gui.wording.errors import error_words
from bone_age_gui.wording.language import mark, tr
from bone_age_gui.wording.settings import BEYOND_ABOVE, NORMAL_BELOW

BRUSH_NAME = mark("Brush Foundation")


class ComparisonRows:
    """Rows of a form; ``problem`` says what is wrong with the file that was chosen."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        self._settings = settings
        self._parent = parent
        self.threshold = DecimalBox()
        self.threshold.setRange(*THRESHOLD_RANGE)
        self.threshold.setSingleStep(0.1)
        self.threshold.setDecimals(1)
        self.threshold.setSuffix(" SD")
        self.threshold.setValue(settings.threshold_sd)
        cut_offs = settings.cut_offs
        self.below = _percent(LOWER_RANGE, cut_offs.normal_below, NORMAL_BELOW)
        self.above = _percent(UPPER_RANGE, cut_offs.beyond_above, BEYOND_ABOVE)
        self.reference = from_left(QLineEdit(str(settings.own_reference or "")))
        self.reference.setPlaceholderText(tr(BRUSH_NAME))
        self.reference.setClearButtonEnabled(True)
        for button in self.reference.findChildren(QToolButton):
            button.setAccessibleName(tr("Clear the reference"))
        self.browse = QPushButton(tr("Browse…"))
        self.browse.clicked.connect(self._browse)
        self.demand_sex = QCheckBox(tr("Estimate only where the sex is known"))
        self.demand_sex.setChecked(settings.demand_sex)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setProperty("role", "error")
        self.problem.hide()
        for widget, name in (
            (self.threshold, tr("Advanced or delayed beyond")),
            (self.reference, tr("File with the reference of bone ages")),
            (self.browse, tr("Choose a file with the reference of bone ages")),
            (self.demand_sex, tr("Estimate only where the sex is known")),
        ):
            widget.setAccessibleName(name)

    def add_to(self, form: QFormLayout) -> None:
        """Lay the rows out."""
        file = QHBoxLayout()
        file.addWidget(self.reference, 1)
        file.addWidget(self.browse)
        firm = QHBoxLayout()
        firm.setSpacing(8)
        firm.addWidget(self.below)
        firm.addWidget(QLabel(tr("to")))
        firm.addWidget(self.above)
        firm.addStretch(1)
        form.addRow(_label(tr("Bone ages co&mpared with"), self.reference), file)
        form.addRow("", self.problem)
        form.addRow(tr("&Advanced or delayed beyond"), self.threshold)
        form.addRow(_label(tr("&Borderline from"), self.below), firm)
        form.addRow(tr("Sex"), self.demand_sex)

    def save(self) -> bool:
        """Write the settings; false, with the reason shown, where the file cannot be used."""
        text = self.reference.text().strip()
        own = Path(text) if text else None
        if own is not None:
            try:
                GrowthReference.load(own)
            except BoneAgeError as error:
                self.problem.setText(error_words(error).message)
                self.problem.show()
                self.reference.setFocus()
                return False
        self._settings.own_reference = own
        self._settings.threshold_sd = round(self.threshold.value(), 1)
        self._settings.cut_offs = CutOffs(round(self.below.value()) / 100, round(self.above.value()) / 100)
        self._settings.demand_sex = self.demand_sex.isChecked()
        return True

    def _browse(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._parent, tr("Reference of bone ages"), "", f"{tr('Tables')} (*.json)"
        )
        if name:
            self.reference.setText(name)
            self.problem.hide()


def _label(text: str, first: QWidget) -> QLabel:
    """The label of a row of several controls: its letter leads to the first of them."""
    label = QLabel(text)
    label.setBuddy(first)
    return label


def _percent(limits: tuple[float, float], value: float, words: tuple[str, str]) -> DecimalBox:
    box = DecimalBox()
    box.setDecimals(0)
    box.setRange(round(100 * limits[0]), round(100 * limits[1]))
    box.setSuffix(" %")
    box.setValue(round(100 * value))
    name, tip = words
    box.setAccessibleName(tr(name))
    box.setToolTip(tr(tip))
    return box
