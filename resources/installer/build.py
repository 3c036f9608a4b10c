"""Build the installer for the machine that this runs on: freeze, check, package. See README.md beside this file.

    python resources/installer/build.py [--cuda] [--skip-freeze] [--skip-smoke] [--level 19]

Run it with the Python of an environment that holds the extra `build` and nothing else (`make installer` makes one). The
frozen program lies in dist/BoneAge, the packages beside it.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT)]

import contents  # noqa: E402
import linux_packages  # noqa: E402
import publisher  # noqa: E402
import windows_setup  # noqa: E402

from bone_age_gui import __version__  # noqa: E402

DIST = ROOT / "dist"
WORK = ROOT / "build" / "freeze"
MEGABYTE = 1_000_000
BUDGET_MB = 440
"""Of the package for the CPU, installed; `tests/frozen` holds it."""
SMOKE_SECONDS = 900
ABSOLUTE_SEARCH = re.compile(r"^ +R(?:UN)?PATH +/", re.MULTILINE)
TOOLS = {
    "dpkg-deb": "dpkg",
    "objdump": "binutils",
    "strip": "binutils",
    "tar": "tar",
    "zstd": "zstd",
    "patchelf": "patchelf",
    "Xvfb": "xvfb",
    "xvfb-run": "xvfb",
    "xauth": "xauth",
}
"""Programs of a build on Linux and their Debian packages (as in `resources/setup/libraries.sh`); all are looked for
before anything is frozen."""
_OF_A_SCREEN = ("Xvfb", "xvfb-run", "xauth")


def main() -> int:
    """Run the steps and say what each made; the exit code."""
    options = _parse()
    _require_tools(options.skip_smoke)
    if not publisher.read().is_set:
        print("No publisher: packages get placeholders (resources/installer/README.md, Publishing).", flush=True)
    folder = DIST / folder_name(options.cuda)
    if not options.skip_freeze:
        _require_model()
        _step("Freezing", lambda: freeze(options.cuda))
    if not folder.is_dir():
        raise SystemExit(f"{folder} is missing: build it without --skip-freeze.")
    size = folder_size(folder) / MEGABYTE
    print(f"Installed size: {size:.0f} MB{'' if options.cuda else f' (budget {BUDGET_MB} MB)'}", flush=True)
    if not options.skip_smoke:
        _step("Smoke test", lambda: smoke_test(folder))
    made = _step("Packaging", lambda: package(folder, options.cuda, options.level))
    for path in made:
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / MEGABYTE:.0f} MB")
    return 0


def freeze(cuda: bool) -> None:
    """Run PyInstaller on the specification."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    command += ["--distpath", str(DIST), "--workpath", str(WORK), str(ROOT / "build_installer.spec")]
    # Without a fixed seed the byte code of sets differs from build to build.
    settings = {"BONE_AGE_CUDA": "1" if cuda else "0", "PYTHONHASHSEED": "1"}
    subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, check=True)
    if sys.platform == "linux":
        strip(DIST / folder_name(cuda))
        forget_build_machine(DIST / folder_name(cuda))
        join(DIST / folder_name(cuda))


def strip(folder: Path) -> None:
    """Take the debugging symbols out of Python and the extension modules."""
    places = (path for path in folder.rglob("*.so*") if path.is_file() and not path.is_symlink())
    wanted = [path for path in places if contents.may_be_stripped(path.relative_to(folder).as_posix())]
    subprocess.run(["strip", "--strip-unneeded", *wanted], check=True)


def forget_build_machine(folder: Path) -> None:
    """Take absolute search paths out of the libraries: elsewhere such a folder may be anybody's.

    A Python built by hand (pyenv) leaves them in its modules; Debian's has none.
    """
    libraries = [path for path in folder.rglob("*.so*") if path.is_file() and not path.is_symlink()]
    bound = [path for path in libraries if ABSOLUTE_SEARCH.search(_headers(path))]
    if bound:
        subprocess.run(["patchelf", "--remove-rpath", *bound], check=True)


