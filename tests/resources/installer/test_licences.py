"""The licences that go along with a frozen program: of every package in it, Python, the system's libraries and Qt."""

from __future__ import annotations

import importlib.util
import json
import sys
from importlib import metadata
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from bone_age_gui.about.licences import PROGRAM, read_list

INSTALLER = Path(__file__).resolve().parents[3] / "resources" / "installer"


def loaded(name: str) -> ModuleType:
    """A module of the build, which belongs to no package."""
    loader = SourceFileLoader(f"installer_{name}", str(INSTALLER / f"{name}.py"))
    specification = importlib.util.spec_from_loader(loader.name, loader)
    assert specification is not None
    module = importlib.util.module_from_spec(specification)
    loader.exec_module(module)
    return module


@pytest.fixture
def notices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module that collects them, as on a machine where PyInstaller is installed."""
    info = tmp_path / "pyinstaller-6.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.4\nName: pyinstaller\nVersion: 6.0\n", encoding="utf-8")
    real = metadata.distribution
    made = metadata.Distribution.at(info)
    few = [real(name) for name in ("numpy", "PySide6-Essentials", "pydicom")]  # to look through all takes seconds
    monkeypatch.setattr(metadata, "distributions", lambda: few)
    monkeypatch.setattr(metadata, "distribution", lambda name: made if name == "pyinstaller" else real(name))
    return loaded("notices")


def file_of(name: str) -> str:
    """A file of a package that is installed here."""
    files = metadata.files(name) or []
    return str(next(path for path in (Path(str(file.locate())) for file in files) if path.suffix == ".py"))


def test_what_was_frozen_is_listed_and_nothing_else(notices: ModuleType, tmp_path: Path) -> None:
    library = next(iter(sorted(Path("/usr/lib").glob("*/libz.so.1"))), None) if sys.platform == "linux" else None
    collected = [file_of("numpy"), file_of("PySide6-Essentials"), *([str(library)] if library is not None else [])]
    parts = {part.name: part for part in read_list(notices.write(collected, tmp_path / "licences.json.gz"))}
    packages = {"numpy", "PySide6_Essentials", "Python", "pyinstaller"}
    of_system = set(parts) - packages - {PROGRAM}
    assert packages <= set(parts)
    assert len(of_system) == (library is not None), of_system
    assert all("z" in name for name in of_system)
    assert "exception" in parts["pyinstaller"].text
    qt = parts["PySide6_Essentials"]
    assert qt.terms == "LGPL-3.0-only"
    for words in ("may be replaced there", "GNU LESSER GENERAL PUBLIC LICENSE", "GNU GENERAL PUBLIC LICENSE"):
        assert words in qt.text


def test_highdicoms_table_keeps_what_lies_at_the_root(tmp_path: Path) -> None:
    pytest.importorskip("highdicom", reason="highdicom is not installed")
    name, folder = loaded("slim").highdicom_table(tmp_path)
    assert folder == "highdicom/_standard"
    table = json.loads(Path(name).read_text(encoding="utf-8"))
    assert {item["keyword"] for item in table["patient"]} >= {"PatientName", "PatientID"}
    assert all(item["path"] == [] for items in table.values() for item in items)
    assert Path(name).stat().st_size < 3 * 2**20
