"""Warnings above the film: the notices that must not be overlooked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from bone_age_gui.gui.look.icons import pixmap
from bone_age_gui.gui.look.theme import current_theme


class Banner(QFrame):
    """One line per loud notice; hidden where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setAccessibleName("Warnings")
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.setSpacing(8)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._text, 1)
        self.hide()

    def show_texts(self, texts: Sequence[str]) -> None:
        """Show these, or hide."""
        self._text.setText("\n".join(texts))
        self.setAccessibleDescription(self._text.text())
        self.setVisible(bool(texts))

    def refresh_icons(self) -> None:
        """Draw the sign in the colours of the theme."""
        self._icon.setPixmap(pixmap("warning", current_theme().warning, 18, self.devicePixelRatioF()))
