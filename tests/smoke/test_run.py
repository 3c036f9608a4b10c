"""``--smoke-test``: every part is tried, and what does not work is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bundles import make_bundle


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's data folder whose model outranks the shipped one."""
    folder = tmp_path_factory.mktemp("data")
    make_bundle(folder / "models" / "densenet121", name="densenet121")
    return folder


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
