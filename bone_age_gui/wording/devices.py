"""Why the network does not run on the GPU, as the end of a line: ``"using the CPU: no NVIDIA driver found (...)"``."""

from __future__ import annotations

from bone_age_gui.core.values.facts import Fact
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import device_words

DEVICE_NOTES = {
    "macos": "CUDA does not exist on macOS",
    "no_driver": "no NVIDIA driver found ({library} cannot be loaded)",
    "broken_driver": "the NVIDIA driver is broken ({library} lacks cuInit)",
    "driver_stops": "the NVIDIA driver does not start (error {status} from {library})",
    "no_device": "the NVIDIA driver sees no device",
    "cpu_package": "this package of the program is made for the CPU (the package bone-age-cuda has CUDA)",
    "cpu_runtime": "this ONNX Runtime was built without CUDA (the package onnxruntime-gpu has it)",
    "provider": "the CUDA provider failed ({problem})",
    "no_libraries": "the CUDA or cuDNN libraries of ONNX Runtime cannot be loaded: install "
    "onnxruntime-gpu[cuda,cudnn], or a newer driver",
    "missing_libraries": "the CUDA or cuDNN libraries of ONNX Runtime cannot be loaded ({missing}): install "
    "onnxruntime-gpu[cuda,cudnn], or a newer driver",
}
"""By the code that ``core.model.devices`` and ``core.model.predictor`` give."""
_RUNS_ON = "The network runs on the {device}."
_RUNS_ON_BECAUSE = "The network runs on the {device}, because {note}."
_DEVICE_AND_NOTE = "{device} ({note})"


def device_sentence(device: str, note: Fact | str | None) -> str:
    """What the network runs on, and why it is not the GPU."""
    details = {"device": device_words(device)}
    if note is None:
        return fill(_RUNS_ON, details)
    return fill(_RUNS_ON_BECAUSE, {**details, "note": device_note(note)})


def device_and_note(device: str, note: Fact | str | None) -> str:
    """``"CPU (the NVIDIA driver sees no device)"``."""
    words = device_words(device)
    return words if note is None else fill(_DEVICE_AND_NOTE, {"device": words, "note": device_note(note)})


def device_note(note: Fact | str) -> str:
    """The words, or those that an earlier version kept."""
    return note if isinstance(note, str) else fill(DEVICE_NOTES[note.code], note.details)
