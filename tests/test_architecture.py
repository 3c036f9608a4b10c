"""What the import-linter contracts in pyproject.toml cannot say about who imports whom, and other rules of the house.

Read from the source, function bodies included.
"""

from __future__ import annotations

import ast
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from imports import PACKAGE, ROOT, Import, imports_below, imports_of, is_below, modules, part_of_core, refuse

PANELS = f"{PACKAGE}.gui.panels"
WORK = f"{PACKAGE}.gui.work"
BESIDE_THE_LINE = ("values", "growth", "height", "model.bundle", "model.card", "reader.filed")
"""What a face takes from core where it does not run the line: values, tables, cards, and its own reports."""
STEPS = {"assess", "adult_height"}
"""Steps of the line that stand beside the tables that they need."""
MAX_LINES = 300
MAX_LINES_OF_A_FUNCTION = 40


def test_the_check_sees_imports_in_functions_relative_ones_and_importlib() -> None:
    source = (
        "from . import sibling\nfrom .core.types import Sex\n"
        "def f():\n    import torch\n    importlib.import_module('PySide6.QtGui')\n"
    )
    seen = {(item.target, item.in_function) for item in imports_of(source, f"{PACKAGE}.module")}
    assert seen == {
        (f"{PACKAGE}.sibling", False),
        (f"{PACKAGE}.core.types.Sex", False),
        ("torch", True),
        ("PySide6.QtGui", True),
    }
    assert next(imports_of("from .x import y", f"{PACKAGE}.core", is_package=True)).target == f"{PACKAGE}.core.x.y"


def test_reports_pacs_and_store_take_values_only() -> None:
    """They get ``core.values`` and write; the line is walked by others. Tags of files have one safe door for all."""
    doors = (f"{PACKAGE}.core.reader.header", f"{PACKAGE}.core.reader.filed")
    refuse(
        [
            f"{item.where} imports {item.target}"
            for folder in ("report", "pacs", "store")
            for _, item in imports_below(f"{PACKAGE}/{folder}")
            if is_below(item.target, f"{PACKAGE}.core")
            and part_of_core(item.target) != "values"
            and not any(is_below(item.target, door) for door in doors)
        ]
    )


def test_only_the_dispatcher_opens_a_face_and_the_smoke_test() -> None:
    refuse(
        [
            f"{item.where} imports {item.target}"
            for module, item in imports_below(PACKAGE)
            if is_below(item.target, f"{PACKAGE}.smoke", f"{PACKAGE}.gui.app", f"{PACKAGE}.cli.main")
            and not is_below(module, f"{PACKAGE}.__main__", f"{PACKAGE}.smoke")
        ]
    )


def runs_the_line(target: str) -> bool:
    """True for what belongs to the line itself, not to the values and tables beside it."""
    beside = tuple(f"{PACKAGE}.core.{name}" for name in BESIDE_THE_LINE)
    return is_below(target, f"{PACKAGE}.core") and (not is_below(target, *beside) or target.split(".")[-1] in STEPS)


@pytest.mark.parametrize(("face", "runner"), [("gui", WORK), ("service", f"{PACKAGE}.service.engine")])
def test_one_room_of_a_face_runs_the_line(face: str, runner: str) -> None:
    refuse(
        [
            f"{item.where} imports {item.target}"
            for module, item in imports_below(f"{PACKAGE}/{face}")
            if not is_below(module, runner) and runs_the_line(item.target)
        ]
    )


def test_panels_do_not_know_each_other() -> None:
    """A panel is what ``gui/panel_set`` puts into the window; parts, models and rules beside it are shared."""
    panels = {item.target.rpartition(".")[0] for _, item in imports_below(f"{PACKAGE}/gui") if is_panel_set(item)}
    assert len(panels) > 9
    offenders = []
    for module, item in imports_below(f"{PACKAGE}/gui/panels"):
        if is_below(item.target, *panels - {module}):
            offenders.append(f"{item.where} imports the panel {item.target}")
        if is_below(item.target, f"{WORK}.session", f"{WORK}.line"):
            offenders.append(f"{item.where} imports {item.target}")
    refuse(offenders)


def is_panel_set(item: Import) -> bool:
    return Path(item.where.rpartition(":")[0]).name == "panel_set.py" and is_below(item.target, PANELS)


def test_no_import_closes_a_circle() -> None:
    """File by file, ``TYPE_CHECKING`` and function bodies included."""
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for folder in (PACKAGE, "training")
        for path in modules(folder)
    }
    graph: dict[str, set[str]] = {}
    for folder in (PACKAGE, "training"):
        for module, item in imports_below(folder):
            target = item.target if item.target in names else item.target.rpartition(".")[0]
            if target in names and target != module:
                graph.setdefault(module, set()).add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_the_face_of_a_package_imports_nothing_of_ours() -> None:
    """``__init__.py`` runs before all that is below it: it imports nothing of ours but the lowest layer."""
    refuse(
        [
            f"{item.where} imports {item.target}"
            for folder in (PACKAGE, "training")
            for path in modules(folder)
            if path.name == "__init__.py"
            for item in imports_of(path.read_text(encoding="utf-8"), folder, True, str(path.relative_to(ROOT)))
            if item.top not in sys.stdlib_module_names and not is_below(item.target, f"{PACKAGE}.startup")
        ]
    )


