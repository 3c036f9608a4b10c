"""The stages side by side, in order, with linked zoom and pan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bone_age_gui.core.values.types import Case, Stage
from bone_age_gui.gui.look.widgets import CaptionLabel, ScaledLabel, scrolling, set_property
from bone_age_gui.gui.view.canvas import Place
from bone_age_gui.gui.view.heat import heat_on_network
from bone_age_gui.gui.view.image import ImageView
from bone_age_gui.gui.view.joint_marks import marks_on_stage
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.tiles import stage_name, tile_words
from bone_age_gui.wording.window_messages import STAGES_COME

CAPTION_LINES = 2


class StageTile(QFrame):
    """One stage with its number, title and caption."""

    chosen = Signal()

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stageTile")
        self.view = ImageView(stage_name(number))
        self.view.activated.connect(self.chosen)
        self._number = number
        self._stage: Stage | None = None
        self._title = ScaledLabel("", bold=True)  # never cut: the strip scrolls where it is too narrow
        self._caption = CaptionLabel(CAPTION_LINES, 0.88, "caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(2)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._title)
        layout.addWidget(self._caption)

    def show_stage(self, stage: Stage) -> None:
        """Show a stage; its view keeps its place."""
        if stage is self._stage:
            return
        self._stage = stage
        self.view.set_pixels(stage.pixels, keep_place=True)
        words = tile_words(self._number, stage.fact)
        self.view.setAccessibleName(words.name)
        self.view.setAccessibleDescription(words.description)
        self._title.setText(words.title)
        self._caption.setText(words.caption)
        self.setToolTip(words.tip)

    def set_chosen(self, chosen: bool) -> None:
        """Frame the stage that is shown large."""
        set_property(self, "chosen", "true" if chosen else "false")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The caption opens the stage too."""
        self.chosen.emit()
        event.accept()


class StagesPanel(QWidget):
    """A row of tiles.

    Attributes
    ----------
    stage_wanted : Signal(int)
        A stage (1, 2, ...) is to be shown large; 0 asks for the original again.
    """

    stage_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stageStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Stages"))
        self._tiles: list[StageTile] = []
        self._chosen = 0
        self._placeholder = QLabel(tr(STAGES_COME))
        self._placeholder.setProperty("role", "placeholder")
        self._placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._placeholder.setWordWrap(True)
        inside = QWidget()
        inside.setObjectName("stageStrip")
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(6, 4, 6, 6)
        self._row.setSpacing(5)
        self._row.addWidget(self._placeholder, 1)
        self._area = scrolling(inside)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        self.setMinimumHeight(80)

    def show_case(self, case: Case | None, chosen: int, waiting_text: str = "") -> None:
        """Show the stages of a case; ``waiting_text`` is shown where there are none yet."""
        stages = case.stages if case is not None else ()
        self._set_count(len(stages))
        for tile, stage in zip(self._tiles, stages, strict=False):
            tile.show_stage(stage)
        self._placeholder.setVisible(not stages)
        self._placeholder.setText(waiting_text or tr(STAGES_COME))
        self._chosen = chosen
        for number, tile in enumerate(self._tiles, 1):
            tile.set_chosen(number == chosen)
            if number == chosen:
                self._area.ensureWidgetVisible(tile)

    def show_heat(self, stages: Sequence[Stage], heat: np.ndarray | None) -> None:
        """Lay the heat map over the network stage, or take it away."""
        for tile, stage in zip(self._tiles, stages, strict=False):
            tile.view.set_heat(heat_on_network(heat, stage))

    def show_joints(self, case: Case | None, wanted: bool) -> None:
        """Draw the joints over the stage that was cut out by them, or take them away."""
        for tile, stage in zip(self._tiles, case.stages if case is not None else (), strict=False):
            tile.view.set_joints(marks_on_stage(case, stage) if case is not None and wanted else ())

    def fit(self) -> None:
        """Zoom every stage so that it is seen whole."""
        self._follow(None, Place())

    def _set_count(self, count: int) -> None:
        while len(self._tiles) < count:
            number = len(self._tiles) + 1
            tile = StageTile(number)
            tile.view.set_place(self._tiles[0].view.place if self._tiles else Place())
            tile.chosen.connect(lambda number=number: self._toggle(number))
            tile.view.place_changed.connect(lambda place, tile=tile: self._follow(tile, place))
            self._tiles.append(tile)
            self._row.addWidget(tile, 1)
        for index, tile in enumerate(self._tiles):
            tile.setVisible(index < count)

    def _toggle(self, number: int) -> None:
        self.stage_wanted.emit(0 if number == self._chosen else number)

    def _follow(self, mover: QObject | None, place: Place) -> None:
        for tile in self._tiles:
            if tile is not mover:
                tile.view.set_place(place)
