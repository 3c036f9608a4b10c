"""Warnings above the film: the notices that must not be overlooked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from bone_age_gui.gui.look.icons import pixmap
from bone_age_gui.gui.look.theme import current_theme
from bone_age_gui.gui.look.widgets import scrolling
from bone_age_gui.wording.language import tr

QWIDGETSIZE_MAX = 16_777_215
"""Qt's own: no limit."""


class Banner(QFrame):
    """One line per loud notice; hidden where there is none. It scrolls where it would take too much of the film."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setAccessibleName(tr("Warnings"))
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
        self._area = scrolling(self._text)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self._text.setAutoFillBackground(False)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._most = QWIDGETSIZE_MAX
        layout.addWidget(self._area, 1)
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
        self._fit()

    def set_most(self, height: int) -> None:
        """So high the text is at most, in pixels, but never less than two lines."""
        self._most = height
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The text is wrapped anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        least = 2 * self._text.fontMetrics().lineSpacing()
        bar = self._area.verticalScrollBar().sizeHint().width()
        needed = self._text.heightForWidth(self._area.width())
        most = max(self._most, least)
        if needed > most:  # the bar takes some of the width
            needed = self._text.heightForWidth(self._area.width() - bar)
        self._area.setFixedHeight(max(0, min(needed, most)))  # Qt says -1 of no text

    def refresh_icons(self) -> None:
        """Draw the sign in the colours of the theme."""
        self._icon.setPixmap(pixmap("warning", current_theme().warning, 18, self.devicePixelRatioF()))
