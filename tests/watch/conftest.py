"""A model that calls every hand-like film fine, a user's data folder of each test, and the program as a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bundles import make_seeing_bundle
from children import start as start_child
from commands import Answer, run_here

ROOT = Path(__file__).resolve().parents[2]
pytest.importorskip("watchfiles", reason="watchfiles is not installed (extra 'pacs')")
pytest.importorskip("pynetdicom", reason="pynetdicom is not installed (extra 'pacs')")


@pytest.fixture(scope="session")
def seeing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a model whose finder sees one whole hand on every film, and whose ages mean nothing."""
    return make_seeing_bundle(tmp_path_factory.mktemp("models") / "seeing").directory


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The user's data folder, on a machine without a keyring; the rights of new files are put back."""
    monkeypatch.setenv("BONE_AGE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    before = os.umask(0o022)
    yield tmp_path / "data"
    os.umask(before)


@pytest.fixture(autouse=True)
def _survives_its_own_signals() -> Iterator[None]:
    """A signal that a test sends to the watch in this process is nobody's end where that has ended already."""
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def watch(capsys: pytest.CaptureFixture[str], seeing: Path, tmp_path: Path) -> Callable[..., Answer]:
    """Run ``bone-age watch --out tmp_path/out`` in this process, with the seeing model."""
    run = run_here(capsys)

    def watch_here(*arguments: object) -> Answer:
        return run("watch", "--out", tmp_path / "out", "--model", seeing, "--device", "cpu", *arguments)

    return watch_here


@pytest.fixture
def program(seeing: Path, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """The same as a process of its own, ended after the test."""
    started = []

    def start(*arguments: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "bone_age_gui", "watch", "--out", str(tmp_path / "out"), "--model",
                   str(seeing), "--device", "cpu", *map(str, arguments)]  # fmt: skip
        with (tmp_path / "program.log").open("ab") as log:
            process = start_child(command, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": str(ROOT)})
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait(30)
