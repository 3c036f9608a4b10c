"""Configurations of the training package with a small network, edited as a person would."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

CONFIGS = Path(__file__).parents[2] / "training" / "configs"
SHIPPED, TEACHER = CONFIGS / "shipped.toml", CONFIGS / "teacher.toml"
BACKBONE = "resnet10t"


def write_small(
    source: Path,
    path: Path,
    *,
    size: int = 32,
    epochs: int = 1,
    dropout: float | None = None,
    frozen: Sequence[str] = (),
    without: Sequence[str] = (),
) -> Path:
    """Write ``source`` to ``path`` with a small network from random weights, small batches and one phase.

    ``without`` names tables to leave out.
    """
    text = source.read_text(encoding="utf-8")
    head, _, _ = text.partition("[[phases]]")
    kept = [table for table in head.split("\n\n") if not table.startswith(tuple(f"[{name}]" for name in without))]
    text = "\n\n".join(kept).rstrip() + f"\n\n[[phases]]\nsize = {size}\nepochs = {epochs}\nshare = 1.0\n"
    changes = {"backbone": json.dumps(BACKBONE), "weights": '"none"', "batch": "4"}
    changes["frozen"] = json.dumps(list(frozen)) if frozen else "false"
    if dropout is not None:
        changes["dropout"] = str(dropout)
    for name, value in changes.items():
        text, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        assert count == 1, f"{source.name} has {count} lines for {name}"
    path.write_text(text, encoding="utf-8")
    return path
