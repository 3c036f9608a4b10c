"""Every part of the program with its terms."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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


def package(folder: Path, name: str, headers: str, **texts: str) -> metadata.Distribution:
    """A package as it lies in an environment."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{headers}", encoding="utf-8")
    files = [f"{info.name}/METADATA"]
    for file, text in texts.items():
        path = info / file.replace("_", ".")
        path.write_text(text, encoding="utf-8")
        files.append(f"{info.name}/{path.name}")
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files), encoding="utf-8")
    return metadata.Distribution.at(info)


@pytest.mark.parametrize(
    "headers, terms",
    [
        ("License-Expression: MIT\nLicense: see file\n", "MIT"),
        ("Classifier: License :: OSI Approved :: BSD License\nLicense: BSD\n", "BSD License"),
        ("Classifier: License :: OSI Approved\nLicense: Apache 2.0\n", "Apache 2.0"),
        ("", "see the text"),
    ],
)
def test_a_package_says_its_terms_in_one_of_several_places(tmp_path: Path, headers: str, terms: str) -> None:
    assert licences.of_distribution(package(tmp_path, "part", headers)).terms == terms


def test_every_text_of_a_package_is_shown_and_a_missing_one_is_said(tmp_path: Path) -> None:
    made = package(tmp_path, "part", "", LICENSE_txt="All may use it.", NOTICE="Made by many.", licence_py="code")
    assert licences.of_distribution(made).text == "All may use it.\n\nMade by many."
    assert licences.of_distribution(package(tmp_path, "bare", "")).text.startswith("The package carries no licence")


def test_whatever_the_program_needs_has_its_part() -> None:
    listed = {canonicalize_name(part.name) for part in licences.licences()}
    required = [Requirement(text) for text in metadata.requires(licences.PROGRAM) or ()]
    needed = {canonicalize_name(each.name) for each in required if each.marker is None or each.marker.evaluate()}
    assert needed
    assert needed <= listed, needed - listed
    assert licences.licences()[0].name == licences.PROGRAM


def test_the_list_of_the_build_is_the_one_that_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an installer, where no package is installed."""
    (tmp_path / "models").mkdir()
    monkeypatch.setattr("bone_age_gui.paths.models_dir", lambda: tmp_path / "models")
    parts = [licences.Licence(name, "1", "MIT", "text") for name in ("Zlib", "alpha", licences.PROGRAM)]
    licences.write_list(parts, tmp_path / licences.FILE)
    assert [part.name for part in licences.licences()] == [licences.PROGRAM, "alpha", "Zlib"]
