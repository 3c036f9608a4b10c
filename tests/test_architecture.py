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
LIBRARIES_ABOVE_CORE = {
    "wording": {"persiantools"},
    "about": {"onnxruntime", "packaging", "psutil"},
    "report": {"cv2", "highdicom", "matplotlib", "numpy", "openpyxl", "pydicom"},
    "pacs": {"dicomweb_client", "keyring", "pydicom", "pynetdicom", "requests", "urllib3"},
    "store": set[str](),
    "watch": {"watchfiles"},
    "cli": set[str](),
    "service": {"flask", "waitress", "werkzeug"},
    "gui": {*QT, "matplotlib", "numpy", "cv2"},
}
PANELS = f"{PACKAGE}.gui.panels"
WORK = f"{PACKAGE}.gui.work"
BESIDE_THE_LINE = ("values", "growth", "height", "model.bundle", "model.card", "reader.filed")
"""What a face takes from core where it does not run the line: values, tables, cards, and its own reports."""
STEPS = {"assess", "adult_height"}
"""Steps of the line that stand beside the tables that they need."""
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


@pytest.mark.parametrize("room", LIBRARIES_ABOVE_CORE)
def test_the_rooms_above_use_only_their_libraries(room: str) -> None:
    allowed = LIBRARIES_ABOVE_CORE[room] | sys.stdlib_module_names | {PACKAGE}
    refuse(
        [
            f"{item.where} imports {item.target}"
            for _, item in imports_below(f"{PACKAGE}/{room}")
            if item.top not in allowed
        ]
    )


def test_only_panels_draw_with_the_backend_of_matplotlib_that_needs_qt() -> None:
    """And nothing uses pyplot, which chooses a backend for the whole process."""
    refuse(
        [
            f"{item.where} imports {item.target}"
            for folder in (PACKAGE, "training")
            for module, item in imports_below(folder)
            if is_below(item.target, "matplotlib.pyplot")
            or (item.target.startswith("matplotlib.backends.backend_qt") and not is_below(module, PANELS))
        ]
    )


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
    """``__init__.py`` runs before all that is below it: what it imports stands below every layer."""
    refuse(
        [
            f"{item.where} imports {item.target}"
            for folder in (PACKAGE, "training")
            for path in modules(folder)
            if path.name == "__init__.py"
            for item in imports_of(path.read_text(encoding="utf-8"), folder, True, str(path.relative_to(ROOT)))
            if item.top not in sys.stdlib_module_names
        ]
    )


def test_paths_needs_nothing_but_platformdirs() -> None:
    refuse(
        [
            f"{item.where} imports {item.target}"
            for module, item in imports_below(PACKAGE)
            if module == f"{PACKAGE}.paths" and item.top not in sys.stdlib_module_names | {"platformdirs"}
        ]
    )


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
