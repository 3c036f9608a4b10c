"""Collect the licences of everything that was frozen: packages, Python, system libraries, Qt's LGPL."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import replace
from importlib import metadata
from pathlib import Path

from bone_age_gui.about.licences import PROGRAM, Licence, of_distribution, write_list

HERE = Path(__file__).resolve().parent
LGPL_PARTS = {"pyside6-essentials", "shiboken6"}
QT_NOTE = (
    "Qt and PySide6 are used under the GNU Lesser General Public License, version 3. They lie as separate libraries in "
    "the program's folder and may be replaced there by modified versions. Their sources: https://download.qt.io\n\n"
)
BOOT_LOADER = (
    "The program was frozen with PyInstaller, whose boot loader is under the GPL 2 or later with an exception that "
    "allows its use in programs under any licence, and is otherwise under the Apache License 2.0: "
    "https://pyinstaller.org/en/stable/license.html"
)


def write(collected: Iterable[str], path: Path) -> Path:
    """Write the licences of the collected files (paths on this machine) as JSON; gives back ``path``."""
    files = {Path(name).resolve() for name in collected}
    parts = [*_packages(files), _python(), *_system_libraries(files)]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_list(parts, path)
    return path


def _packages(files: set[Path]) -> list[Licence]:
    licences = {}
    for package in metadata.distributions():
        name = package.metadata["Name"]
        own = {Path(str(package.locate_file(file))).resolve() for file in package.files or ()}
        if name == PROGRAM or own & files:
            licences[name.lower()] = _with_qt_terms(of_distribution(package))
    licences["pyinstaller"] = replace(of_distribution(metadata.distribution("pyinstaller")), text=BOOT_LOADER)
    return list(licences.values())


def _with_qt_terms(part: Licence) -> Licence:
    if part.name.lower().replace("_", "-") not in LGPL_PARTS:
        return part
    texts = [(HERE / "licences" / name).read_text(encoding="utf-8") for name in ("LGPL-3.txt", "GPL-3.txt")]
    return replace(part, terms="LGPL-3.0-only", text=QT_NOTE + "\n\n".join(texts))


def _python() -> Licence:
    path = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    version = sys.version.split()[0]
    text = path.read_text(encoding="utf-8") if path.is_file() else f"https://docs.python.org/{version[:4]}/license.html"
    return Licence("Python", version, "PSF-2.0", text)


def _system_libraries(files: set[Path]) -> list[Licence]:
    """Libraries that came from the build machine's own packages (Debian knows whose each is)."""
    own = [Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve(), HERE.parents[1]]
    foreign = sorted(str(file) for file in files if not any(file.is_relative_to(root) for root in own))
    foreign = [name for name in foreign if name.startswith(("/usr/lib", "/lib"))]
    if not foreign or sys.platform != "linux":
        return []
    packages: dict[str, str] = {}
    for name in foreign:
        owner = _owner(name)
        packages.setdefault(owner or Path(name).name, name)
    return [_system_part(package) for package in sorted(packages)]


def _owner(path: str) -> str | None:
    for wanted in (path, path.removeprefix("/usr")):
        try:
            answer = subprocess.run(["dpkg", "-S", wanted], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return answer.stdout.split(":")[0]
    return None


def _system_part(package: str) -> Licence:
    path = Path("/usr/share/doc") / package / "copyright"
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else "From the build machine's system."
    format_ = ["dpkg-query", "--showformat=${Version}", "--show", package]
    version = subprocess.run(format_, capture_output=True, text=True).stdout
    return Licence(package, version, "see the text", text)
