"""What a worker process does with a film: read it, run the stages, and send back only what is small.

No ONNX Runtime here: a worker starts fast and stays small.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

import cv2
import numpy as np

from bone_age_gui.core.reader import codecs as reader_codecs
from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.stages.preprocess import PreprocessingSpec, network_input, run_stages
from bone_age_gui.core.values.bug import bug_error
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Case

THUMBNAIL = 64
"""Longest side of a thumbnail in pixels."""
_SAMPLES = 5
"""Pixels of a film, across and down, that a pixel of its thumbnail is made of, if it has so many."""
_NO_PIXELS = np.zeros((0, 0), np.uint16)


@dataclass(frozen=True)
class Prepared:
    """A film that is ready for the network, or refused.

    Attributes
    ----------
    case : Case
        With every tag, notice and caption, but without pixels; ``case.error`` says why it was refused.
    inputs : numpy.ndarray or None
        float32 (1, channels, height, width).
    thumbnail : numpy.ndarray or None
        uint8 (h, w).
    """

    number: int
    case: Case
    inputs: np.ndarray | None = None
    thumbnail: np.ndarray | None = None


def prepare_film(number: int, path: Path, spec: PreprocessingSpec) -> Prepared:
    """Read and prepare one film; never raises, a failure is put into the case."""
    case = Case(path=path)
    thumbnail = None
    started = time.perf_counter()
    try:
        film = read_radiograph(path)
        case = replace(
            case,
            patient=film.patient,
            radiograph=replace(film, pixels=_NO_PIXELS),
            notices=film.notices,
            timings={"read": time.perf_counter() - started},
        )
        thumbnail = small_picture(film.pixels)
        started = time.perf_counter()
        stages = run_stages(film.pixels, spec)
        inputs = network_input(stages, spec)
        timings = {**case.timings, "prepare": time.perf_counter() - started}
        stages = tuple(replace(stage, pixels=_NO_PIXELS) for stage in stages)
        return Prepared(number, replace(case, stages=stages, timings=timings), inputs, thumbnail)
    except BoneAgeError as error:
        return Prepared(number, replace(case, error=error), None, thumbnail)
    except Exception as error:  # a bug in one film's way must not lose the others
        return Prepared(number, replace(case, error=bug_error(error)), None, thumbnail)


def small_picture(pixels: np.ndarray) -> np.ndarray:
    """uint8 (h, w), longest side ``THUMBNAIL``, of a uint16 film."""
    # Averaging every pixel of 2000x2500 takes 11 ms, a tenth of all that a film costs; every seventh will do.
    step = max(1, max(pixels.shape) // (_SAMPLES * THUMBNAIL))
    pixels = pixels[::step, ::step]
    scale = THUMBNAIL / max(pixels.shape)
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint16)
    return (small >> 8).astype(np.uint8)


def serve(connection: Connection, spec: PreprocessingSpec) -> None:
    """Body of a worker process: say that it is ready, then answer ``(number, path)`` until ``None`` comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which ends us
    cv2.setNumThreads(1)
    reader_codecs.use_threads(1)
    _silence()
    try:
        connection.send(None)
        while (task := connection.recv()) is not None:
            number, path = task
            connection.send(prepare_film(number, path, spec))
    except (EOFError, OSError):
        return  # the parent is gone


def _silence() -> None:
    """Let nothing out: what a decoder says of a broken file may quote the patient."""
    with open(os.devnull, "w") as nowhere, contextlib.suppress(OSError):  # a program without console has none
        for number in (1, 2):
            os.dup2(nowhere.fileno(), number)
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115  open for as long as the process lives
