"""Where the program looks for its own files."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bone_age_gui import paths
from bone_age_gui.core.growth import GrowthReference

ROOT = Path(__file__).resolve().parents[1]


def test_a_source_tree_has_them_beside_the_package() -> None:
    assert paths.models_dir() == ROOT / "models"
    assert paths.resources_dir() == ROOT / "resources"


def test_the_growth_file_and_the_samples_are_there() -> None:
    assert GrowthReference.load(paths.growth_dir() / "brush_foundation.json").name
    first, *others = paths.sample_files()
    assert first.suffix == ".dcm"
    assert {path.suffix for path in others} == {".png"}


def test_a_frozen_program_has_them_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.models_dir() == tmp_path / "bone_age_gui" / "_data" / "models"
    assert paths.resources_dir() == tmp_path / "bone_age_gui" / "_data" / "resources"


def test_the_users_own_models_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONE_AGE_DATA", str(tmp_path))
    assert paths.model_search_path() == [tmp_path / "models", paths.models_dir()]
    monkeypatch.delenv("BONE_AGE_DATA")
    assert paths.APP_NAME in str(paths.model_search_path()[0])
