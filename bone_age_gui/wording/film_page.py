"""How a film was read, and what the program is: names and values of two pages of text."""

from __future__ import annotations

from collections.abc import Mapping

from bone_age_gui.core.values.types import PixelSpacing, Radiograph
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import UNKNOWN
from bone_age_gui.wording.window import STEP_WORDS

PIXELS, NOTES, TIMES = "How the pixels were made", "Notes", "Time"
"""Headings below the table of a film."""
PURPOSE = (
    "Estimates bone age from a child's hand radiograph, shows every preprocessing stage, and compares the estimate "
    "with the chronological age at the study date."
)
TRANSLATIONS = (
    "The translations have not been reviewed by a radiologist who grew up with the language. To correct one, send the "
    "makers of this program the text as it is shown, and as it should read. Whoever has the source finds the texts in "
    "resources/i18n."
)
TERMS = "Everything is computed on this computer. Apache-2.0."
_DICOM, _PICTURE = "DICOM", "Picture"
_SIZE = "{width} \N{MULTIPLICATION SIGN} {height} pixels, {bits} bits stored"
_AT_DETECTOR = (
    "{row:g} \N{MULTIPLICATION SIGN} {column:g} mm, at the detector plane: distances include the magnification"
)
_AT_PATIENT = "{row:g} \N{MULTIPLICATION SIGN} {column:g} mm, at the patient"
_SECONDS = "{seconds:.3f} s"


def film_rows(radiograph: Radiograph) -> list[tuple[str, str]]:
    """How a film was read, without its patient."""
    height, width = radiograph.pixels.shape
    return [
        (tr("Kind"), _DICOM if radiograph.source == "dicom" else tr(_PICTURE)),
        (tr("Size"), fill(_SIZE, {"width": width, "height": height, "bits": radiograph.bits})),
        (tr("Pixel spacing"), _spacing_words(radiograph.spacing)),
        (tr("Modality"), radiograph.modality or tr(UNKNOWN)),
        (tr("Body part"), radiograph.body_part or tr(UNKNOWN)),
        (tr("Side"), radiograph.laterality or tr(UNKNOWN)),
    ]


def time_rows(timings: Mapping[str, float]) -> list[tuple[str, str]]:
    """How long each part of the work took, in seconds."""
    return [(tr(STEP_WORDS.get(step, step)), fill(_SECONDS, {"seconds": seconds})) for step, seconds in timings.items()]


def _spacing_words(spacing: PixelSpacing | None) -> str:
    if spacing is None:
        return tr(UNKNOWN)
    template = _AT_DETECTOR if spacing.plane == "detector" else _AT_PATIENT
    return fill(template, {"row": spacing.row_mm, "column": spacing.column_mm})
