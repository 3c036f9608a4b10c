"""Announces to screen readers what changes by itself."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from bone_age_gui.wording.marks import without_marks


def announce(widget: QWidget, text: str) -> None:
    """Let a screen reader say a text, when it has ended what it is saying."""
    event = QAccessibleAnnouncementEvent(widget, without_marks(text))
    event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
    QAccessible.updateAccessibility(event)
