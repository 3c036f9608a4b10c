"""Nothing connects unless a person or a command asks, and nothing ever listens: by the system calls of the program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archives import Orthanc
from bone_age_gui.pacs.nodes import Node
from films import hand_like, write_dicom

ROOT = Path(__file__).resolve().parents[2]
INTERNET = re.compile(r"\b(socket|connect|bind|sendto)\(.*AF_INET")
LISTENING = re.compile(r"\b(listen|accept4?)\(")
LIBRARIES = ("pynetdicom", "dicomweb_client", "requests", "urllib3", "keyring", "watchfiles")

Trace = Callable[..., list[str]]


@pytest.fixture
def trace(tmp_path: Path, data: Path) -> Trace:
    """Run the program and give back its calls about the network, those of its processes too."""
    if sys.platform != "linux" or shutil.which("strace") is None:
        pytest.skip("strace is not installed (Debian: strace)")

    def run(*arguments: object) -> list[str]:
        log = tmp_path / "calls"
        command = ["strace", "-f", "-qq", "-e", "trace=%network", "-o", str(log), sys.executable, "-m", "bone_age_gui"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
        answer = subprocess.run(
            [*command, *map(str, arguments)], env=environment, capture_output=True, text=True, timeout=400, cwd=tmp_path
        )
        if "ptrace" in answer.stderr.lower() and not log.exists():
            pytest.skip("this system lets nobody trace a program")
        assert answer.returncode in (0, 3), answer.stderr
        return log.read_text(errors="replace").splitlines()

    return run


def matching(calls: list[str], pattern: re.Pattern[str]) -> list[str]:
    return [call for call in calls if pattern.search(call)]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_dicom(tmp_path / "film.dcm", hand_like(300, 240))


def test_the_check_sees_a_connection_and_a_listener(trace: Trace, nodes: Callable[..., None], orthanc: Orthanc) -> None:
    nodes(orthanc.node())
    calls = trace("pacs", "echo", "--node", "orthanc")
    assert matching(calls, INTERNET)
    assert not matching(calls, LISTENING)
    assert matching(["123 listen(3, 128) = 0"], LISTENING)


def test_films_are_estimated_without_a_connection(
    trace: Trace, nodes: Callable[..., None], tiny_bundle: Path, film: Path, tmp_path: Path
) -> None:
    nodes(Node("not asked", host="pacs.invalid", ae_title="A"))
    calls = trace("estimate", film, "--model", tiny_bundle, "--device", "cpu", "--report", tmp_path / "reports")
    assert not matching(calls, INTERNET)


def test_the_window_opens_without_a_connection(
    trace: Trace, nodes: Callable[..., None], tiny_bundle: Path, film: Path, tmp_path: Path
) -> None:
    nodes(Node("not asked", host="pacs.invalid", ae_title="A"))
    options = ("--model", tiny_bundle, "--device", "cpu", "--estimate", "--screenshot", tmp_path / "window.png")
    calls = trace(film, *options)
    assert (tmp_path / "window.png").exists()
    assert not matching(calls, INTERNET)


def test_a_folder_is_watched_without_a_connection(trace: Trace, tiny_bundle: Path, film: Path, tmp_path: Path) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    shutil.copyfile(film, folder / "film.dcm")
    calls = trace(
        "watch", "--folder", folder, "--out", tmp_path / "out", "--model", tiny_bundle, "--device", "cpu", "--once"
    )
    assert not matching(calls, INTERNET)


def test_fetching_films_opens_no_listening_port(
    trace: Trace, nodes: Callable[..., None], orthanc: Orthanc, film: Path
) -> None:
    orthanc.upload(film)
    nodes(orthanc.node())
    calls = trace("pacs", "get", "--node", "orthanc", "--words", "")
    assert matching(calls, INTERNET)
    assert not matching(calls, LISTENING)


def test_what_can_connect_is_imported_only_where_it_is_used() -> None:
    script = (
        "import importlib, pkgutil, sys, bone_age_gui\n"
        "for module in pkgutil.walk_packages(bone_age_gui.__path__, 'bone_age_gui.'):\n"
        "    if not module.name.endswith('__main__') and '.service' not in module.name:\n"
        "        importlib.import_module(module.name)\n"
        f"print([name for name in {LIBRARIES} if name in sys.modules])\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    answer = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=300
    )
    assert answer.stdout.strip() == "[]", answer.stderr
