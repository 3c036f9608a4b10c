"""The command line run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

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
