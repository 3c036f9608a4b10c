"""The catalogue of texts: take them out of the program, put them into the languages, compile these.

    python resources/i18n/catalogue.py            all of it (or: make i18n)
    python resources/i18n/catalogue.py check      say what is missing, and change nothing

Babel is needed, here and where the program is built, but not where it runs.
"""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from compiler import HERE, compile_all, languages, po_file, read

ROOT = HERE.parent.parent
PACKAGE = ROOT / "bone_age_gui"
CARD_TEXTS = ("description", "intended_use", "terms")
GROWTH_TEXTS = ("name", "population")
ACTION_TEXTS = (1, 2)
"""Places of the text and the tip in an ``Action``."""
_HAS_WORDS = re.compile(r"[^\W\d_]")
_PLACE = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)[sr]|%[sr]")

Text = str | tuple[str, str]
"""A text, or its forms for one and for more."""
SourcedTexts = Iterator[tuple[Text, str]]
"""Texts, each with the file that it is of."""


def main(arguments: list[str]) -> int:
    """Bring everything up to date, or only look; 1 if a shipped language lacks something."""
    if arguments == ["check"]:
        problems = [line for language in shipped() for line in missing(language)]
        print("\n".join(problems) or "The catalogue is whole.")
        return 1 if problems else 0
    for language in languages():
        update(language)
    compile_all()
    for language in languages():
        print(f"{language}: {len(missing(language))} texts to do")
    return 0


def shipped() -> list[str]:
    """Those that the program offers, but for English."""
    sys.path.insert(0, str(ROOT))
    from bone_age_gui.wording.language import ENGLISH, SHIPPED

    return [language for language in SHIPPED if language != ENGLISH]


def extracted() -> Catalog:
    """Every text of the program, with the files that use it."""
    places: dict[Text, set[str]] = {}
    for text, file in sorted([*_of_source(), *_of_wording(), *_of_pages(), *_of_data()], key=lambda each: each[1]):
        if has_words(text if isinstance(text, str) else text[0]):
            places.setdefault(text, set()).add(file)
    counted = {text[0]: text for text in places if isinstance(text, tuple)}
    catalog = Catalog(project="bone-age-gui", charset="utf-8", fuzzy=False)
    for text, files in sorted(places.items(), key=lambda each: (min(each[1]), str(each[0]))):
        if isinstance(text, str) and text in counted:
            continue  # gettext keeps both under one key
        catalog.add(text, locations=[(file, None) for file in sorted(files)])
    return catalog


def has_words(text: str) -> bool:
    """Whether there is something to translate in a text, its places aside."""
    return _HAS_WORDS.search(_PLACE.sub("", text)) is not None


