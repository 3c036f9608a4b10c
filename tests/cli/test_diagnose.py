"""``bone-age diagnose``, ``--smoke-test`` and the list of licences."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui.about import diagnostics, licences
from bone_age_gui.core.model.bundle import Bundle, load_bundle
from bundles import make_bundle


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's data folder whose model outranks the shipped one."""
    folder = tmp_path_factory.mktemp("data")
    make_bundle(folder / "models" / "densenet121", name="densenet121")
    return folder


def test_diagnose_says_version_device_and_model(run: Callable[..., Any], tiny_model: Path) -> None:
    answer = run("diagnose", "--model", tiny_model, "--device", "cpu")
    assert answer.code == 0
    for words in ("In use", "CPU", "ONNX Runtime", "tiny 0.1", "JPEG 2000"):
        assert words in answer.out
    assert "CANNOT BE READ" not in answer.out


def test_diagnose_gives_json(run: Callable[..., Any], tiny_model: Path) -> None:
    sections = json.loads(run("diagnose", "--model", tiny_model, "--device", "cpu", "--json").out)
    assert {"Program", "Device", "Model", "Reading", "Libraries", "Surroundings"} == set(sections)


def test_a_missing_model_is_a_fact_and_not_a_crash(run: Callable[..., Any]) -> None:
    answer = run("diagnose", "--model", "nowhere")
    assert answer.code == 2
    assert "The model was not found" in answer.out


def test_the_home_folder_is_not_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_model: Path) -> None:
    monkeypatch.setenv("HOME", str(tiny_model.parent))
    monkeypatch.setattr(Path, "home", lambda: tiny_model.parent)
    text = diagnostics.as_text(diagnostics.diagnose(str(tiny_model), "cpu"))
    assert str(tiny_model.parent) not in text
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
    monkeypatch: pytest.MonkeyPatch, tiny_model: Path, provider: Any, driver: Any, drives: Any, reason: Any, words: str
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("onnxruntime.cuda_version", "13.0", raising=False)
    monkeypatch.setattr("bone_age_gui.core.model.devices.missing_provider", lambda _: provider)
    monkeypatch.setattr("bone_age_gui.core.model.devices.missing_driver", lambda: driver)
    monkeypatch.setattr("bone_age_gui.core.model.devices.driver_cuda", lambda: drives)
    device = diagnostics.diagnose(predictor=Loaded(load_bundle(tiny_model), reason))["Device"]
    assert words in device["What to do"]
    assert device.get("Why not CUDA") == reason


def test_a_program_without_the_provider_says_so(
    monkeypatch: pytest.MonkeyPatch, tiny_model: Path, tmp_path: Path
) -> None:
    from bone_age_gui.core.model.devices import missing_provider
    from bone_age_gui.core.model.predictor import Predictor

    monkeypatch.setattr("bone_age_gui.core.model.predictor.missing_driver", lambda: None)
    monkeypatch.setattr("bone_age_gui.core.model.predictor.missing_provider", lambda folder: missing_provider(tmp_path))
    reason = Predictor(load_bundle(tiny_model)).fallback_reason
    assert reason is not None
    assert reason.code in ("cpu_package", "cpu_runtime")


def test_every_part_has_terms_and_a_text() -> None:
    parts = licences.licences()
    assert len(parts) > 10
    assert all(part.name and part.terms and part.text for part in parts)
    assert {"numpy", "pydicom"} <= {part.name for part in parts}


def test_the_service_has_its_part_where_it_is_installed() -> None:
    if not any("flask" in text for text in metadata.requires(licences.PROGRAM) or ()):
        pytest.skip("the package was installed before the service was there: install it again")
    names = {part.name.lower() for part in licences.licences()}
    assert names >= {"flask", "waitress", "werkzeug", "jinja2"}
    assert "pyinstaller" not in names


def test_a_built_list_is_read_back(tmp_path: Path) -> None:
    parts = [licences.Licence("a", "1", "MIT", "text")]
    licences.write_list(parts, tmp_path / licences.FILE)
    assert licences.read_list(tmp_path / licences.FILE) == parts


@pytest.mark.slow
def test_the_smoke_test_passes_from_source(program: Callable[..., Any], data_folder: Path) -> None:
    environment = {"BONE_AGE_DATA": str(data_folder), "QT_QPA_PLATFORM": "offscreen"}
    answer = program("--smoke-test", env=environment)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert b"FAILED" not in answer.stdout
    tried = {line[7:].split(b":")[0].decode() for line in answer.stdout.splitlines() if line.startswith(b"ok     ")}
    assert tried == {
        "model", "decoders", "sample", "reports", "batch", "archives", "window", "icons", "licences", "diagnosis",
    }  # fmt: skip


@pytest.mark.slow
def test_the_smoke_test_names_what_does_not_work(program: Callable[..., Any], tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "models" / "densenet121", name="densenet121").directory
    with (bundle / "model.onnx").open("ab") as file:
        file.write(b"damage")
    answer = program("--smoke-test", env={"BONE_AGE_DATA": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"})
    assert answer.returncode == 4
    assert b"FAILED model: " in answer.stdout
    assert b"FAILED sample: " in answer.stdout
    assert b"FAILED window: " in answer.stdout
    assert b"ok     decoders" in answer.stdout
    assert answer.stdout.rstrip().endswith(b"checks failed. Install the program again.")
