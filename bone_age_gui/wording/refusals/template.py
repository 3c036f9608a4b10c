"""What the sentences of a refusal are made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bone_age_gui.core.values.facts import Detail
from bone_age_gui.wording.templates import Template

Details = Mapping[str, Detail]


@dataclass(frozen=True)
class Refusal:
    """Title and message of one code. ``prepared`` puts words in place of details that are no words."""

    title: str
    message: Template
    prepared: Callable[[Details], Details] = dict
