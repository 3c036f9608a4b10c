"""What the import-linter contracts in pyproject.toml cannot say about who imports whom, and other rules of the house.

Read from the source, function bodies included.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from imports import Import, imports_of

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "bone_age_gui"
QT = {"PySide6", "shiboken6"}
FACES = (f"{PACKAGE}.gui", f"{PACKAGE}.cli", f"{PACKAGE}.service")
CORE_LIBRARIES = {"numpy", "pydicom", "cv2", "psutil"}
LIBRARIES_OF = {"reader": {"imagecodecs", "PIL"}, "model": {"onnxruntime"}, "stages": set[str](), "values": set[str]()}
"""What a package of core may use beside the libraries of all."""
CLUSTER = f"{PACKAGE}.core.batch.cluster"
ENGINES = {"dask", "distributed"}
PANELS = f"{PACKAGE}.gui.panels"
PANEL_MODULES = {
    "films", "viewer", "stages", "patient_form", "result", "reading", "growth", "estimate_bar", "status_line",
    "compare",
}  # fmt: skip
WORK = f"{PACKAGE}.gui.work"
RUNS_THE_LINE = ("pipeline", "batch", "model.predictor", "model.finder.network")
MAX_LINES = 300
MAX_LINES_OF_A_FUNCTION = 40


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports_below(folder: str) -> Iterator[tuple[str, Import]]:
    """Module (dotted, without its package) and import, for every file below ``folder``."""
    for path in modules(folder):
        relative = path.relative_to(ROOT)
        dotted = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
        source = path.read_text(encoding="utf-8")
        for item in imports_of(source, dotted, path.name == "__init__.py", str(relative)):
            yield dotted, item


def is_below(target: str, *packages: str) -> bool:
    return any(target == package or target.startswith(f"{package}.") for package in packages)


def part_of_core(target: str) -> str:
    """``bone_age_gui.core.model.card.Card`` -> ``model``; empty for what is not in a package of core."""
    parts = target.split(".")
    return parts[2] if parts[:2] == [PACKAGE, "core"] and len(parts) > 2 else ""


def refuse(offenders: list[str]) -> None:
    assert not offenders, "\n".join(offenders)


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


def test_core_uses_only_its_libraries() -> None:
    offenders = []
    for module, item in imports_below(f"{PACKAGE}/core"):
        allowed = CORE_LIBRARIES | sys.stdlib_module_names | LIBRARIES_OF.get(part_of_core(module), set())
        if module == CLUSTER and item.in_function:
            allowed |= ENGINES
        inside = is_below(item.target, f"{PACKAGE}.core") or item.target == f"{PACKAGE}.__version__"
        if item.top not in allowed and not inside:
            offenders.append(f"{item.where} imports {item.target}")
    refuse(offenders)


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


def test_the_command_line_needs_neither_qt_nor_matplotlib_to_start() -> None:
    refuse(
        [
            f"{item.where} imports {item.target}"
            for _, item in imports_below(f"{PACKAGE}/cli")
            if item.top in QT | {"matplotlib"}
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


def test_only_the_room_of_work_runs_the_line() -> None:
    running = tuple(f"{PACKAGE}.core.{name}" for name in RUNS_THE_LINE)
    steps = {"read_radiograph", "run_stages"}
    refuse(
        [
            f"{item.where} imports {item.target}"
            for module, item in imports_below(f"{PACKAGE}/gui")
            if not is_below(module, WORK) and (is_below(item.target, *running) or item.target.split(".")[-1] in steps)
        ]
    )


def test_only_the_engine_of_the_service_runs_the_line() -> None:
    running = tuple(f"{PACKAGE}.core.{name}" for name in (*RUNS_THE_LINE, "workers"))
    refuse(
        [
            f"{item.where} imports {item.target}"
            for module, item in imports_below(f"{PACKAGE}/service")
            if module != f"{PACKAGE}.service.engine" and is_below(item.target, *running)
        ]
    )


def test_panels_do_not_know_each_other() -> None:
    """A panel is a module of ``gui/panels`` with a widget of its own; models and rules beside it are shared."""
    offenders = []
    for module, item in imports_below(f"{PACKAGE}/gui/panels"):
        target = item.target.removeprefix(f"{PANELS}.").split(".")[0] if is_below(item.target, PANELS) else ""
        if target in PANEL_MODULES and target != module.split(".")[-1]:
            offenders.append(f"{item.where} imports the panel {target}")
        if is_below(item.target, f"{PACKAGE}.gui.main_window", f"{WORK}.session", f"{WORK}.line"):
            offenders.append(f"{item.where} imports {item.target}")
    refuse(offenders)


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


def test_paths_needs_nothing_but_platformdirs() -> None:
    refuse(
        [
            f"{item.where} imports {item.target}"
            for module, item in imports_below(PACKAGE)
            if module == f"{PACKAGE}.paths" and item.top not in sys.stdlib_module_names | {"platformdirs"}
        ]
    )


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
    refuse(
        [
            f"{Path(item.filename).relative_to(ROOT)}:{item.first_lineno}: unused {item.typ} {item.name}"
            for item in watch.get_unused_code(min_confidence=60)
            if item.typ in UNUSED
        ]
    )


COMMANDS = {"main", "parse", "run", "add_options", "add_parser"}
"""What each face, command and verb has, under one name on purpose."""
OF_A_FORMAT = {"read_header", "whole_stream", "check"}
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
