"""Warnings above the film: the notices that must not be overlooked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

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
        self._buttons: list[tuple[QAction, QPushButton]] = []
        self._is_refused = False
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.setSpacing(8)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._text, 1)
        self._row = layout
        self.hide()

    def offer(self, actions: Sequence[QAction]) -> None:
        """Buttons beside a refusal: those actions that can be done now."""
        for action in actions:
            button = QPushButton(action.text().replace("&", ""))
            button.setAccessibleName(button.text())
            button.clicked.connect(action.trigger)
            self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            self._buttons.append((action, button))
            action.changed.connect(self._show_offers)
        self._show_offers()

    def _show_offers(self) -> None:
        for action, button in self._buttons:
            button.setVisible(self._is_refused and action.isEnabled())
            button.setToolTip(action.toolTip())

    def show_texts(self, texts: Sequence[str], is_refused: bool = False) -> None:
        """Show these, or hide; ``is_refused`` where the first says why there is no estimate."""
        self._is_refused = is_refused
        self._show_offers()
        self._text.setText("\n".join(texts))
        self.setAccessibleDescription(self._text.text())
        self.setVisible(bool(texts))

    def refresh_icons(self) -> None:
        """Draw the sign in the colours of the theme."""
        self._icon.setPixmap(pixmap("warning", current_theme().warning, 18, self.devicePixelRatioF()))
