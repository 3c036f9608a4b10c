"""A tiny model, a film with tags, and the command line run in this process or as a real program."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import bone_age_gui
from commands import Answer, run_here
from small_films import film, picture, tiny_model

__all__ = ["film", "picture", "tiny_model"]
"""Fixtures that are the same for other faces; named here so that pytest sees them."""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run ``bone-age`` in this process."""

    return run_here(capsys)


@pytest.fixture
def estimate(run: Callable[..., Answer], tiny_model: Path) -> Callable[..., Answer]:
    """Run ``bone-age estimate ... --json`` with the tiny model on the CPU."""

    def estimate_here(*arguments: object) -> Answer:
        return run("estimate", *arguments, "--model", tiny_model, "--device", "cpu", "--json")

    return estimate_here


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run ``bone-age`` as a program of its own, in an empty folder."""

    def run_program(
        *arguments: str | bytes | Path, env: dict[str, str] | None = None, module: str = "bone_age_gui"
    ) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", module, *arguments]
        environment = {**os.environ, "PYTHONPATH": str(Path(bone_age_gui.__file__).parents[1]), **(env or {})}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=300)

    return run_program
