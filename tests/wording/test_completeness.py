"""Every code has its sentences, every sentence its code, and both name the same details."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Formatter

from bone_age_gui.wording.errors import REFUSALS
from bone_age_gui.wording.notices import NOTICES
from bone_age_gui.wording.patients import MISTAKES
from bone_age_gui.wording.templates import Plural, Template
from bone_age_gui.wording.typed_values import VALUES
from raised import source_of

PACKAGE = Path(__file__).resolve().parents[2] / "bone_age_gui"
SOURCE = source_of(PACKAGE)
NONE: frozenset[str] = frozenset()
Made = Iterable[tuple[str, frozenset[str], str]]


def names_in(template: Template) -> set[str]:
    forms = (template.one, template.many) if isinstance(template, Plural) else (template,)
    fields = {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}
    return fields | ({template.by} if isinstance(template, Plural) else set())


def compared(
    made: Made, templates: Mapping[str, Template], added: frozenset[str] = NONE, unsaid: frozenset[str] = NONE
) -> list[str]:
    """What does not fit; ``added`` are details that wording itself gives, ``unsaid`` those that another part says."""
    mistakes = []
    used = set()
    for key, details, where in made:
        used.add(key)
        if key not in templates:
            mistakes.append(f"{where}: no sentence for {key!r}")
        elif (names := names_in(templates[key]) - added) != details - unsaid:
            mistakes.append(f"{where}: {key!r} gives {sorted(details)}, its sentence names {sorted(names)}")
    return mistakes + [f"nothing says {key!r}" for key in templates if key not in used]


def test_errors() -> None:
    both: dict[str, Template] = {}
    for key, refusal in REFUSALS.items():
        both[key] = refusal.message
        assert not names_in(refusal.title), f"the title of {key} is no fixed text"
        assert refusal.title.strip(), key
    # Training writes tables with the program's own functions.
    assert not compared(source_of(PACKAGE, PACKAGE.parent / "training").made("BoneAgeError"), both)


def test_notices() -> None:
    assert not compared(SOURCE.made("Notice", "details"), NOTICES)


def test_mistakes_of_a_table_of_patients() -> None:
    assert not compared(
        source_of(PACKAGE / "core" / "batch").made("Fact", "details"), MISTAKES, unsaid=frozenset({"column"})
    )


def test_values_that_were_typed() -> None:
    assert not compared(SOURCE.made("WrongValueError"), VALUES, frozenset({"name"}))


def test_the_check_sees_what_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "module.py").write_text(
        "def fail(why):\n    return BoneAgeError('closed', why, size=1)\n\n\nfail('a')\nfail('b' if 1 else 'c')\n"
    )
    made = list(source_of(folder).made("BoneAgeError"))
    assert {key for key, _, _ in made} == {"closed a", "closed b", "closed c"}
    templates: dict[str, Template] = {"closed a": "{size}", "closed b": "{length}", "closed d": ""}
    assert sorted(line.split(": ", 1)[-1] for line in compared(made, templates)) == [
        "'closed b' gives ['size'], its sentence names ['length']",
        "no sentence for 'closed c'",
        "nothing says 'closed d'",
    ]
