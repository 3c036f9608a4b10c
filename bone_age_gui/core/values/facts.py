"""Statements without words: a token and what a sentence about it names. ``wording`` makes the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fact:
    """One statement.

    ``code`` is a stable token; ``details`` are plain values by the names that the sentence gives them. They survive
    pickling and JSON.
    """

    code: str
    details: Mapping[str, Detail] = field(default_factory=dict, hash=False)


Detail = str | int | float | tuple[str, ...] | tuple[Fact, ...]
"""What a sentence can name."""
