"""Make the Windows setup program around a frozen folder with NSIS; makensis runs on Linux too."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import publisher

from bone_age_gui import __version__

SCRIPT = Path(__file__).resolve().parent / "windows.nsi"
TOO_LARGE = 1_900_000_000
"""NSIS cannot carry 2 GB: a larger payload lies beside the setup program as a ZIP file."""


def build(folder: Path, out: Path, cuda: bool, icon: Path | None = None) -> Path:
    """Write ``bone-age[-cuda]-VERSION-setup.exe`` into ``out``, and its payload beside it if that is too large."""
    name = "bone-age-cuda" if cuda else "bone-age"
    setup = out / f"{name}-{__version__}-setup.exe"
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    defines = {"VERSION": __version__, "PAYLOAD": str(folder), "SETUP": str(setup), "KILOBYTES": str(size // 1024)}
    defines["PUBLISHER"] = publisher.read().name
    if icon is not None:
        defines["PICTURE"] = str(icon)
    if size > TOO_LARGE:
        beside = out / f"{name}-{__version__}-payload.zip"
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
            for path in files:
                packed.write(path, path.relative_to(folder))
        defines["BESIDE"] = beside.name
    compile_script(defines)
    return setup


def find_compiler() -> str:
    """The path of makensis. Raises ``SystemExit`` if there is none."""
    program = shutil.which("makensis") or shutil.which("makensis", path=r"C:\Program Files (x86)\NSIS")
    if program is None:
        raise SystemExit("makensis is missing: install NSIS 3 (https://nsis.sourceforge.io, or apt-get install nsis).")
    return program


def compile_script(defines: dict[str, str]) -> None:
    """Run makensis with these symbols. Raises ``SystemExit`` if there is none, ``CalledProcessError`` if it fails."""
    program = find_compiler()
    sign = "/" if sys.platform == "win32" else "-"
    symbols = [f"{sign}D{name}={value}" for name, value in defines.items()]
    subprocess.run([program, f"{sign}V2", f"{sign}WX", *symbols, str(SCRIPT)], check=True)
