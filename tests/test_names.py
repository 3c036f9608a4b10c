"""Every name of the source is used, and stands for one thing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "bone_age_gui"

CALLED_BY_QT = (
    "headerData", "columnCount", "textFromValue", "valueFromText", "validate", "filterAcceptsRow",
    "lessThan", "dragEnterEvent", "dropEvent", "paint",
    "contextMenuEvent", "drawForeground",
)  # fmt: skip
"""Virtual methods that Qt calls and nothing of ours."""
CALLED_BY_THE_BUILD = (
    "CompileTranslations", "initialize", "draw_icons", "highdicom_table", "is_wanted", "nvidia_links",
)  # fmt: skip
"""From build_installer.spec, which is no Python file, and by hatchling."""
CALLED_BY_FLASK = ("_get_file_stream",)
ROUTES = ["@app.*"]
"""Decorators that hand a function to Flask."""
UNUSED = {"function", "method", "class", "property", "import", "unreachable_code"}


def test_everything_is_used() -> None:
    """Code that only tests use is unused too."""
    vulture = pytest.importorskip("vulture")
    called_by_others = [*CALLED_BY_QT, *CALLED_BY_THE_BUILD, *CALLED_BY_FLASK]
    watch = vulture.Vulture(ignore_names=called_by_others, ignore_decorators=ROUTES)
    watch.scavenge([str(ROOT / folder) for folder in (PACKAGE, "training", "resources")])
    unused = [
        f"{Path(item.filename).relative_to(ROOT)}:{item.first_lineno}: unused {item.typ} {item.name}"
        for item in watch.get_unused_code(min_confidence=60)
        if item.typ in UNUSED
    ]
    assert not unused, "\n".join(unused)


COMMANDS = {"main", "parse", "run", "add_options", "add_parser"}
"""What each face, command and verb has, under one name on purpose."""
OF_A_FORMAT = {"read_header", "whole_stream", "check", "decode"}
"""What the reader asks each kind of file, under one name on purpose."""


def test_two_things_have_two_names() -> None:
    """A public class or function has its name for itself; one thing has one copy."""
    places: dict[str, list[str]] = {}
    for folder in (PACKAGE, "training"):
        for path in (path for path in sorted((ROOT / folder).rglob("*.py")) if path.parent.name != "wording"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                    places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    shared = {name: paths for name, paths in places.items() if len(paths) > 1 and name not in COMMANDS | OF_A_FORMAT}
    assert not shared, "\n".join(f"{name}: {', '.join(paths)}" for name, paths in shared.items())
