"""Report > Send to the archive: which archive, and which reports."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from bone_age_gui.report.film import FILM_ENDINGS
from bone_age_gui.report.formats import CASE_FORMATS, FILM_FORMATS
from bone_age_gui.wording.archive import NO_REPORT
from bone_age_gui.wording.dialogs import ABOUT_SENDING
from bone_age_gui.wording.language import tr

SENT = tuple(name for name in FILM_FORMATS if FILM_ENDINGS[name].endswith(".dcm"))
"""Formats that an archive takes."""


class SendDialog(QDialog):
    """Asks; ``node`` and ``formats`` hold the answer."""

    def __init__(self, nodes: Sequence[str], last: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Send to the archive"))
        self._node = QComboBox()
        self._node.setAccessibleName(tr("Archive"))
        self._node.addItems(list(nodes))
        self._node.setCurrentIndex(max(0, self._node.findText(last)))
        self.boxes = {name: QCheckBox(tr(CASE_FORMATS[name].title)) for name in SENT}
        for name, box in self.boxes.items():
            box.setChecked(name == SENT[0])
            box.toggled.connect(self._check)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("&Send"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        about = QLabel(tr(ABOUT_SENDING))
        about.setWordWrap(True)
        form = QFormLayout()
        form.addRow(tr("A&rchive"), self._node)
        for number, box in enumerate(self.boxes.values()):
            form.addRow(tr("Reports") if number == 0 else "", box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(440)

    @property
    def node(self) -> str:
        """Name of the archive."""
        return self._node.currentText()

    @property
    def formats(self) -> tuple[str, ...]:
        """What is to be sent."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    def _check(self) -> None:
        button = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        button.setEnabled(bool(self.formats))
        button.setToolTip("" if self.formats else tr(NO_REPORT))
