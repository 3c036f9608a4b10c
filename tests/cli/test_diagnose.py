"""``bone-age diagnose``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


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
