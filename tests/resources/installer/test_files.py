"""Desktop entry, AppStream, MIME types, man pages and the Windows setup, checked by the tools of their kind."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from bone_age_gui.cli import options as cli_options
from bone_age_gui.core.values.film_suffixes import DICOM_SUFFIXES

ROOT = Path(__file__).resolve().parents[3]
INSTALLER = ROOT / "resources" / "installer"
LINUX = INSTALLER / "linux"
ICONS = (16, 24, 32, 48, 64, 128, 256, 512)


def tool(name: str) -> str:
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    return program


@contextmanager
def module_of_the_installer(name: str) -> Iterator[ModuleType]:
    """One of the scripts in resources/installer, which import each other by bare names."""
    sys.path.insert(0, str(INSTALLER))
    try:
        yield import_module(name)
    finally:
        sys.path.remove(str(INSTALLER))


@pytest.fixture(scope="module")
def packages() -> Iterator[ModuleType]:
    """The script that makes the packages for Linux."""
    with module_of_the_installer("linux_packages") as module:
        yield module


@pytest.fixture(scope="module")
def publishers() -> Iterator[ModuleType]:
    """The module that knows who publishes the packages."""
    with module_of_the_installer("publisher") as module:
        yield module


@pytest.fixture(scope="module")
def setups() -> Iterator[ModuleType]:
    """The script that makes the setup for Windows."""
    with module_of_the_installer("windows_setup") as module:
        yield module


@pytest.fixture
def payload(tmp_path: Path) -> Path:
    """A folder laid out as a frozen program, with nothing in it."""
    folder = tmp_path / "BoneAge"
    (folder / "_internal" / "sub").mkdir(parents=True)
    for name in ("BoneAge.exe", "bone-age.exe", "BoneAge", "_internal/a.dll", "_internal/sub/b.txt"):
        (folder / name).write_text("placeholder GLIBC_2.34", encoding="utf-8")
    return folder


def test_the_desktop_entry_is_valid() -> None:
    entry = LINUX / "bone-age-gui.desktop"
    subprocess.run([tool("desktop-file-validate"), entry], check=True)


def test_the_description_for_software_centres_is_valid(packages: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "bone-age-gui.metainfo.xml"
    path.write_text(packages.filled(path.name), encoding="utf-8")
    answer = subprocess.run(
        [tool("appstreamcli"), "validate", "--no-net", "--no-color", path], capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stdout


def test_without_a_publisher_nobody_is_named(publishers: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\nname = "bone-age-gui"\n', encoding="utf-8")
    publisher = publishers.read(path)
    assert publisher.maintainer == "bone-age-gui <unset@example.org>"
    assert publisher.identifier == "org.example.bone_age_gui"
    assert not publisher.is_set


@pytest.mark.parametrize(
    "homepage, identifier",
    [
        ("https://github.com/A-Clinic/bone-age-gui", "io.github.a_clinic.bone_age_gui"),
        ("https://www.clinic.example/software", "example.clinic.bone_age_gui"),
        ("https://4kids.example", "example._4kids.bone_age_gui"),
    ],
)
def test_pyproject_names_the_publisher(publishers: ModuleType, tmp_path: Path, homepage: str, identifier: str) -> None:
    path = tmp_path / "pyproject.toml"
    text = '[project]\nauthors = [{name = "A Clinic", email = "a@clinic.example"}]\n[project.urls]\n'
    path.write_text(f'{text}Homepage = "{homepage}"\n', encoding="utf-8")
    publisher = publishers.read(path)
    assert publisher.maintainer == "A Clinic <a@clinic.example>"
    assert publisher.identifier == identifier
    assert publisher.is_set


def test_dicom_endings_are_declared() -> None:
    root = ElementTree.parse(LINUX / "bone-age-gui.mime.xml").getroot()
    patterns = {element.get("pattern") for element in root.iter() if element.tag.endswith("glob")}
    assert patterns == {"*.dcm", "*.dicom", "*.ima"}


def test_the_man_page_names_every_command_and_option_of_estimate(capsys: pytest.CaptureFixture[str]) -> None:
    page = (LINUX / "bone-age.1").read_text(encoding="utf-8").replace("\\-", "-")
    with pytest.raises(SystemExit):
        cli_options.parse(["--help"])
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("    ")]
    commands = [word for word in listed if word.isascii() and word.replace("-", "").isalpha() and word.islower()]
    assert {"estimate", "model-info", "diagnose"} <= set(commands)
    assert not [command for command in commands if f"\n.B {command}\n" not in page]


def test_the_man_pages_have_no_faults(packages: ModuleType, tmp_path: Path) -> None:
    for name in ("bone-age.1", "bone-age-gui.1"):
        path = tmp_path / name
        path.write_text(packages.filled(name), encoding="utf-8")
        command = [tool("man"), "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", path]
        answer = subprocess.run(
            command, capture_output=True, text=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
        )
        assert answer.returncode == 0
        assert answer.stderr == ""
        assert "@" not in path.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="Debian packages are made on Linux")
@pytest.mark.parametrize("cuda", [False, True])
def test_a_debian_package_is_made_around_a_placeholder(
    packages: ModuleType, payload: Path, tmp_path: Path, cuda: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("dpkg-deb", "zstd", "tar"):
        tool(name)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    (payload / "_internal" / "libx.so").write_text("placeholder GLIBC_2.4 GLIBC_2.36 GLIBC_2.17", encoding="utf-8")
    icons = tmp_path / "work" / "icons"
    icons.mkdir(parents=True)
    for size in ICONS:
        (icons / f"{size}.png").write_bytes(b"\x89PNG")
    (payload / "bone-age").hardlink_to(payload / "BoneAge")
    package, archive = packages.build(payload, tmp_path, tmp_path / "work", cuda, 1)
    fields = subprocess.run(["dpkg-deb", "--field", package], capture_output=True, text=True, check=True).stdout
    assert f"Package: bone-age{'-cuda' if cuda else ''}\n" in fields
    for needed in (
        "libc6 (>= 2.36)",
        "libdbus-1-3",
        "libegl1",
        "libgl1",
        "libx11-6",
        "libxcb1",
        "fontconfig-config",
        "fonts-dejavu-core",
    ):
        assert needed in fields
    assert ("Replaces: bone-age" in fields) is cuda
    assert f"Conflicts: bone-age{'' if cuda else '-cuda'}\n" in fields
    listed = subprocess.run(["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True).stdout
    for place in (
        "./usr/bin/bone-age -> ../lib/bone-age/bone-age",
        "./usr/bin/bone-age-gui -> ../lib/bone-age/BoneAge",
        "./usr/share/applications/bone-age-gui.desktop",
        *(f"./usr/share/icons/hicolor/{size}x{size}/apps/bone-age-gui.png" for size in ICONS),
        "./usr/share/man/man1/bone-age-gui.1.gz",
        "./usr/share/mime/packages/bone-age-gui.xml",
        "./usr/share/man/man1/bone-age.1.gz",
        f"./usr/share/doc/bone-age{'-cuda' if cuda else ''}/changelog.gz",
    ):
        assert place in listed
    unpacked = tmp_path / "unpacked"
    subprocess.run(["dpkg-deb", "--extract", package, unpacked], check=True)
    program = unpacked / "usr" / "lib" / "bone-age"
    modes = [(program / name).stat().st_mode & 0o777 for name in ("bone-age", "BoneAge", "_internal/a.dll")]
    assert modes == [0o755, 0o755, 0o644]
    documents = unpacked / "usr" / "share" / "doc" / f"bone-age{'-cuda' if cuda else ''}"
    assert "License: Apache-2.0" in (documents / "copyright").read_text(encoding="utf-8")
    assert "Tue, 14 Nov 2023 22:13:20 +0000" in gzip.decompress((documents / "changelog.gz").read_bytes()).decode()
    inside = subprocess.run(["tar", "--list", "--file", archive], capture_output=True, text=True, check=True).stdout
    assert {line.split("/")[0] for line in inside.splitlines()} == {archive.name.split("-linux-")[0]}


@pytest.mark.parametrize("limit", [None, 10])
def test_the_windows_setup_compiles_around_a_placeholder(
    setups: ModuleType, payload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int | None
) -> None:
    """Also with the payload beside it, as a package with CUDA needs."""
    tool("makensis")
    if limit is not None:
        monkeypatch.setattr(setups, "TOO_LARGE", limit)
    setup = setups.build(payload, tmp_path, cuda=limit is not None)
    assert setup.read_bytes()[:2] == b"MZ"
    beside = sorted(path.name for path in tmp_path.glob("*.zip"))
    assert len(beside) == (0 if limit is None else 1)


def test_every_system_offers_the_program_for_the_films_that_it_opens() -> None:
    """One list: ``core.values.film_suffixes``; pictures are known to every desktop by their kind."""
    kinds = ElementTree.parse(LINUX / "bone-age-gui.mime.xml").getroot().iter()
    assert [each.attrib["pattern"] for each in kinds if "pattern" in each.attrib] == [
        f"*{each}" for each in DICOM_SUFFIXES
    ]
    windows = (INSTALLER / "windows.nsi").read_text(encoding="utf-8")
    for macro in ("OfferFor", "WithdrawFor"):
        assert re.findall(rf'!insertmacro {macro} "(.*)"', windows) == list(DICOM_SUFFIXES)
    entry = (LINUX / "bone-age-gui.desktop").read_text(encoding="utf-8")
    assert re.findall(r"MimeType=(.*);", entry) == ["application/dicom;image/png;image/jpeg;image/tiff;image/webp"]
