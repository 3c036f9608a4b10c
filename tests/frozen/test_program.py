"""The frozen program itself: `make installer` first, or BONE_AGE_BUILD=1 to let these tests build it.

BONE_AGE_FROZEN names another folder than dist/BoneAge.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydicom.uid import JPEG2000Lossless, JPEGExtended12Bit

from bone_age_gui import paths
from bone_age_gui.about import licences
from bundles import make_bundle
from films import hand_like, write_dicom

ROOT = Path(__file__).resolve().parents[2]
END = ".exe" if sys.platform == "win32" else ""
LARGEST_DIFFERENCE = 1e-4
MEGABYTE = 1_000_000

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def frozen() -> Path:
    """Folder of the frozen program, not older than what it was made from."""
    named = os.environ.get("BONE_AGE_FROZEN")
    folder = Path(named) if named else ROOT / "dist" / "BoneAge"
    if os.environ.get("BONE_AGE_BUILD") == "1":
        subprocess.run(["make", "installer"], cwd=ROOT, check=True)
    if not (folder / f"bone-age{END}").is_file():
        pytest.skip("there is no frozen program: run 'make installer' first")
    sources = [*(ROOT / "bone_age_gui").rglob("*.py"), *(ROOT / "models").rglob("*.onnx")]
    if not named and (folder / f"bone-age{END}").stat().st_mtime < max(path.stat().st_mtime for path in sources):
        pytest.skip("the frozen program is older than the source: run 'make installer' again")
    return folder


@pytest.fixture(scope="module")
def data(frozen: Path) -> Path:
    """Folder of models and resources inside the frozen program."""
    shipped = frozen / "_internal" / "bone_age_gui" / "_data"
    return shipped if shipped.is_dir() else frozen / "bone_age_gui" / "_data"


def ages(*command: object) -> list[float]:
    """Bone ages in months that a ``bone-age`` prints, whichever it is."""
    blind = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    environment = {**blind, "PYTHONPATH": str(ROOT)} if command[0] == sys.executable else blind
    answer = subprocess.run(
        [str(part) for part in command], env=environment, capture_output=True, text=True, timeout=600
    )
    assert answer.returncode == 0, answer.stderr
    records: list[dict[str, Any]] = [json.loads(line) for line in answer.stdout.splitlines()]
    return [record["bone_age_months"] for record in records]


def test_its_answers_equal_those_of_the_source(frozen: Path, tmp_path: Path) -> None:
    tiny = make_bundle(tmp_path / "tiny").directory
    shipped = [card.parent for card in (ROOT / "models").glob("*/card.json")]
    pixels = hand_like()
    films = [
        *paths.sample_files(),
        write_dicom(tmp_path / "j2k.dcm", pixels, syntax=JPEG2000Lossless),
        write_dicom(tmp_path / "jpeg.dcm", pixels, syntax=JPEGExtended12Bit),
    ]
    for model in (tiny, *shipped):
        arguments = ["estimate", *films, "--insist", "--model", model, "--device", "cpu", "--json"]
        from_source = ages(sys.executable, "-m", "bone_age_gui", *arguments)
        from_frozen = ages(frozen / f"bone-age{END}", *arguments)
        assert len(from_frozen) == len(films)
        assert from_frozen == pytest.approx(from_source, abs=LARGEST_DIFFERENCE)


def test_it_passes_its_own_test_without_a_screen(frozen: Path) -> None:
    if not list((ROOT / "models").glob("*/card.json")):
        pytest.skip("there is no model in models/")
    blind = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    command = [frozen / f"bone-age{END}", "--smoke-test"]
    answer = subprocess.run(command, env=blind, capture_output=True, text=True, timeout=600)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "FAILED" not in answer.stdout


def test_it_holds_nothing_that_must_not_be_shipped(frozen: Path) -> None:
    forbidden = re.compile(
        r"^(torch|torchvision|timm|training|tests|libjpeg$|_libjpeg|gdcm|readline|_gdbm|.*Qt6Qml|.*Qt6Quick)"
    )
    names = [path.name for path in frozen.rglob("*")]
    assert not [name for name in names if forbidden.match(name)]
    assert not [name for name in names if "providers_cuda" in name]


def test_it_holds_the_models_of_the_source(data: Path) -> None:
    for card in (ROOT / "models").glob("*/card.json"):
        assert (data / "models" / card.parent.name / "card.json").read_bytes() == card.read_bytes()
        assert (data / "models" / card.parent.name / "model.onnx").is_file()


def test_it_keeps_to_its_size(frozen: Path) -> None:
    states = {(file.st_dev, file.st_ino): file.st_size for file in (path.lstat() for path in frozen.rglob("*"))}
    assert sum(states.values()) <= 440 * MEGABYTE
    for package in (ROOT / "dist").glob("bone-age_*.deb"):
        assert package.stat().st_size <= 170 * MEGABYTE


def test_it_carries_the_licences_of_its_parts(data: Path) -> None:
    parts = {part.name.lower().replace("_", "-"): part for part in licences.read_list(data / licences.FILE)}
    assert {"bone-age-gui", "python", "numpy", "pydicom", "opencv-python-headless"} <= set(parts)
    assert parts["pyside6-essentials"].terms == "LGPL-3.0-only"
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in parts["pyside6-essentials"].text
    assert not [name for name in parts if name in ("torch", "pylibjpeg-libjpeg", "libreadline8", "libgdbm6")]


@pytest.mark.skipif(sys.platform != "linux", reason="objdump reads Linux's libraries")
def test_no_library_looks_into_folders_of_the_build_machine(frozen: Path) -> None:
    libraries = [path for path in frozen.rglob("*.so*") if path.is_file() and not path.is_symlink()]
    headers = subprocess.run(["objdump", "-p", *libraries], capture_output=True, text=True, check=True).stdout
    assert "DYNAMIC" in headers.upper()
    assert not re.findall(r"^ +R(?:UN)?PATH +/.*", headers, re.MULTILINE)


@pytest.mark.skipif(sys.platform != "linux", reason="ldd is a tool of Linux")
def test_the_window_misses_no_library(frozen: Path) -> None:
    """What is missing on the build machine is only a warning of PyInstaller, and a broken program elsewhere."""
    plugins = frozen / "_internal" / "PySide6" / "Qt" / "plugins" / "platforms"
    for name in ("libqxcb.so", "libqoffscreen.so", "libqwayland.so"):
        answer = subprocess.run(["ldd", plugins / name], capture_output=True, text=True)
        missing = [line.split()[0] for line in answer.stdout.splitlines() if "not found" in line]
        # Those of Wayland come with a desktop that has it; without them Qt takes X11.
        assert not [library for library in missing if not library.startswith("libwayland-")]
