"""How a template becomes a sentence: the one place through which every sentence about a code goes.

A template is a whole sentence (or several) with named places, ``"It has {width} x {height} pixels."``, as
``str.format`` fills them; what a place may hold is said by the code's details. It is English and is translated here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bone_age_gui.core.values.facts import Detail
from bone_age_gui.wording.language import mark, tr, translation, trn, written


@dataclass(frozen=True)
class Plural:
    """A template with a form for one and a form for more; ``by`` names the detail that is counted.

    A language may have more forms. Where two things are counted, each has a template of its own.
    """

    one: str
    many: str
    by: str


Template = str | Plural


_JOINT = mark(", ")


def forms_of(template: Template) -> tuple[str, ...]:
    """All texts of a template, in English."""
    return (template,) if isinstance(template, str) else (template.one, template.many)


def fill(template: Template, details: Mapping[str, Detail]) -> str:
    """The sentence; a list of texts is written with commas. ``KeyError`` where a detail is missing."""
    shown = {name: _shown(value) for name, value in details.items()}
    if isinstance(template, str):
        return written(translation(template), template, shown)
    count = details[template.by]
    assert isinstance(count, int)
    return trn(template.one, template.many, count, **shown)


def joined(texts: Iterable[str]) -> str:
    """A list on one line."""
    return tr(_JOINT).join(texts)


def _shown(value: Detail) -> Detail:
    return joined(str(part) for part in value) if isinstance(value, tuple) else value
