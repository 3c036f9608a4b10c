"""Which libraries each room of the program uses: read from the source, function bodies included."""

from __future__ import annotations

import sys

import pytest

from imports import PACKAGE, imports_below, is_below, part_of_core, refuse

QT = {"PySide6", "shiboken6"}
CORE_LIBRARIES = {"numpy", "pydicom", "cv2", "psutil"}
LIBRARIES_OF_CORE = {"reader": {"imagecodecs", "PIL"}, "model": {"onnxruntime"}}
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


def test_core_uses_only_its_libraries() -> None:
    offenders = []
    for module, item in imports_below(f"{PACKAGE}/core"):
        allowed = CORE_LIBRARIES | sys.stdlib_module_names | LIBRARIES_OF_CORE.get(part_of_core(module), set())
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


def test_the_command_line_needs_neither_qt_nor_matplotlib_to_start() -> None:
    refuse(
        [
            f"{item.where} imports {item.target}"
            for _, item in imports_below(f"{PACKAGE}/cli")
            if item.top in QT | {"matplotlib"}
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
