"""The layers of the program, read from its source: who imports whom, function bodies included."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from imports import Import, imports_of

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "bone_age_gui"
QT = {"PySide6", "PySide2", "PyQt5", "PyQt6", "shiboken6", "qtpy"}
TORCH = {"torch", "torchvision", "timm", "lightning"}
COMMAND_LINES = ("cli", "cli_batch", "cli_options", "cli_output", "cli_report")
FACES = (f"{PACKAGE}.gui", *(f"{PACKAGE}.{name}" for name in COMMAND_LINES))

# Core modules by layer; a module may import its own group and every lower layer, never its neighbours.
CORE_LAYERS: tuple[dict[str, set[str]], ...] = (
    {"values": {"errors", "types", "age", "plain", "record", "bug", "pace", "given"}, "cuda": {"cuda"}},
    {
        "reader": {name.stem for name in (ROOT / PACKAGE / "core").glob("reader*.py")},
        "preprocess": {"preprocess", "hand", "tilt"},
        "growth": {"growth"},
    },
    {"bundle": {"bundle", "card"}},
    {"predictor": {"predictor", "answer"}, "quality": {"quality"}},
    {"pipeline": {"pipeline"}},
    {"batch": {name.stem for name in (ROOT / PACKAGE / "core").glob("batch*.py")}},
)
CORE_LIBRARIES = {"numpy", "pydicom", "cv2"}
PANELS = {path.stem for path in (ROOT / PACKAGE / "gui").glob("*_panel.py")} | {"growth_plot", "patient_form"}
RUNS_THE_LINE = {"session", "batch_session", "backend"}
"""``backend`` is the session's door to the pipeline."""
TOP_LEVEL = {
    ".ci",
    ".github",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "bone_age_gui",
    "build_installer.spec",
    "models",
    "pyproject.toml",
    "resources",
    "tests",
    "training",
}
MAX_LINES = 300


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports_below(folder: str) -> Iterator[tuple[str, Import]]:
    """Module (dotted, without its package) and import, for every file below ``folder``."""
    for path in modules(folder):
        relative = path.relative_to(ROOT)
        dotted = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
        source = path.read_text(encoding="utf-8")
        for found in imports_of(source, dotted, path.name == "__init__.py", str(relative)):
            yield dotted, found


def is_below(target: str, *packages: str) -> bool:
    return any(target == package or target.startswith(f"{package}.") for package in packages)


def core_module(target: str) -> str | None:
    """``bone_age_gui.core.growth.assess`` -> ``growth``."""
    parts = target.split(".")
    return parts[2] if parts[:2] == [PACKAGE, "core"] and len(parts) > 2 else None


def core_place(module: str) -> tuple[int, str]:
    for level, groups in enumerate(CORE_LAYERS):
        for group, names in groups.items():
            if module in names:
                return level, group
    raise AssertionError(f"core/{module}.py has no layer yet: put it into CORE_LAYERS")


def refuse(offenders: list[str]) -> None:
    assert not offenders, "\n".join(offenders)


def test_the_check_sees_imports_in_functions_relative_ones_and_importlib() -> None:
    source = (
        "from . import sibling\nfrom .core.types import Sex\n"
        "def f():\n    import torch\n    importlib.import_module('PySide6.QtGui')\n"
    )
    found = {(item.target, item.in_function) for item in imports_of(source, f"{PACKAGE}.module")}
    assert found == {
        (f"{PACKAGE}.sibling", False),
        (f"{PACKAGE}.core.types.Sex", False),
        ("torch", True),
        ("PySide6.QtGui", True),
    }
    assert next(imports_of("from .x import y", f"{PACKAGE}.core", is_package=True)).target == f"{PACKAGE}.core.x.y"


def test_core_uses_only_its_libraries() -> None:
    offenders = []
    for module, item in imports_below(f"{PACKAGE}/core"):
        name = module.split(".")[-1]
        allowed = CORE_LIBRARIES | sys.stdlib_module_names
        if name.startswith("reader"):
            allowed |= {"imagecodecs", "PIL"}
        if name == "predictor":
            allowed |= {"onnxruntime"}
        if name.startswith("batch") and item.in_function:
            allowed |= {"dask", "distributed"}
        inside = is_below(item.target, f"{PACKAGE}.core") or item.target == f"{PACKAGE}.__version__"
        if item.top not in allowed and not inside:
            offenders.append(f"{item.where} imports {item.target}")
    refuse(offenders)


def test_core_imports_upward_only() -> None:
    offenders = []
    for module, item in imports_below(f"{PACKAGE}/core"):
        name, target = core_module(module), core_module(item.target)
        if name is None or target is None:
            continue
        level, group = core_place(name)
        other_level, other_group = core_place(target)
        if not (other_level < level or (other_level, other_group) == (level, group)):
            offenders.append(f"{item.where}: {group} may not import {target}")
    refuse(offenders)