def update(language: str) -> None:
    """Put new texts into a language, and take away those that are gone."""
    catalog = read(po_file(language), language)
    catalog.update(extracted(), no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    write_catalog(catalog, po_file(language))


def missing(language: str) -> list[str]:
    """What a language lacks: texts without a translation, doubtful ones, those that are gone, places that differ."""
    catalog, wanted = read(po_file(language), language), extracted()
    lines = [
        f"{language}: no longer used: {message.id!r}" for message in catalog if message.id and message.id not in wanted
    ]
    for message in wanted:
        if message.id:
            lines += [
                f"{language}: {problem}: {message.id!r}" for problem in _problems(catalog.get(message.id), message)
            ]
    return lines


def _problems(message: Message | None, wanted: Message) -> list[str]:
    if message is None:
        return ["not there"]
    if message.fuzzy:
        return ["fuzzy"]
    forms = message.string if isinstance(message.string, list | tuple) else [message.string]
    if not all(forms):
        return ["not translated"]
    ids = wanted.id if isinstance(wanted.id, list | tuple) else [wanted.id]
    allowed = [sorted(_PLACE.findall(each)) for each in ids]
    return [f"other places in {form!r}" for form in forms if sorted(_PLACE.findall(form)) not in allowed]


def write_catalog(catalog: Catalog, path: Path) -> None:
    """Write a catalogue without the lines that change with the day and the tools."""
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.header_comment = f"# Texts of Bone Age: {path.parent.parent.name}.\n#"
    with path.open("wb") as file:
        write_po(file, catalog, width=100, omit_header=False, include_lineno=False)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    dates = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Report-Msgid-Bugs-To", "Last-Translator")
    kept = [line for line in lines if not line.startswith(tuple(f'"{name}' for name in dates))]
    path.write_text("".join(kept), encoding="utf-8", newline="\n")


def _of_source() -> SourcedTexts:
    """What stands in ``tr``, ``trn``, ``mark``, ``Plural`` and ``Action``."""
    for path in sorted(PACKAGE.rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from ((text, file) for text in _of_call(node))


def _of_call(call: ast.Call) -> Iterator[Text]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    texts = [argument.value if isinstance(argument, ast.Constant) else None for argument in call.args]
    if name in ("tr", "mark") and texts and isinstance(texts[0], str):
        yield texts[0]
    elif name in ("trn", "Plural") and isinstance(texts[0], str) and isinstance(texts[1], str):
        yield texts[0], texts[1]
    elif name == "Action":
        yield from (text for place in ACTION_TEXTS if isinstance(text := texts[place], str))


def _of_wording() -> SourcedTexts:
    """What stands at the top of the modules of ``wording``, as they hold it: parts that were put together are one."""
    sys.path.insert(0, str(ROOT))
    package = importlib.import_module("bone_age_gui.wording")
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(info.name)
        file = Path(str(module.__file__)).resolve().relative_to(ROOT).as_posix()
        own = _assigned(Path(str(module.__file__)))
        for name, value in vars(module).items():
            if name in own:
                yield from ((text, file) for text in _texts_in(value))


def _assigned(path: Path) -> set[str]:
    """Names that a module gives a value to, at its top."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            names |= {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
    return names - TOKENS


TOKENS = {"DOMAIN", "_now", "ENGLISH", "PSEUDO", "OPEN", "CLOSE", "SHIPPED", "OPTION", "MINUS", "UNKNOWN_TEXT"}
"""Names in ``wording`` that hold no text for people."""


def _texts_in(value: Any) -> Iterator[Text]:
    """Texts of a value; a set holds tokens, and so do the keys of a table. What has no letter is a sign, no text."""
    if isinstance(value, str):
        yield from (value,) if any(char.isalpha() for char in value) else ()
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in _texts_in(each))
    elif isinstance(value, list | tuple):
        yield from (text for each in value for text in _texts_in(each))
    elif type(value).__name__ == "Plural":
        yield value.one, value.many
    elif is_dataclass(value) and not isinstance(value, type):
        yield from (text for field in fields(value) for text in _texts_in(getattr(value, field.name)))


def _of_pages() -> SourcedTexts:
    """What the pages of the service say."""
    for path in sorted(PACKAGE.rglob("templates/*.html")):
        for text in re.findall(r'\btr\("([^"]+)"', path.read_text(encoding="utf-8")):
            yield text, path.relative_to(ROOT).as_posix()


def _of_data() -> SourcedTexts:
    """What the shipped models and tables say of themselves, and the program of itself."""
    program = importlib.import_module("bone_age_gui")
    yield program.DISCLAIMER, "bone_age_gui/__init__.py"
    for path in sorted((ROOT / "models").glob("*/card.json")):
        card, file = json.loads(path.read_text(encoding="utf-8")), path.relative_to(ROOT).as_posix()
        texts: Iterable[str] = [
            *(card[name] for name in CARD_TEXTS), *card["limitations"], card["training"]["data_set"],
            *(metrics["set_description"] for metrics in card["metrics"].values()),
        ]  # fmt: skip
        yield from ((text, file) for text in texts)
    for path in sorted((ROOT / "resources" / "growth").glob("*.json")):
        table = json.loads(path.read_text(encoding="utf-8"))
        yield from ((table[name], path.relative_to(ROOT).as_posix()) for name in GROWTH_TEXTS if table.get(name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
