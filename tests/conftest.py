"""What every test needs: folders of its own; of the window: no screen, dialogs that do not wait, no threads left."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from own_folders import folder_of_one_test, left_in_home, move_home, remove_home

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
"""Of pytest-xdist: it inherits the home of the run."""
if not IS_WORKER:
    move_home()  # before the libraries below, which write into it

import onnxruntime  # noqa: E402, F401  before Qt, as the program does

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LANGUAGE"] = "en"  # whatever the machine speaks


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run fails where a test wrote what it would have written among the things of a user."""
    if not IS_WORKER and left_in_home():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say why such a run failed."""
    for name in left_in_home():
        terminalreporter.write_line(f"FAILED: a test wrote ~/{name}, past its own folders", red=True)


def pytest_unconfigure() -> None:
    """The home goes with the run."""
    if not IS_WORKER:
        remove_home()


@pytest.fixture(autouse=True)
def _own_folders() -> Iterator[None]:
    """Data and settings of this test alone, in this process and in those that it starts.

    Before what the test itself changes (``monkeypatch``), and so taken away after that is undone.
    """
    folder = folder_of_one_test()
    with pytest.MonkeyPatch.context() as own:
        own.setenv("BONE_AGE_DATA", str(folder / "data"))
        own.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        yield
    shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Dialogs:
    """Dialogs that would have been shown, and what they say: message and explanation, report, or title."""

    shown: list[Any] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    answer: int = 0

    def note(self, dialog: Any) -> int:
        self.shown.append(dialog)
        if hasattr(dialog, "informativeText"):
            self.texts.append(f"{dialog.text()}\n{dialog.informativeText()}")
        elif hasattr(dialog, "report"):
            self.texts.append(dialog.report.toPlainText())
        else:
            self.texts.append(dialog.windowTitle())
        return self.answer


@pytest.fixture
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings of this test alone in this process, and the folder of its data where the test finds it."""
    from PySide6.QtCore import QSettings

    monkeypatch.setenv("BONE_AGE_DATA", str(tmp_path / "data"))
    folder = tmp_path / "settings"
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    return folder


@pytest.fixture
def dialogs(monkeypatch: pytest.MonkeyPatch) -> Dialogs:
    """Dialogs are noted and answered at once instead of waiting for a person."""
    from PySide6.QtWidgets import QDialog, QMessageBox

    noted = Dialogs()

    monkeypatch.setattr(QDialog, "exec", lambda dialog: noted.note(dialog))
    monkeypatch.setattr(QMessageBox, "exec", lambda dialog: noted.note(dialog))
    return noted


@pytest.fixture
def nothing_left_running() -> Iterator[None]:
    """Fails if a thread outlives the test, or if a window stays open."""
    from PySide6.QtCore import QThreadPool
    from PySide6.QtWidgets import QApplication

    def own_threads() -> set[threading.Thread]:
        # Threads of Qt that ran Python appear as dummies for ever; pools are asked themselves.
        dummy: type = threading._DummyThread  # type: ignore[attr-defined]
        return {thread for thread in threading.enumerate() if not isinstance(thread, dummy)}

    before = own_threads()
    yield
    assert own_threads() <= before
    assert QThreadPool.globalInstance().activeThreadCount() == 0
    app = QApplication.instance()
    open_windows = [window for window in app.topLevelWidgets() if window.isVisible()] if app is not None else []  # type: ignore[attr-defined]
    assert not open_windows


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a valid model bundle with a heat map, whose ages mean nothing."""
    from bundles import make_bundle

    return make_bundle(tmp_path_factory.mktemp("bundles") / "tiny").directory


@pytest.fixture(scope="session")
def girl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DICOM film of a girl born 2014-03-02, radiographed 2026-11-20."""
    from films import hand_like, write_dicom

    return write_dicom(tmp_path_factory.mktemp("girl") / "girl.dcm", hand_like())


@pytest.fixture(scope="session")
def plain_picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film as PNG, without any tag."""
    from films import hand_like, write_picture

    return write_picture(tmp_path_factory.mktemp("plain") / "plain.png", hand_like(seed=2))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A file that ends in bone-white noise instead of a picture."""
    path = tmp_path / "broken.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    return path
