"""The page of the empty window: open films, a folder, the sample or the films of last time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from bone_age_gui.gui.look.icons import icon
from bone_age_gui.gui.look.theme import ON_FILM
from bone_age_gui.gui.look.widgets import ScaledLabel
from bone_age_gui.wording.dialogs import NO_RECENT_YET, RECENT_NOT_KEPT
from bone_age_gui.wording.language import mark, tr

TARGETS = (
    ("open", "open", mark("Open a film"), mark("Radiographs as DICOM, PNG, JPEG, TIFF or WebP")),
    ("open_folder", "folder", mark("Open a folder"), mark("Every film in it and below it")),
    ("open_sample", "state-ready", mark("Open the sample"), mark("The drawn phantom that comes with the program")),
)
"""Name of the action, icon, text and tip."""
MOST_RECENT = 5
ICON = 28


class StartPage(QWidget):
    """Large targets in the place of the film.

    Attributes
    ----------
    wanted : Signal(str)
        Name of the action that was chosen.
    film_wanted : Signal(object)
        Path of a film of last time.
    """

    wanted = Signal(str)
    film_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("startPage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Begin"))
        self._icons: list[tuple[QPushButton, str]] = []
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        targets = QVBoxLayout()
        targets.setSpacing(8)
        for name, sign, text, tip in TARGETS:
            targets.addWidget(self._target(name, sign, tr(text), tr(tip)))
        heading = ScaledLabel(tr("Open a hand radiograph, or drop one here"), 1.25, bold=True)
        heading.setWordWrap(True)
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout()
        column.setSpacing(14)
        column.addStretch(1)
        column.addWidget(heading)
        column.addLayout(targets)
        column.addLayout(self._recent)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addLayout(column, 3)
        row.addStretch(1)
        self.show_recent([], is_kept=False)

    def _target(self, name: str, sign: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("target", "true")
        button.setToolTip(tip)
        button.setAccessibleDescription(tip)
        button.setIconSize(QSize(ICON, ICON))
        button.clicked.connect(partial(self._choose, name))
        self._icons.append((button, sign))
        return button

    def _choose(self, name: str, _checked: bool = False) -> None:
        self.wanted.emit(name)

    def show_recent(self, paths: Sequence[Path], is_kept: bool) -> None:
        """Offer the films of last time, or say why there are none."""
        while (item := self._recent.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        title = ScaledLabel(
            tr("Films of last time") if paths else tr(NO_RECENT_YET) if is_kept else tr(RECENT_NOT_KEPT),
            0.95,
            role="onFilm",
        )
        title.setWordWrap(True)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._recent.addWidget(title)
        for path in paths[:MOST_RECENT]:
            button = QPushButton(path.name)
            button.setProperty("recent", "true")
            button.setToolTip(str(path))
            button.clicked.connect(partial(self._choose_film, path))
            self._recent.addWidget(button)

    def _choose_film(self, path: Path, _checked: bool = False) -> None:
        self.film_wanted.emit(path)

    def refresh_icons(self) -> None:
        """Draw the icons; the page is dark in every theme, like the film in whose place it is."""
        for button, sign in self._icons:
            button.setIcon(icon(sign, ON_FILM))
