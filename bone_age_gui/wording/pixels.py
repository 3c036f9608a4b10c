"""How the pixels of a film were made, step by step, in words."""

from __future__ import annotations

from collections.abc import Iterable

from bone_age_gui.core.values.facts import Fact
from bone_age_gui.wording.templates import fill

STEPS = {
    "decoded": "{syntax} decoded",
    "uncompressed": "uncompressed",
    "bits": "{bits} bits",
    "cut": "values beyond the range cut to it",
    "right_justified": "right-justified, although the file says otherwise",
    "bits_dropped": "bits beside the film dropped",
    "left_justified": "left-justified: shifted by {bits} bits",
    "left_justified_unsaid": "left-justified, although the file says otherwise: shifted by {bits} bits",
    "more_bits": "more bits used than the file says",
    "colour": "colour channels made grey",
    "colour_ybr": "colour channels made grey, which are YBR whatever the file says",
    "colour_rgb": "colour channels made grey, which are RGB whatever the file says",
    "monochrome1": "MONOCHROME1 turned to bright bone",
    "modality_table": "modality look-up table applied",
    "rescaled": "rescaled by {slope:g} and {intercept:g}",
    "voi_table": "VOI look-up table applied",
    "window": "window {centre:g} / {width:g} ({function})",
    "stretched": "stretched from {low:g} to {high:g}",
    "stretched_of_16_bits": "stretched from {low:g} to {high:g} of 65535",
    "oblong": "pixels {ratio:.3g} times as high as wide: resampled to {columns} x {rows} square ones",
    "turned": "turned by its orientation {orientation}",
    "bright_background": "bright background: turned to bright bone",
}
"""By the code of a step of ``Radiograph.made_by``."""


def pixel_steps(made_by: Iterable[Fact]) -> list[str]:
    """Every step, in order."""
    return [fill(STEPS[step.code], step.details) for step in made_by]
