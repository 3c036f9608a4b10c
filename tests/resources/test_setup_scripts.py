"""The shell scripts behind ``make run`` and ``make test``, with made-up systems on the PATH."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SETUP = Path(__file__).resolve().parents[2] / "resources" / "setup"
EVERY_LIBRARY = "\n".join(
    f"\t{name} (libc6,x86-64) => /lib/{name}"
    for name in (
        *("libEGL.so.1", "libGL.so.1", "libdbus-1.so.3", "libfontconfig.so.1", "libglib-2.0.so.0"),
        *("libxkbcommon.so.0", "libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-keysyms.so.1"),
        *("libxcb-shape.so.0", "libxkbcommon-x11.so.0"),
    )
)

ARCHIVES = ("OrthancRecoverCompressedFile", "dcmqrscp", "strace", "openssl")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the scripts look for Linux libraries")


class System:
    """A folder of programs that is the whole PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("sh", "dirname", "id", "uname", "cat", "tr"):
            program = shutil.which(name)
            assert program is not None
            (folder / name).symlink_to(program)

    def has(self, name: str, script: str) -> None:
        path = self.folder / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(SETUP / script), *arguments]
        return subprocess.run(command, env={"PATH": str(self.folder)}, capture_output=True, text=True, timeout=60)


@pytest.fixture
def system(tmp_path: Path) -> System:
    return System(tmp_path)


def libraries(system: System, listed: str, uid: int = 1000) -> None:
    system.has("ldconfig", f"cat <<'END'\n{listed}\nEND")
    system.has("id", f"echo {uid}")


def test_nothing_is_said_where_every_library_is_there(system: System) -> None:
    libraries(system, EVERY_LIBRARY)
    answer = system.run("libraries.sh", "window")
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


def test_the_one_command_to_type_is_printed(system: System) -> None:
    libraries(system, EVERY_LIBRARY.replace("libEGL.so.1", "libOther.so.1").replace("libxcb-cursor", "libOther"))
    system.has("apt-get", "exit 1")
    answer = system.run("libraries.sh", "window")
    assert answer.returncode == 1
    assert (
        "    sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends libegl1 libxcb-cursor0'\n"
        in answer.stderr
    )


def test_root_gets_them_installed(system: System) -> None:
    libraries(system, EVERY_LIBRARY.replace("libEGL.so.1", "libOther.so.1"), uid=0)
    log = system.folder / "log"
    system.has("apt-get", f'echo "$DEBIAN_FRONTEND $*" >> {log}')
    answer = system.run("libraries.sh", "window")
    assert answer.returncode == 0
    assert log.read_text(encoding="utf-8").splitlines() == [
        "noninteractive update",
        "noninteractive install -y --no-install-recommends libegl1",
    ]


def test_the_tests_also_want_a_virtual_screen_and_archives(system: System) -> None:
    libraries(system, EVERY_LIBRARY)
    system.has("apt-get", "exit 1")
    wanted = "--no-install-recommends xvfb xauth orthanc orthanc-dicomweb dcmtk strace openssl'"
    assert wanted in system.run("libraries.sh", "tests").stderr
    for name in ("Xvfb", "xauth", *ARCHIVES):
        system.has(name, "")
    assert system.run("libraries.sh", "tests").returncode == 0


def test_an_installer_wants_every_tool_of_the_build_before_it_begins(system: System) -> None:
    libraries(system, EVERY_LIBRARY, uid=0)
    log = system.folder / "log"
    system.has("apt-get", f'echo "$*" >> {log}')
    for name in ("Xvfb", "xvfb-run", "xauth", "dpkg-deb", "tar"):
        system.has(name, "")
    assert system.run("libraries.sh", "installer").returncode == 0
    assert log.read_text(encoding="utf-8").splitlines()[-1] == (
        "install -y --no-install-recommends binutils zstd patchelf"
    )
    text = (SETUP / "libraries.sh").read_text(encoding="utf-8")
    [line] = [line for line in text.splitlines() if "patchelf:patchelf" in line]
    wanted = dict(pair.split(":") for pair in line.partition('"')[2].rstrip('"').split())
    assert wanted == build_tools(), "both lists name the same programs and packages"


def build_tools() -> dict[str, str]:
    """The tools that the build itself looks for before it freezes."""
    tree = ast.parse((SETUP.parent / "installer" / "build.py").read_text(encoding="utf-8"))
    assigned = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    tools: dict[str, str] = ast.literal_eval(assigned["TOOLS"])
    return tools


