"""Every part of the program with its terms."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from bone_age_gui.about import licences


def test_every_part_has_terms_and_a_text() -> None:
    parts = licences.licences()
    assert len(parts) > 10
    assert all(part.name and part.terms and part.text for part in parts)
    assert {"numpy", "pydicom"} <= {part.name for part in parts}


def test_the_service_has_its_part_where_it_is_installed() -> None:
    if not any("flask" in text for text in metadata.requires(licences.PROGRAM) or ()):
        pytest.skip("the package was installed before the service was there: install it again")
    names = {part.name.lower() for part in licences.licences()}
    assert names >= {"flask", "waitress", "werkzeug", "jinja2"}
    assert "pyinstaller" not in names


def test_a_built_list_is_read_back(tmp_path: Path) -> None:
    parts = [licences.Licence("a", "1", "MIT", "text")]
    licences.write_list(parts, tmp_path / licences.FILE)
    assert licences.read_list(tmp_path / licences.FILE) == parts
