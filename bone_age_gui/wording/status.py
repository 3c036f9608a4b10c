"""The line at the window's foot: device, model, time and progress."""

from __future__ import annotations

from collections.abc import Mapping

from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import device_words
from bone_age_gui.wording.window import STEP_WORDS

NO_DEVICE, NO_MODEL = "No device", "No model"
LOADING = "Loading\N{HORIZONTAL ELLIPSIS}"
MODEL_LOADING = "The model is loading."
_NO_CUDA = "{device} (no CUDA)"
_MODEL = "{name} {version}"
_SECONDS = "{seconds:.2f} s"
_STEP = "{step}: {seconds:.3f} s"
_PROGRESS = "{done} of {total}"


def device_line(device: str, is_fallback: bool) -> str:
    """The device in use, and that CUDA is missing where it was hoped for."""
    words = device_words(device)
    return fill(_NO_CUDA, {"device": words}) if is_fallback else words


def model_line(name: str, version: str) -> str:
    """The model in use."""
    return fill(_MODEL, {"name": name, "version": version})


def seconds_words(seconds: float) -> str:
    """``"0.12 s"``."""
    return fill(_SECONDS, {"seconds": seconds})


def step_lines(timings: Mapping[str, float]) -> str:
    """How long each step took, one a line."""
    listed = [(tr(STEP_WORDS[step]), timings[step]) for step in STEP_WORDS if step in timings]
    return "\n".join(fill(_STEP, {"step": step, "seconds": seconds}) for step, seconds in listed)


def progress_line(done: int, total: int) -> str:
    """``"3 of 12"``."""
    return fill(_PROGRESS, {"done": done, "total": total})
