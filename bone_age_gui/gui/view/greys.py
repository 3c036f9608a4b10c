"""A film's greys in its own units, and the display windows that are offered for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bone_age_gui.core.values.types import Radiograph
from bone_age_gui.gui.view.qimage import GREYS, Windowing
from bone_age_gui.wording.film_marks import level_words

TOP = float(GREYS - 1)
SANE_SHARE = 0.5
"""The file's own window is taken at opening if what the film shows fills at least this share of it."""


class Preset(StrEnum):
    """The display windows that a person may choose by name."""

    AUTO = "auto"
    FILE = "file"
    FULL = "full"


@dataclass(frozen=True)
class GreyScale:
    """The film's own units: its values at grey 0 and at grey 65535; in per cent of the range where they are unknown.

    ``excess`` is what a width is stated above the distance from black to white: 1 in DICOM (PS3.3 C.11.2.1.2).
    """

    black: float = 0.0
    white: float = 100.0
    unit: str = " %"
    excess: float = 0.0

    def values(self, windowing: Windowing) -> tuple[float, float]:
        """Width and level in the film's units."""
        step = (self.white - self.black) / TOP
        return abs(step) * windowing.width + self.excess, self.black + step * windowing.centre + self.excess / 2

    def windowing(self, width: float, level: float, inverted: bool = False) -> Windowing:
        """A display window from width and level in the film's units.

        Raises
        ------
        ValueError
            If the width is none.
        """
        width, level = width - self.excess, level - self.excess / 2
        if not width > 0:
            raise ValueError(width)
        step = (self.white - self.black) / TOP
        return Windowing((level - self.black) / step, width / abs(step), inverted)

    def words(self, windowing: Windowing) -> str:
        """``"W 4096  L 2048"``."""
        width, level = self.values(windowing)
        return level_words(width, level, self.unit, is_fine=abs(self.white - self.black) < 20)


@dataclass(frozen=True)
class Greys:
    """How a picture's greys may be shown.

    Attributes
    ----------
    auto : Windowing
        By the histogram of the exposed field.
    has_window : bool
        Whether the file brings a window of its own; the reader has applied it, so it is the whole range of the pixels.
    """

    scale: GreyScale = field(default_factory=GreyScale)
    auto: Windowing = field(default_factory=Windowing)
    has_window: bool = False

    @property
    def first(self) -> Windowing:
        """What a film opens with: the file's own window where it fits the film, else the automatic one."""
        if self.has_window and self.auto.width >= SANE_SHARE * TOP:
            return Windowing()
        return self.auto

    def preset(self, which: Preset) -> Windowing:
        """The display window of that name."""
        return self.auto if which is Preset.AUTO else Windowing()


def between(black: float, white: float) -> Windowing:
    """The display window that shows these grey values (0 to 65535) as black and as white."""
    return Windowing((black + white) / 2, white - black)


def greys_of(film: Radiograph, black: float, white: float) -> Greys:
    """Units and display windows of a film whose field lies between these grey values (0 to 65535)."""
    scale = GreyScale()  # per cent of the range where its units are not known
    if film.units is not None:
        scale = GreyScale(film.units.black, film.units.white, "", 1.0 if film.source == "dicom" else 0.0)
    return Greys(scale, between(black, white), film.has_window)