def _headers(library: Path) -> str:
    return subprocess.run(["objdump", "-p", library], capture_output=True, text=True, check=True).stdout


def join(folder: Path) -> None:
    """Make both programs one file with two names (12 MB less): on Linux they differ in nothing else."""
    console = folder / "bone-age"
    console.unlink()
    os.link(folder / "BoneAge", console)


def folder_name(cuda: bool) -> str:
    """Name of the frozen folder in ``dist``, as the specification has it."""
    return "BoneAge-cuda" if cuda else "BoneAge"


def smoke_test(folder: Path) -> None:
    """Let both frozen programs test themselves, with no screen and, on Linux, under a virtual one too."""
    end = ".exe" if sys.platform == "win32" else ""
    window, console = folder / f"BoneAge{end}", folder / f"bone-age{end}"
    blind = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    screen = {**os.environ, "QT_QPA_PLATFORM": "xcb"} if sys.platform == "linux" else dict(os.environ)
    for command, settings in (([console], blind), ([*_virtual_screen(), window], screen)):
        print(f"  {' '.join(str(part) for part in command)} --smoke-test", flush=True)
        subprocess.run([*command, "--smoke-test"], env=settings, check=True, timeout=SMOKE_SECONDS)


def package(folder: Path, cuda: bool, level: int | None) -> list[Path]:
    """Make the packages of this system from a frozen folder; gives back their paths."""
    if sys.platform == "linux":
        return linux_packages.build(folder, DIST, WORK / "build_installer", cuda, level)
    if sys.platform == "win32":
        return [windows_setup.build(folder, DIST, cuda, WORK / "build_installer" / "icons" / "app.ico")]
    image = DIST / f"BoneAge-{__version__}.dmg"
    command = ["hdiutil", "create", "-volname", "Bone Age", "-srcfolder", str(DIST / "BoneAge.app"), "-ov", str(image)]
    subprocess.run(command, check=True)
    return [image]


def folder_size(folder: Path) -> int:
    """Bytes of all files below a folder; a file with two names counts once, links are not followed."""
    states = [path.lstat() for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()]
    return sum({(state.st_dev, state.st_ino): state.st_size for state in states}.values())


def _virtual_screen() -> list[str]:
    if sys.platform != "linux":
        return []
    return ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1920x1080x24"]


def _require_tools(without_screen: bool) -> None:
    if sys.platform == "win32":
        windows_setup.find_compiler()
    if sys.platform == "darwin" and shutil.which("hdiutil") is None:
        raise SystemExit("hdiutil is missing: it comes with macOS; see that /usr/bin is in PATH.")
    if sys.platform != "linux":
        return
    wanted = {name: package for name, package in TOOLS.items() if not (without_screen and name in _OF_A_SCREEN)}
    missing = [name for name in wanted if shutil.which(name) is None]
    if missing:
        packages = " ".join(sorted({wanted[name] for name in missing}))
        raise SystemExit(f"Please install first: {', '.join(missing)} (Debian: apt-get install {packages}).")


def _require_model() -> None:
    if not list((ROOT / "models").glob("*/card.json")) and not os.environ.get("BONE_AGE_DATA"):
        raise SystemExit("There is no model in models/: an installer without one would be useless.")


def _step(title: str, call):
    print(f"{title} ...", flush=True)
    started = time.monotonic()
    answer = call()
    print(f"{title} took {time.monotonic() - started:.0f} s", flush=True)
    return answer


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cuda", action="store_true", help="the second package, with CUDA (2 GB larger)")
    parser.add_argument("--skip-freeze", action="store_true", help="package the frozen folder that is there")
    parser.add_argument("--skip-smoke", action="store_true", help="do not run the frozen program")
    parser.add_argument("--level", type=int, help="zstd level of the packages for Linux")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
