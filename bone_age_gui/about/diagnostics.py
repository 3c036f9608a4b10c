"""What runs here and on which device, and if not on CUDA, why and what an administrator can do about it.

No patient data and no names: the user's folder is written as ``~``.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from bone_age_gui import __version__, paths
from bone_age_gui.about.licences import licences
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.wording.devices import device_note
from bone_age_gui.wording.diagnostics import (
    CHOOSE_DEVICE,
    INSTALL_AGAIN,
    INSTALL_CUDA,
    INSTALL_DRIVER,
    NOTHING_ON_A_MAC,
    built_with,
    driver_words,
    memory_words,
    models_name,
    newer_driver_words,
    package_words,
)
from bone_age_gui.wording.errors import error_line
from bone_age_gui.wording.language import mark, tr
from bone_age_gui.wording.values import device_words

if TYPE_CHECKING:
    from bone_age_gui.core.model.predictor import Predictor

Sections = dict[str, dict[str, str]]
LIBRARIES = ("numpy", "opencv-python-headless", "pydicom", "imagecodecs", "PySide6-Essentials", "matplotlib")
NEXT_STEP = mark("What to do")
PROBLEM = mark("Problem")


def diagnose(model: str | None = None, device: str = "auto", predictor: Predictor | None = None) -> Sections:
    """Facts by section and title, all as text.

    Parameters
    ----------
    model, device : str
        What to load, as on the command line.
    predictor : Predictor, optional
        A loaded one; then nothing is loaded.
    """
    problem = None
    if predictor is None:
        predictor, problem = _load(model, device)
    return {
        tr("Program"): _program(),
        tr("Device"): _device(predictor),
        tr("Model"): _model(predictor, problem),
        tr("Reading"): _reading(),
        tr("Libraries"): _libraries(),
        tr("Surroundings"): _surroundings(),
    }


def as_text(sections: Mapping[str, Mapping[str, str]]) -> str:
    """The facts as lines for a terminal or a mail."""
    lines = []
    for section, facts in sections.items():
        width = max(len(title) for title in facts)
        lines += [section, *(f"  {title:<{width}}  {text}" for title, text in facts.items()), ""]
    return "\n".join(lines)


def _load(model: str | None, device: str) -> tuple[Predictor | None, BoneAgeError | None]:
    from bone_age_gui.core.model.bundle import find_bundle
    from bone_age_gui.core.model.predictor import Predictor

    try:
        return Predictor(find_bundle(model, paths.model_search_path()), device), None
    except BoneAgeError as error:
        return None, error


def _program() -> dict[str, str]:
    return {
        tr("Version"): __version__,
        tr("Installed as"): tr("stand-alone program") if getattr(sys, "frozen", False) else tr("Python package"),
        "Python": platform.python_version(),
        tr("System"): f"{platform.system()} {platform.release()}, {platform.machine()}",
        tr("Processors"): str(psutil.cpu_count() or tr("not known")),
        tr("Memory"): memory_words(psutil.virtual_memory().total / 2**30),
    }


def _device(predictor: Predictor | None) -> dict[str, str]:
    import onnxruntime

    from bone_age_gui.core.model.devices import driver_cuda, missing_driver, missing_provider

    no_provider = missing_provider(Path(onnxruntime.__file__).parent)
    no_driver = missing_driver()
    wanted = str(getattr(onnxruntime, "cuda_version", "") or "")
    drives = driver_cuda()
    driver = driver_words(f"{drives[0]}.{drives[1]}") if drives else tr("found")
    device = tr("not known: no model was loaded") if predictor is None else device_words(predictor.device)
    is_cuda = predictor is not None and predictor.device == "cuda"
    reason = predictor.fallback_reason if predictor is not None else None
    facts = {
        tr("In use"): device,
        tr("Why not CUDA"): device_note(reason or ""),
        tr("CUDA in this package"): device_note(no_provider or package_words(wanted)),
        "NVIDIA driver": device_note(no_driver or driver),
        "ONNX Runtime": built_with(onnxruntime.__version__, tuple(onnxruntime.get_available_providers())),
        tr(NEXT_STEP): "" if is_cuda else _advice(no_provider, no_driver, wanted, drives, reason),
    }
    return {title: text for title, text in facts.items() if text}


def _advice(
    no_provider: Fact | None, no_driver: Fact | None, wanted: str, drives: tuple[int, int] | None, reason: Fact | None
) -> str:
    """The next step towards CUDA, for a person who may install software."""
    if sys.platform == "darwin":
        return tr(NOTHING_ON_A_MAC)
    if no_driver is not None:
        return tr(INSTALL_DRIVER)
    if no_provider is not None:
        return tr(INSTALL_CUDA)
    if drives is not None and wanted and drives < _version(wanted):
        return newer_driver_words(f"{drives[0]}.{drives[1]}", wanted)
    return tr(INSTALL_AGAIN) if reason is not None else tr(CHOOSE_DEVICE)


def _version(text: str) -> tuple[int, int]:
    first, _, second = text.partition(".")
    return int(first), int(second.split(".")[0] or 0)


def _model(predictor: Predictor | None, problem: BoneAgeError | None) -> dict[str, str]:
    if predictor is None:
        assert problem is not None
        return {tr(PROBLEM): error_line(problem)}
    bundle = predictor.bundle
    return {
        tr("Name"): f"{bundle.name} {bundle.version}",
        "SHA-256": bundle.sha256,
        tr("Folder"): _without_home(bundle.directory),
    }


def _reading() -> dict[str, str]:
    from bone_age_gui.core.reader import codecs

    return {
        syntax.name: "imagecodecs" if codecs.can_decode(syntax) else tr("CANNOT BE READ")
        for syntax in codecs.COMPRESSED_SYNTAXES
    }


def _libraries() -> dict[str, str]:
    versions = {part.name.lower().replace("_", "-"): part.version for part in licences()}
    return {name: versions.get(name.lower(), tr("not known")) for name in LIBRARIES}


def _surroundings() -> dict[str, str]:
    facts = {models_name(number): _without_home(path) for number, path in enumerate(paths.model_search_path(), start=1)}
    if sys.platform.startswith("linux"):
        names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_CURRENT_DESKTOP")
        facts |= {name: os.environ[name] for name in names if os.environ.get(name)}
    return facts


def _without_home(path: Path) -> str:
    try:
        return str(Path("~") / path.resolve().relative_to(Path.home().resolve()))
    except (ValueError, RuntimeError):
        return str(path)
