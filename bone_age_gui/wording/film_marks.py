"""What is written over a film: how it is turned, lengths, display window and zoom."""

from __future__ import annotations

from bone_age_gui.core.values.facts import Detail
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import fill

_TURNED = "View rotated {degrees}\N{DEGREE SIGN}: for viewing only"
_MIRRORED = "View mirrored: for viewing only"
_BOTH = "View rotated {degrees}\N{DEGREE SIGN} and mirrored: for viewing only"
_BAR, _BAR_AT_DETECTOR = "{length} mm", "{length} mm (detector plane)"
_LENGTH, _LENGTH_AT_DETECTOR = "{length:.1f} mm", "{length:.1f} mm (detector plane)"
_WHOLE_LEVEL = "W {width:.0f}{unit}  L {level:.0f}{unit}"
_FINE_LEVEL = "W {width:.2f}{unit}  L {level:.2f}{unit}"
_INVERTED = "{level}  inverted view"
_SIZE = "{width} \N{MULTIPLICATION SIGN} {height}  {zoom:.0f} %"


def orientation_words(turns: int, flipped: bool) -> str:
    """How the view differs from the film, in quarter turns; empty if it does not."""
    if not turns:
        return tr(_MIRRORED) if flipped else ""
    return fill(_BOTH if flipped else _TURNED, {"degrees": 90 * turns})


def bar_words(length_mm: int, plane: str) -> str:
    """The length of the scale bar, and the plane if that is the detector's."""
    return fill(_BAR_AT_DETECTOR if plane == "detector" else _BAR, {"length": length_mm})


def length_words(length_mm: float, plane: str) -> str:
    """``"48.3 mm"``, and the plane if that is the detector's."""
    return fill(_LENGTH_AT_DETECTOR if plane == "detector" else _LENGTH, {"length": length_mm})


def level_words(width: float, level: float, unit: str, is_fine: bool) -> str:
    """``"W 4096  L 2048"``; with two decimals where ``is_fine``."""
    details: dict[str, Detail] = {"width": width, "level": level, "unit": unit}
    return fill(_FINE_LEVEL if is_fine else _WHOLE_LEVEL, details)


def inverted_words(level: str) -> str:
    """The display window of a view whose dark and bright are swapped."""
    return fill(_INVERTED, {"level": level})


def size_words(width: int, height: int, scale: float) -> str:
    """``"1204 x 1604  58 %"``: the size in pixels, and screen pixels per pixel of the film."""
    return fill(_SIZE, {"width": width, "height": height, "zoom": 100 * scale})
