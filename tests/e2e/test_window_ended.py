"""A window that is ended hard in the middle of a word."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from bone_age_gui.store.worklist import open_worklist, worklist_file
from windows import WAIT_MS

pytestmark = pytest.mark.usefixtures("own_settings", "nothing_left_running")

ROOT = Path(__file__).resolve().parents[2]
YES, CANCEL = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel


_TYPIST = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from bone_age_gui.gui.main_window import MainWindow
import bone_age_gui.gui.launch as launch

def type_on():
    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
    if windows and windows[0].session.current is not None and windows[0].session.current.sha256:
        field = windows[0].reading.remark
        QTest.keyClicks(field, "x")
        print(len(field.text()), flush=True)
    QTimer.singleShot(20, type_on)

QTimer.singleShot(0, type_on)
from bone_age_gui.__main__ import window
from bone_age_gui.gui.options import parse
original = launch.make_window
def make_window(options, backend):
    QTimer.singleShot(0, type_on)
    return original(options, backend)
launch.make_window = make_window
window(sys.argv[1:])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal here")
def test_a_window_that_is_ended_hard_loses_at_most_the_last_key(tiny_bundle: Path, girl: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    program = subprocess.Popen(
        [sys.executable, "-c", _TYPIST, str(girl), "--model", str(tiny_bundle), "--device", "cpu"],
        stdout=subprocess.PIPE, text=True, env=environment, cwd=tmp_path,
    )  # fmt: skip
    assert program.stdout is not None
    typed, deadline = 0, time.monotonic() + WAIT_MS / 1000
    for line in program.stdout:
        typed = int(line)
        if typed >= 12 or time.monotonic() > deadline:
            break
    program.send_signal(signal.SIGKILL)
    rest = program.stdout.read().split()
    program.wait()
    typed = int(rest[-1]) if rest else typed
    worklist, error = open_worklist(worklist_file())
    from bone_age_gui.core.values.digest import sha256_of

    kept = worklist.entered(sha256_of(girl)).reading.remark
    worklist.close()
    assert error is None
    assert typed >= 12
    assert typed <= len(kept) <= typed + 1
