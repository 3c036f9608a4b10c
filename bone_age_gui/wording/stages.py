"""The stages in words: titles and captions, made from the parameters that were really used."""

from __future__ import annotations

from collections.abc import Iterable

from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import fill

TITLES = {
    "cleaned": "Cleaned",
    "equalised": "Equalised",
    "sharpened": "Sharpened",
    "gamma": "Gamma",
    "network": "Network input",
}
CAPTIONS = {
    "cleaned": "{kept:.0f} % of the film kept",
    "cleaned joints": "{kept:.0f} % of the film kept, placed by the joints",
    "cleaned turned": "{kept:.0f} % of the film kept, turned upright by {turn:.0f}°",
    "cleaned turned joints": "{kept:.0f} % of the film kept, turned upright by {turn:.0f}°, placed by the joints",
    "cleaned no_outline": "no hand outline found, {kept:.0f} % of the film kept",
    "cleaned no_outline joints": "no hand outline found, {kept:.0f} % of the film kept, placed by the joints",
    "cleaned no_outline turned": "no hand outline found, {kept:.0f} % of the film kept, turned upright by {turn:.0f}°",
    "cleaned no_outline turned joints": (
        "no hand outline found, {kept:.0f} % of the film kept, turned upright by {turn:.0f}°, placed by the joints"
    ),
    "equalised": "{bins} bins, exposed field only",
    "sharpened": "Gaussian σ {sigma:g}, Laplacian × {strength:g}",
    "gamma": "O = I ^ {gamma:g}",
    "network": "{width} × {height} px",
}
"""By the stage's key; a cleaned film's says what was done to it."""
_STAGE_LINE = "{title}: {caption}"


def stage_title(stage: Fact) -> str:
    """``"Cleaned"``."""
    return tr(TITLES[stage.code]) if stage.code in TITLES else stage.code  # of another version's journal


def stage_caption(stage: Fact) -> str:
    """``"256 bins, exposed field only"``; empty for parameters that another version's journal holds."""
    try:
        return _caption(stage)
    except (LookupError, ValueError):
        return ""


def _caption(stage: Fact) -> str:
    details = dict(stage.details)
    key = stage.code
    if key == "cleaned":
        tilt = float(str(details["tilt"]))
        details |= {"kept": 100 * float(str(details["share"])), "turn": abs(tilt)}
        key += "" if details["found"] else " no_outline"
        key += " turned" if tilt else ""
        key += " joints" if details.get("by") == "joints" else ""
    return fill(CAPTIONS[key], details)


def stage_line(stage: Fact) -> str:
    """``"Cleaned: 81 % of the film kept"``."""
    return fill(_STAGE_LINE, {"title": stage_title(stage), "caption": stage_caption(stage)})


def stages_line(stages: Iterable[Fact]) -> str:
    """All stages on one line."""
    return "; ".join(stage_line(stage) for stage in stages)


def preprocessing_of(record: CaseRecord) -> str | None:
    """The stages of a record, or the words that an earlier version kept; ``None`` where there are none."""
    stages = record.preprocessing
    return stages if isinstance(stages, str) or stages is None else stages_line(stages)
