"""``bone-age-gui --screenshot``: a picture of the window, and how the program ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from bone_age_gui.__main__ import window as main
from bone_age_gui.gui.app import lacks_screen
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.options import parse
from bone_age_gui.store.worklist import worklist_file
from films import hand_like, write_dicom

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["1280x720", "1920x1080"])
def test_a_picture_of_the_window(
    tmp_path: Path, tiny_bundle: Path, girl: Path, own_settings: Path, qapp: QApplication, theme: str, size: str
) -> None:
    target = tmp_path / "window.png"
    arguments = [str(girl), "--estimate", "--model", str(tiny_bundle), "--theme", theme, "--size", size]
    assert main([*arguments, "--screenshot", str(target)]) == 0
    picture = cv2.imread(str(target))
    height, width = picture.shape[:2]
    assert f"{width}x{height}" == size
    assert (picture[height - 40 : height - 5, :40].mean() < 128) == (theme == "dark")
    assert not worklist_file().exists(), "it keeps nothing"


def test_a_picture_of_trouble_has_its_own_exit_code(
    tmp_path: Path, tiny_bundle: Path, broken: Path, qapp: QApplication, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "window.png"
    assert main([str(broken), "--model", str(tiny_bundle), "--screenshot", str(target)]) == 3
    assert target.exists()
    assert "bone-age-gui: " in capsys.readouterr().err
    assert main(["--model", str(tiny_bundle), "--screenshot", str(tmp_path / "none" / "a.png")]) == 1


def test_a_picture_with_estimates_says_why_there_are_none(
    tmp_path: Path,
    tiny_bundle: Path,
    girl: Path,
    qapp: QApplication,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arguments = ["--estimate", "--model", str(tiny_bundle), "--screenshot", str(tmp_path / "window.png")]
    assert main(arguments) == 3
    assert "no film was opened" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert main([str(tmp_path / "empty"), *arguments]) == 3
    assert capsys.readouterr().err.startswith("bone-age-gui: ")
    undated = write_dicom(tmp_path / "girl.dcm", hand_like(), birth_date="20270101")
    assert main([str(undated), *arguments]) == 3
    assert "Not estimated: Study date lies before" in capsys.readouterr().err


def test_a_picture_waits_for_nobody(
    tmp_path: Path, tiny_bundle: Path, qapp: QApplication, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dialog is closed, and its words are printed."""

    class Box(QMessageBox):
        def text(self) -> str:
            return "Something happened"

    def show() -> None:  # once the window is there, and not when it has gone: then nobody would close the box
        windows = [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)]
        if any(window.isVisible() for window in windows):
            Box().exec()
        else:
            QTimer.singleShot(10, show)

    QTimer.singleShot(0, show)
    assert main(["--model", str(tiny_bundle), "--screenshot", str(tmp_path / "window.png")]) == 3
    assert "Something happened" in capsys.readouterr().err


def test_without_a_screen_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert main([]) == 2
    assert "bone-age estimate FILE" in capsys.readouterr().err


def test_where_a_screen_is_looked_for() -> None:
    assert lacks_screen("linux", {})
    assert not lacks_screen("linux", {"DISPLAY": ":0"})
    assert not lacks_screen("linux", {"QT_QPA_PLATFORM": "offscreen"})
    assert not lacks_screen("win32", {})
    assert not lacks_screen("darwin", {})


@pytest.mark.parametrize("arguments", [["--size", "big"], ["--theme", "pink"], ["--device", "tpu"], ["--nonsense"]])
def test_wrong_arguments_are_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        parse(arguments)
    assert leaving.value.code == 2


def test_the_program_itself_takes_a_picture_without_any_screen(tmp_path: Path, tiny_bundle: Path, girl: Path) -> None:
    environment = {name: text for name, text in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.pop("QT_QPA_PLATFORM", None)
    environment |= {"XDG_CONFIG_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    target = tmp_path / "window.png"
    command = [sys.executable, "-m", "bone_age_gui", str(girl), "--estimate", "--model", str(tiny_bundle)]
    done = subprocess.run(
        [*command, "--screenshot", str(target)], env=environment, cwd=tmp_path, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert target.exists()
