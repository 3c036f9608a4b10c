"""A tiny model, a film with tags, and the command line run in this process or as a real program."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import bone_age_gui
from bundles import make_bundle
from commands import Answer, run_here
from films import hand_like, write_dicom, write_picture


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a valid model bundle whose ages mean nothing."""
    return make_bundle(tmp_path_factory.mktemp("models") / "tiny").directory


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DICOM film: a girl born 2014-03-02, radiographed 2026-11-20."""
    return write_dicom(tmp_path_factory.mktemp("films") / "film.dcm", hand_like())


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same film as PNG, without any tag."""
    return write_picture(tmp_path_factory.mktemp("films") / "film.png", hand_like())


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
