"""The command line run in this process, or as a real program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import bone_age_gui
from bone_age_gui.__main__ import command_line


@dataclass(frozen=True)
class Answer:
    """What a run gave back."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def record(self) -> dict[str, Any]:
        (only,) = self.records
        return only


def run_here(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Runs ``bone-age`` with its arguments."""

    def run(*arguments: object) -> Answer:
        capsys.readouterr()
        try:
            code = command_line([str(argument) for argument in arguments])
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 1
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return run


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
