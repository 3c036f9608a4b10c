"""The Estimate button, and why it cannot be pressed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from bone_age_gui.gui.look.widgets import ScaledLabel
from bone_age_gui.wording.actions import estimate_tip
from bone_age_gui.wording.language import tr

HINT = "Ctrl+Return"


class EstimateBar(QWidget):
    """Estimate, with the reason below it where it is disabled."""

    estimate_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QPushButton(tr("Estimate"))
        self.button.setProperty("primary", "true")
        self.button.setAccessibleName(tr("Estimate the bone age"))
        self.button.clicked.connect(self.estimate_wanted)
        self.reason = ScaledLabel("", 0.92, role="muted")
        self.reason.setWordWrap(True)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.button)
        layout.addWidget(self.reason)

    def show_state(self, reason: str | None, is_said: bool = False) -> None:
        """Enabled where there is no reason against it; a reason that the form above shows already is not repeated."""
        self.button.setEnabled(reason is None)
        self.reason.setText(reason or "")
        self.reason.setVisible(reason is not None and not is_said)
        self.button.setToolTip(reason or estimate_tip(HINT))
        self.button.setAccessibleDescription(reason or HINT)
