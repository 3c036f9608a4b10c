"""How a template becomes a sentence: the one place through which every sentence about a code goes.

A template is a whole sentence (or several) with named places, ``"It has {width} x {height} pixels."``, as
``str.format`` fills them; what a place may hold is said by the code's details.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bone_age_gui.core.values.facts import Detail


@dataclass(frozen=True)
class Plural:
    """A template with a form for one and a form for more; ``by`` names the detail that is counted.

    A form may be such a template itself, where two things are counted.
    """

    one: Template
    many: Template
    by: str


Template = str | Plural


def forms_of(template: Template) -> tuple[str, ...]:
    """All texts of a template."""
    if isinstance(template, str):
        return (template,)
    return (*forms_of(template.one), *forms_of(template.many))


def fill(template: Template, details: Mapping[str, Detail]) -> str:
    """The sentence; a list of texts is written with commas. ``KeyError`` where a detail is missing."""
    while isinstance(template, Plural):
        template = template.one if details[template.by] == 1 else template.many
    return template.format(**{name: _shown(value) for name, value in details.items()})


def _shown(value: Detail) -> Detail:
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else value
