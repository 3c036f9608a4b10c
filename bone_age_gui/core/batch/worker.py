"""What a worker process does with a film: walk it along the line up to the network, and send back only what is small.

The network itself runs elsewhere, so that a worker starts fast and stays small: no ONNX Runtime here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from bone_age_gui.core.batch.films import BatchFilm
from bone_age_gui.core.batch.patients import GivenPatient
from bone_age_gui.core.model.roles import Preparer
from bone_age_gui.core.pipeline import demand_sex, open_case, override_patient, prepare, with_patient
from bone_age_gui.core.reader.read import Read, read_radiograph
from bone_age_gui.core.values.errors import BoneAgeError, bug_error
from bone_age_gui.core.values.reading import Reading
from bone_age_gui.core.values.types import Case

THUMBNAIL = 64
"""Longest side of a thumbnail in pixels."""
_SAMPLES = 5
"""Pixels of a film, across and down, that a pixel of its thumbnail is made of, if it has so many."""
NO_PIXELS = np.zeros((0, 0), np.uint16)


@dataclass(frozen=True)
class BatchCase:
    """A film on its way through a batch: ready for the network, estimated, or refused.

    Attributes
    ----------
    case : Case
        With every tag, notice and caption, but without pixels, except those of the network's stage;
        ``case.error`` says why it was refused.
    thumbnail : numpy.ndarray or None
        uint8 (h, w).
    """

    film: BatchFilm
    case: Case
    thumbnail: np.ndarray | None = None


def prepare_film(film: BatchFilm, model: Preparer, read: Read = read_radiograph) -> BatchCase:
    """Read and prepare one film; a failure is put into the case, never raised, but for the want of memory."""
    case, thumbnail = Case(path=film.path), None
    try:
        case = replace(open_case(film.path, read), insisted=film.insisted)
        thumbnail = small_picture(case)
        case = prepare(case, model)
    except BoneAgeError as error:
        case = replace(case, error=error)
    except MemoryError:  # beyond the memory of this process, which its owner reports
        raise
    except Exception as error:  # a bug in one film's way must not lose the others
        case = replace(case, error=bug_error(error))
    case = _with_given(_without_pixels(case), film.given)
    return BatchCase(film, demand_sex(case) if film.demands_sex else case, thumbnail)


def refused(film: BatchFilm, error: BoneAgeError) -> BatchCase:
    """The refusal of a film for which no worker returned anything."""
    return BatchCase(film, _with_given(Case(path=film.path, error=error), film.given))


def _with_given(case: Case, given: GivenPatient | None) -> Case:
    """Put what the table of patients says over what the film says."""
    if given is None:
        return case
    reading = Reading(given.reader_age_months, None) if given.reader_age_months is not None else case.reading
    return replace(with_patient(case, override_patient(case.patient, given.patient)), reading=reading)


def _without_pixels(case: Case) -> Case:
    if case.radiograph is None:
        return case
    stages = tuple(replace(stage, pixels=NO_PIXELS) for stage in case.stages[:-1]) + case.stages[-1:]
    return replace(case, radiograph=replace(case.radiograph, pixels=NO_PIXELS), stages=stages)


def small_picture(case: Case) -> np.ndarray | None:
    """A thumbnail: uint8 (h, w), longest side ``THUMBNAIL``; ``None`` without a radiograph."""
    if case.radiograph is None:
        return None
    pixels = case.radiograph.pixels
    # Averaging every pixel of 2000x2500 takes 11 ms, a tenth of all that a film costs; every seventh will do.
    step = max(1, max(pixels.shape) // (_SAMPLES * THUMBNAIL))
    pixels = pixels[::step, ::step]
    scale = THUMBNAIL / max(pixels.shape)
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint16)
    return (small >> 8).astype(np.uint8)
