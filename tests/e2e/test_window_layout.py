"""The window on small screens, at every scale, with large text, and with nothing but the film."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from bone_age_gui import paths
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.settings import APPLICATION, ORGANISATION
from windows import drive, wait_for_flag, wait_for_model

pytestmark = pytest.mark.usefixtures("own_settings", "nothing_left_running")

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = str(paths.sample_files()[0])
LOOK = """
import json, sys
from PySide6.QtCore import QPoint, QRect, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from bone_age_gui.__main__ import window as main
from bone_age_gui.about.diagnostics import diagnose
from bone_age_gui.gui.archive.find_dialog import FindDialog
from bone_age_gui.gui.archive.nodes_dialog import NodesDialog
from bone_age_gui.gui.archive.send_dialog import SendDialog
from bone_age_gui.gui.dialogs.error import ErrorDialog
from bone_age_gui.gui.dialogs.help_pages import DiagnosticsDialog
from bone_age_gui.gui.dialogs.report import ReportDialog
from bone_age_gui.gui.dialogs.settings import SettingsDialog
from bone_age_gui.gui.dialogs.text import TextDialog, about_html
from bone_age_gui.pacs.nodes import Node
from cut_texts import cut_texts
from targets import small_targets

opened = []

def look():
    windows = [each for each in QApplication.topLevelWidgets() if type(each).__name__ == "MainWindow"]
    shown = [each for each in windows if each.isVisible()]
    if not shown or shown[0].session.engine is None or not shown[0].session.is_idle:
        QTimer.singleShot(50, look)
        return
    window = shown[0]
    if len(opened) < 2:
        QApplication.processEvents()
        opened.append(cut_texts(window))
        QTimer.singleShot(50, look)
        return
    if len(opened) < 3:
        opened.append([])
        window.actions_by_name["estimate"].trigger()
        window.batches.open()
        QTimer.singleShot(100, look)
        return
    if len(opened) < 6:
        opened.append([])
        QTimer.singleShot(50, look)
        return
    panel = window.batches.panel
    cut = opened[1] + cut_texts(window) + cut_texts(panel)
    room = window.screen().availableGeometry()
    inside = {}
    for name in ("viewer", "form", "result", "films", "status"):
        part = getattr(window, name)
        place = QRect(part.mapTo(window, QPoint()), part.size())
        inside[name] = part.visibleRegion().isEmpty() or 0 <= place.left() and place.right() <= window.width()
    frames = [window.frameGeometry(), panel.frameGeometry()]
    for dialog in (SettingsDialog(window.settings, ["densenet121"]), ReportDialog(2), FindDialog(),
                   NodesDialog([Node("PACS")], lambda name: True), SendDialog(["PACS"], "PACS"),
                   ErrorDialog(ValueError("text")), DiagnosticsDialog(diagnose()), TextDialog("", about_html())):
        dialog.show()
        QApplication.processEvents()
        frames.append(dialog.frameGeometry())
        dialog.close()
    fits = [frame.width() <= room.width() and frame.height() <= room.height() for frame in frames]
    small = small_targets(window) + small_targets(panel)
    seen = {"fits": fits, "cut": cut, "inside": inside, "room": [room.width(), room.height()], "small": small}
    print(json.dumps(seen))
    window.close()