def test_a_python_that_is_too_old_is_told(system: System) -> None:
    system.has("python3", 'case "$1" in --version) echo Python 3.9.18 ;; *) exit 1 ;; esac')
    answer = system.run("python.sh")
    assert answer.returncode == 1
    assert "Python 3.11, 3.12 or 3.13 is needed; found: Python 3.9.18." in answer.stderr


def test_elsewhere_the_command_of_that_system_is_printed(system: System) -> None:
    libraries(system, EVERY_LIBRARY.replace("libEGL.so.1", "libOther.so.1"))
    system.has("dnf", "exit 1")
    assert "    sudo dnf install 'libEGL.so.1()(64bit)'\n" in system.run("libraries.sh", "window").stderr
    (system.folder / "dnf").unlink()
    answer = system.run("libraries.sh", "window")
    assert answer.returncode == 1
    assert "libEGL.so.1 (packages in Debian: libegl1)" in answer.stderr


@pytest.mark.parametrize("version, is_taken", [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)])
def test_versions_of_python_that_are_taken(system: System, version: tuple[int, int], is_taken: bool) -> None:
    """The program that stands for Python runs the question with the real one, told another version."""
    change = f"import sys; sys.version_info = ({version[0]}, {version[1]}, 0)"
    ask = f'"{sys.executable}" -c "{change}; $(printf %s "$2" | sed "s/import sys; //")"'
    sed, printf = shutil.which("sed"), shutil.which("printf")
    assert sed is not None
    assert printf is not None
    for name, path in (("sed", sed), ("printf", printf)):
        (system.folder / name).symlink_to(path)
    system.has("python3", f'case "$2" in *ensurepip*) exit 0 ;; esac; {ask}')
    assert (system.run("python.sh").returncode == 0) is is_taken


def test_another_python_on_the_path_is_taken_instead(system: System) -> None:
    system.has("python3", "exit 1")
    system.has("python3.12", "exit 0")
    assert system.run("python.sh").stdout.strip() == str(system.folder / "python3.12")


def test_a_debian_without_python_names_the_packages(system: System) -> None:
    system.has("apt-get", "exit 1")
    system.has("id", "echo 1000")
    answer = system.run("python.sh")
    assert answer.returncode == 1
    assert "install -y --no-install-recommends python3 python3-venv'" in answer.stderr


def test_without_a_screen_the_sample_is_estimated_on_the_command_line(system: System, tmp_path: Path) -> None:
    libraries(system, EVERY_LIBRARY)
    programs = tmp_path / "environment" / "bin"
    programs.mkdir(parents=True)
    (programs / "bone-age").write_text('#!/bin/sh\necho "got $*"\n', encoding="utf-8")
    (programs / "bone-age").chmod(0o755)
    answer = subprocess.run(
        [str(SETUP / "run.sh"), str(programs.parent)],
        cwd=SETUP.parents[1],
        env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.returncode == 0, answer.stderr
    assert "There is no screen here" in answer.stdout
    assert answer.stdout.splitlines()[-1].startswith("got estimate resources/sample/")


def test_root_gets_browser_and_dicom_checkers_for_the_tests_and_goes_on_without(system: System) -> None:
    libraries(system, EVERY_LIBRARY, uid=0)
    log = system.folder / "log"
    for name in ("Xvfb", "xauth", *ARCHIVES):
        system.has(name, "")
    system.has("apt-get", f'echo "$*" >> {log}')
    assert system.run("libraries.sh", "tests").returncode == 0
    installed = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("install")]
    assert installed == [
        "install -y --no-install-recommends dicom3tools dcmtk",
        "install -y --no-install-recommends at-spi2-core gir1.2-atspi-2.0 python3-gi dbus",
        "install -y --no-install-recommends chromium",
    ]
    system.has("apt-get", "exit 1")
    answer = system.run("libraries.sh", "tests")
    assert answer.returncode == 0
    assert "is skipped" in answer.stderr
    assert "are skipped" in answer.stderr
    for name in ("chromium", "dciodvfy", "dsrdump", "dbus-run-session"):
        system.has(name, "")
    said = system.run("libraries.sh", "tests").stdout  # a screen reader's parts are looked for in the machine itself
    assert not any(word in said for word in ("chromium", "dicom3tools", "dcmtk"))