def test_core_knows_no_window_no_command_line_and_no_training() -> None:
    folders = [f"{PACKAGE}/{name}" for name in ("core", "report", "pacs") if (ROOT / PACKAGE / name).is_dir()]
    refuse(
        [
            f"{item.where} imports {item.target}"
            for folder in folders
            for _, item in imports_below(folder)
            if item.top in QT | TORCH | {"training"} or is_below(item.target, *FACES)
        ]
    )


def test_reports_and_pacs_take_values_only() -> None:
    """They get ``core.types`` and write; the line is walked by others."""
    values = CORE_LAYERS[0]["values"]
    refuse(
        [
            f"{item.where} imports {item.target}"
            for folder in ("report", "pacs")
            for _, item in imports_below(f"{PACKAGE}/{folder}")
            if is_below(item.target, f"{PACKAGE}.core") and core_module(item.target) not in values
        ]
    )


def test_nothing_that_is_installed_uses_torch_or_training() -> None:
    refuse(
        [
            f"{item.where} imports {item.target}"
            for _, item in imports_below(PACKAGE)
            if item.top in TORCH | {"training", "tests"}
        ]
    )


def test_the_command_line_opens_the_window_only_in_a_function() -> None:
    refuse(
        [
            f"{item.where} imports {item.target}"
            for module, item in imports_below(PACKAGE)
            if module.startswith((f"{PACKAGE}.cli", f"{PACKAGE}.__main__"))
            and (item.top in QT | {"matplotlib"} or (is_below(item.target, f"{PACKAGE}.gui") and not item.in_function))
        ]
    )


def test_the_window_knows_no_command_line() -> None:
    refuse(
        [
            f"{item.where} imports {item.target}"
            for _, item in imports_below(f"{PACKAGE}/gui")
            if is_below(item.target, f"{PACKAGE}.cli") or item.target.startswith(f"{PACKAGE}.cli_")
        ]
    )


def test_only_the_session_runs_the_line() -> None:
    running = {"pipeline", "predictor"} | CORE_LAYERS[-1]["batch"]
    steps = {"read_radiograph", "run_stages"}
    refuse(
        [
            f"{item.where} imports {item.target}"
            for module, item in imports_below(f"{PACKAGE}/gui")
            if module.split(".")[-1] not in RUNS_THE_LINE
            and (core_module(item.target) in running or item.target.split(".")[-1] in steps)
        ]
    )


def test_panels_do_not_know_each_other() -> None:
    """Only ``main_window`` knows the panels; none of them knows it, the session or the line's door."""
    closed = PANELS | {"main_window", "session", "backend"}
    offenders = []
    for module, item in imports_below(f"{PACKAGE}/gui"):
        name = module.split(".")[-1]
        parts = item.target.split(".")
        target = parts[2] if parts[:2] == [PACKAGE, "gui"] and len(parts) > 2 else ""
        if name in PANELS and target in closed - {name}:
            offenders.append(f"{item.where}: the panel {name} may not import {target}")
    refuse(offenders)


def test_only_the_main_window_knows_the_panels() -> None:
    refuse(
        [
            f"{item.where} imports {item.target}"
            for module, item in imports_below(f"{PACKAGE}/gui")
            for panel in PANELS
            if is_below(item.target, f"{PACKAGE}.gui.{panel}")
            and module not in (f"{PACKAGE}.gui.{panel}", f"{PACKAGE}.gui.main_window")
        ]
    )


def test_training_knows_no_window() -> None:
    refuse(
        [
            f"{item.where} imports {item.target}"
            for _, item in imports_below("training")
            if item.top in QT or is_below(item.target, *FACES)
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
        for folder in (PACKAGE, "training")
        for path in modules(folder)
    }
    refuse([f"{name} has {count} lines" for name, count in lengths.items() if count > MAX_LINES])


def test_tests_are_no_packages_and_have_unique_names() -> None:
    paths = modules("tests")
    refuse([str(path) for path in paths if path.name == "__init__.py"])
    names = [path.name for path in paths if path.name.startswith("test_")]
    refuse(sorted({name for name in names if names.count(name) > 1}))


def tracked() -> list[str]:
    """Files that git knows or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    return answer.stdout.splitlines()


def test_the_top_level_is_fixed() -> None:
    refuse(sorted({name.split("/")[0] for name in tracked()} - TOP_LEVEL))


def test_no_path_of_a_developer_machine_is_shipped() -> None:
    """Relative paths only: what works on one machine works on all."""
    pattern = re.compile(r"(?<![\w.])/(work|root|home/[a-z]\w*|Users/\w+)/")
    paths = [ROOT / name for name in tracked() if not name.startswith("tests/")]
    texts = [path for path in paths if path.suffix in {".py", ".md", ".toml", ".json", ".sh"} and path.is_file()]
    refuse([str(path) for path in texts if pattern.search(path.read_text(encoding="utf-8"))])


def test_links_of_the_documents_lead_somewhere() -> None:
    links = [
        (document.name, target)
        for document in ROOT.glob("*.md")
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
    ]
    refuse([f"{name}: {target}" for name, target in links if "://" not in target and not (ROOT / target).exists()])