QTimer.singleShot(0, look)
sys.exit(main(sys.argv[1:]))
"""


def text_of(widget: QWidget) -> str:
    return str(widget.text()) if hasattr(widget, "text") else ""


@pytest.mark.parametrize(
    ("width", "height", "scale", "text"),
    [(1280, 720, "1", 150), (1920, 1080, "1.5", 100), (1920, 1080, "2", 150), (1920, 1080, "3", 100)],
)
def test_the_first_window_fits_the_screen_and_cuts_no_text(
    width: int, height: int, scale: str, text: int, tiny_bundle: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "settings" / ORGANISATION
    folder.mkdir(parents=True)
    (folder / f"{APPLICATION}.ini").write_text(f"[view]\ntext_size={text}\n")
    screen = {"name": "screen", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96, "dpr": 1.0,
              "logicalBaseDpi": 96}  # fmt: skip
    config = tmp_path / "screen.json"
    config.write_text(json.dumps({"windowFrameMargins": True, "screens": [screen]}))
    environment = os.environ | {
        "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
        "QT_SCALE_FACTOR": scale,
        "XDG_CONFIG_HOME": str(tmp_path / "settings"),
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests" / "helpers"))),
    }
    command = [sys.executable, "-c", LOOK, SAMPLE, "--model", str(tiny_bundle)]
    run = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=True)
    seen = json.loads(run.stdout.splitlines()[-1])
    assert seen["room"] == [round(width / float(scale)), round(height / float(scale))]
    assert seen["fits"] == [True] * 10
    assert all(seen["inside"].values()), seen["inside"]
    assert not seen["cut"]
    assert not seen["small"], "\n".join(seen["small"])


def test_the_reading_mode_gives_the_film_most_of_a_small_window(qtbot: QtBot, tiny_bundle: Path) -> None:
    def script(window: MainWindow) -> None:
        wait_for_model(qtbot, window)
        view = window.viewer.view
        before = [widget.isVisible() for widget in (window.films, window.form, window.stages, window.result)]
        qtbot.keyClick(view, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
        QApplication.processEvents()
        assert window.actions_by_name["reading_mode"].isChecked()
        assert view.width() * view.height() >= window.width() * window.height() / 2
        hidden = [
            window.films.isVisible(),
            window.form.isVisible(),
            window.stages.isVisible(),
            window.growth.isVisible(),
        ]
        assert hidden == [False] * 4
        assert not window.result.visibleRegion().isEmpty()
        assert not window.status.disclaimer.visibleRegion().isEmpty()
        qtbot.keyClick(view, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
        after = [widget.isVisible() for widget in (window.films, window.form, window.stages, window.result)]
        assert after == before == [True, True, True, True]

    drive(qtbot, [SAMPLE, "--size", "1280x720", "--model", str(tiny_bundle)], script)


def test_a_window_closed_in_reading_mode_comes_back_whole(qtbot: QtBot, tiny_bundle: Path) -> None:
    def read(window: MainWindow) -> None:
        wait_for_model(qtbot, window)
        qtbot.keyClick(window.viewer.view, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)

    def look(window: MainWindow) -> None:
        wait_for_model(qtbot, window)
        assert window.films.isVisible()
        assert window.stages.isVisible()
        assert not window.actions_by_name["reading_mode"].isChecked()

    drive(qtbot, [SAMPLE, "--model", str(tiny_bundle)], read)
    drive(qtbot, [SAMPLE, "--model", str(tiny_bundle)], look)


def test_the_strip_of_stages_can_be_hidden_and_stays_hidden(qtbot: QtBot, tiny_bundle: Path) -> None:
    def hide(window: MainWindow) -> None:
        wait_for_model(qtbot, window)
        assert window.stages.isVisible()
        qtbot.keyClick(window.viewer.view, Qt.Key.Key_T)
        assert not window.stages.isVisible()

    def show(window: MainWindow) -> None:
        wait_for_model(qtbot, window)
        assert not window.stages.isVisible()
        assert not window.actions_by_name["stage_strip"].isChecked()
        window.actions_by_name["reset_layout"].trigger()
        assert window.stages.isVisible()
        assert window.actions_by_name["stage_strip"].isChecked()

    drive(qtbot, [SAMPLE, "--model", str(tiny_bundle)], hide)
    drive(qtbot, [SAMPLE, "--model", str(tiny_bundle)], show)


def test_large_text_is_large_everywhere_after_a_restart(qtbot: QtBot, tiny_bundle: Path) -> None:
    base = QApplication.font().pointSizeF()
    store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, ORGANISATION, APPLICATION)
    store.setValue("view/text_size", "150")
    store.sync()

    def script(window: MainWindow) -> None:
        wait_for_flag(qtbot, window)
        kinds = (QLabel, QPushButton, QLineEdit, QToolButton, QCheckBox)
        small = [
            f"{type(each).__name__} {text_of(each)!r}: {each.font().pointSizeF():g}"
            for kind in kinds
            for each in window.findChildren(kind)
            if each.isVisible() and each.font().pointSizeF() < 1.5 * base * 0.8
        ]
        assert small == []
        assert window.films.view.font().pointSizeF() == pytest.approx(1.5 * base)
        assert window.viewer.view.font().pointSizeF() == pytest.approx(1.5 * base)

    try:
        drive(qtbot, [SAMPLE, "--estimate", "--size", "1280x720", "--model", str(tiny_bundle)], script)
    finally:
        font = QApplication.font()
        font.setPointSizeF(base)
        QApplication.setFont(font)


def test_the_result_comes_to_the_front_when_it_is_asked_for(qtbot: QtBot, tiny_bundle: Path) -> None:
    def script(window: MainWindow) -> None:
        wait_for_model(qtbot, window)
        window.docks.growth.raise_()
        QApplication.processEvents()
        assert window.result.visibleRegion().isEmpty()
        qtbot.keyClick(window.viewer.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait_for_flag(qtbot, window)
        assert not window.result.visibleRegion().isEmpty()
        window.resize(1264, 680)  # what 1280x720 holds beside a frame and a title bar
        QApplication.processEvents()
        button = window.estimate_bar.button
        assert button.visibleRegion().boundingRect().height() == button.height()

    drive(qtbot, [SAMPLE, "--size", "1280x720", "--model", str(tiny_bundle)], script)
