"""A tiny model, a film with tags, and the command line run in this process or as a real program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from commands import Answer, program, run_here
from small_films import film, picture, tiny_model

__all__ = ["film", "picture", "program", "tiny_model"]
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
