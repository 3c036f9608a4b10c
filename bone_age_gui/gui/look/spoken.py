"""The language of the window: our own texts, Qt's own, and the direction in which both are read."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from bone_age_gui.wording.language import first_known, is_right_to_left, speak, tr, use_own_digits

QT_WORDS = "qt-words"


def speak_in_window(app: QApplication, language: str, own_digits: bool = True) -> None:
    """Change the language of the program; what is shown already has to be made anew.

    ``own_digits``: whether a language that has digits of its own writes numbers with them.
    """
    speak(language)
    use_own_digits(own_digits)
    for old in app.findChildren(QTranslator, QT_WORDS):
        app.removeTranslator(old)
        old.deleteLater()
    words = QTranslator(app)
    words.setObjectName(QT_WORDS)
    if words.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(words)
    direction = Qt.LayoutDirection.RightToLeft if is_right_to_left() else Qt.LayoutDirection.LeftToRight
    app.setLayoutDirection(direction)
    app.setApplicationDisplayName(tr("Bone Age"))


def language_for(chosen: str) -> str:
    """The chosen language, or the first of the system's that is offered."""
    return chosen or first_known(QLocale.system().uiLanguages())
