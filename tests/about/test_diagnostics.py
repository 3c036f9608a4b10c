"""What runs here, on which device, and what to do where it is not CUDA."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui.about import diagnostics
from bone_age_gui.core.model.bundle import Bundle, load_bundle


def test_the_home_folder_is_not_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_bundle: Path) -> None:
    monkeypatch.setenv("HOME", str(tiny_bundle.parent))
    monkeypatch.setattr(Path, "home", lambda: tiny_bundle.parent)
    text = diagnostics.as_text(diagnostics.diagnose(str(tiny_bundle), "cpu"))
    assert str(tiny_bundle.parent) not in text
    assert "~" in text


@dataclass
class Loaded:
    """Stands for a predictor that fell back to the CPU for a reason."""

    bundle: Bundle
    fallback_reason: str | None
    device: str = "cpu"


@pytest.mark.parametrize(
    "provider, driver, drives, reason, words",
    [
        ("no provider", "no NVIDIA driver found", None, "why", "install NVIDIA's driver"),
        ("this package is for the CPU", None, (13, 0), "why", "bone-age-cuda in place of"),
        (None, None, (12, 4), "why", "newer NVIDIA driver: this one ends at CUDA 12.4, 13.0 is needed"),
        (None, None, (13, 1), "libraries cannot be loaded", "Install bone-age-cuda again"),
        (None, None, (13, 1), None, "Choose the device"),
    ],
)
def test_the_advice_fits_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path, provider: Any, driver: Any, drives: Any, reason: Any, words: str
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("onnxruntime.cuda_version", "13.0", raising=False)
    monkeypatch.setattr("bone_age_gui.core.model.devices.missing_provider", lambda _: provider)
    monkeypatch.setattr("bone_age_gui.core.model.devices.missing_driver", lambda: driver)
    monkeypatch.setattr("bone_age_gui.core.model.devices.driver_cuda", lambda: drives)
    device = diagnostics.diagnose(predictor=Loaded(load_bundle(tiny_bundle), reason))["Device"]
    assert words in device["What to do"]
    assert device.get("Why not CUDA") == reason


def test_a_program_without_the_provider_says_so(
    monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path, tmp_path: Path
) -> None:
    from bone_age_gui.core.model.devices import missing_provider
    from bone_age_gui.core.model.predictor import Predictor

    monkeypatch.setattr("bone_age_gui.core.model.predictor.missing_driver", lambda: None)
    monkeypatch.setattr("bone_age_gui.core.model.predictor.missing_provider", lambda folder: missing_provider(tmp_path))
    reason = Predictor(load_bundle(tiny_bundle)).fallback_reason
    assert reason is not None
    assert reason.code in ("cpu_package", "cpu_runtime")


def test_it_says_what_runs_here_and_no_secret(monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "Desktop 7")
    monkeypatch.setenv("BONE_AGE_TOKEN", "token-of-the-service")
    sections = diagnostics.diagnose(str(tiny_bundle), "cpu")
    assert sections["Device"]["In use"] == "CPU"
    assert sections["Model"]["SHA-256"] == hashlib.sha256((tiny_bundle / "model.onnx").read_bytes()).hexdigest()
    assert sections["Libraries"] == {name: metadata.version(name) for name in sections["Libraries"]}
    assert {"numpy", "pydicom", "PySide6-Essentials"} <= set(sections["Libraries"])
    assert sections["Surroundings"]["XDG_CURRENT_DESKTOP"] == "Desktop 7"
    assert "token" not in diagnostics.as_text(sections)


def test_facts_stand_below_each_other() -> None:
    text = diagnostics.as_text({"Device": {"In use": "CPU", "NVIDIA driver": "found"}})
    assert text == "Device\n  In use         CPU\n  NVIDIA driver  found\n"
