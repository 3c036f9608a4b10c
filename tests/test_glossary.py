"""The words of the README's glossary: what it avoids stands in no code, no text for users and no page of the project.

Words that have another sense beside the avoided one (image, step, class, record's row ...) cannot be told apart by a
program and are not looked for.
"""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
CODE = [path for folder in ("bone_age_gui", "training", "resources") for path in sorted((ROOT / folder).rglob("*.py"))]
PAGES = [
    README,
    *(ROOT / f"{name}.md" for name in ("CONTRIBUTING", "DECISIONS", "SECURITY")),
    ROOT / "models/README.md",
]
AVOIDED = {
    "skeletal age", "real age", "ground truth", "manual age", "verdict", "caveat", "the age that stands",
    "stillbirth", "disguise",
}  # fmt: skip
"""Those of the glossary that have no other sense."""
PATTERN = re.compile(
    "|".join(
        [*(rf"\b{word}s?\b" for word in AVOIDED), r"\b(model|network)('s)? (own )?answer", r"\bbur(y|ied)\b", "bury_"]
    ),
    re.IGNORECASE,
)
NAMES = {"found", "told", "stuff", "thing", "things", "got", "tmp", "res"}
"""Names of variables that say nothing; ``data`` is one where it is no argument of a library's own method."""


def test_the_glossary_has_what_is_looked_for() -> None:
    """Each word that is looked for stands in its column *avoid*, or below it."""
    glossary = README.read_text(encoding="utf-8").split("## Glossary", 1)[1].split("\n## ", 1)[0]
    assert [word for word in AVOIDED if word not in glossary] == []


def test_no_avoided_word_is_used() -> None:
    used = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in CODE
        for line, text in _words_of(path)
        if PATTERN.search(text)
    ]
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        text = text.split("## Glossary", 1)[0] if path is README else text
        used += [f"{path.name}: {line}" for line in text.splitlines() if PATTERN.search(line)]
    assert not used, "\n".join(used)


def test_the_check_sees_an_avoided_word(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('"""The model\'s answer."""\n\nverdict_of = "It was buried"  # the skeletal age\n')
    assert [line for line, text in _words_of(module) if PATTERN.search(text)] == [1, 3, 3, 3]


def test_variables_say_what_they_hold() -> None:
    vague = []
    for path in CODE:
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        stored = [
            (node.lineno, node.id) for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]
        stored += [(node.lineno, node.arg) for node in nodes if isinstance(node, ast.arg)]
        vague += [f"{path.relative_to(ROOT)}:{line}: {name}" for line, name in stored if name in NAMES]
    assert not vague, "\n".join(vague)


def _words_of(path: Path) -> Iterator[tuple[int, str]]:
    """Comments, texts (docstrings too) and names of a file, a name's parts apart."""
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type in (tokenize.COMMENT, tokenize.STRING):
                yield token.start[0], " ".join(token.string.split())
            elif token.type == tokenize.NAME:
                yield token.start[0], token.string.replace("_", " ")