CALLED_BY_QT = (
    "headerData", "columnCount", "textFromValue", "valueFromText", "validate", "filterAcceptsRow",
    "lessThan", "dragEnterEvent", "dropEvent", "paint",
    "contextMenuEvent", "drawForeground",
)  # fmt: skip
"""Virtual methods that Qt calls and nothing of ours."""
CALLED_BY_THE_BUILD = (
    "CompileTranslations", "initialize", "draw_icons", "highdicom_table", "is_wanted", "nvidia_links", "BY_ARGPARSE*",
    "DATA_ROOT", "RESOURCES", "HIDDEN_IMPORTS", "WITH_DATA", "METADATA", "EXCLUDED_MODULES",
)  # fmt: skip
"""From build_installer.spec, which is no Python file, by hatchling, and by the catalogue of texts."""
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
    refuse(
        [
            f"{Path(item.filename).relative_to(ROOT)}:{item.first_lineno}: unused {item.typ} {item.name}"
            for item in watch.get_unused_code(min_confidence=60)
            if item.typ in UNUSED or (item.typ == "variable" and item.name.strip("_").isupper())
        ]
    )


COMMANDS = {"main", "parse", "run", "add_options", "add_parser"}
"""What each face, command and verb has, under one name on purpose."""
OF_A_FORMAT = {"read_header", "whole_stream", "check", "decode"}
"""What the reader asks each kind of file, under one name on purpose."""


def test_two_things_have_two_names() -> None:
    """A public class or function has its name for itself; one thing has one copy."""
    places: dict[str, list[str]] = {}
    for folder in (PACKAGE, "training"):
        for path in modules(folder):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                    places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    shared = {name: paths for name, paths in places.items() if len(paths) > 1 and name not in COMMANDS | OF_A_FORMAT}
    refuse([f"{name}: {', '.join(paths)}" for name, paths in shared.items()])


def test_source_files_stay_short() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in (PACKAGE, "training", "tests")
        for path in modules(folder)
    }
    refuse([f"{name} has {count} lines" for name, count in lengths.items() if count > MAX_LINES])


def test_functions_stay_short() -> None:
    refuse(
        [
            f"{path.relative_to(ROOT)}:{node.lineno}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
            for folder in (PACKAGE, "training")
            for path in modules(folder)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.end_lineno is not None
            and node.end_lineno - node.lineno >= MAX_LINES_OF_A_FUNCTION
        ]
    )


def test_tests_are_no_packages() -> None:
    refuse([str(path) for path in modules("tests") if path.name == "__init__.py"])


ROOMS_OF_TESTS = {"benchmarks", "e2e", "frozen", "helpers", "resources"}
"""Folders of tests that are no mirror of a package: tools, whole journeys, the built program, files beside the code."""


def mirror_of(package: Path) -> Path:
    """``bone_age_gui/core/reader`` -> ``tests/core/reader``, ``training/films`` -> ``tests/training/films``."""
    parts = package.relative_to(ROOT).parts
    return ROOT.joinpath("tests", *(parts[1:] if parts[0] == PACKAGE else parts))


def test_tests_mirror_the_packages() -> None:
    packages = {path.parent for folder in (PACKAGE, "training") for path in modules(folder)}
    mirrors = {mirror_of(package) for package in packages}
    refuse([f"{room.relative_to(ROOT)} has no test" for room in sorted(mirrors) if not list(room.glob("test_*.py"))])
    rooms = {path.parent for path in modules("tests") if path.relative_to(ROOT).parts[1] not in ROOMS_OF_TESTS}
    refuse([f"{room.relative_to(ROOT)} mirrors no package" for room in sorted(rooms - mirrors)])


def test_no_name_of_a_file_repeats_that_of_its_folder() -> None:
    offenders = []
    for path in (path for folder in (PACKAGE, "training", "tests") for path in modules(folder)):
        words, room = set(path.stem.removeprefix("test_").split("_")), path.parent.name
        if words & {room, f"{room}s", room.removesuffix("s")} and path.stem.removeprefix("test_") != "typed_values":
            offenders.append(str(path.relative_to(ROOT)))
    refuse(offenders)  # values that were typed are one kind among values


def test_the_face_of_a_package_is_a_few_lines() -> None:
    """It defines nothing: a class or a function has a file with its name."""
    refuse(
        [
            f"{path.relative_to(ROOT)}:{node.lineno} holds {type(node).__name__}"
            for folder in (PACKAGE, "training")
            for path in modules(folder)
            if path.name == "__init__.py"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.If | ast.For)
        ]
    )
