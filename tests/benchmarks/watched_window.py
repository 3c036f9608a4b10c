"""A window of a program of its own, without a screen, that a benchmark watches and drives from inside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CHILD = "import sys; sys.path[:0] = sys.argv[2].split('|'); import {0}; {0}.show(sys.argv[1])"
"""Run as a command, so that worker processes import what they import in the real program, and no benchmark."""


def measured_apart(benchmark: str, wanted: Mapping[str, object]) -> dict[str, float]:
    """What ``show`` of a benchmark, a module beside this one, has measured in a process of its own."""
    data = str(Path(str(wanted["place"])) / "data")  # a worklist of this machine must not ask anything
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "BONE_AGE_DATA": data}
    child = [sys.executable, "-c", CHILD.format(benchmark), json.dumps(wanted), f"{HERE}|{ROOT}"]
    done = subprocess.run(child, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def show_watched(
    wanted: str,
    watch: Callable[[dict[str, Any]], Watch],
    look_ms: int,
    arguments: Callable[[dict[str, Any]], Sequence[str]],
) -> None:
    """In that process: open the program, let it be watched, and print what was measured as one JSON object.

    ``wanted`` is a JSON object that watch and ``arguments`` (those of the window) are made from; the program's settings
    go to its ``place``.
    """
    from bone_age_gui.__main__ import window
    from bone_age_gui.gui.work.line import load_onnxruntime

    load_onnxruntime()
    from PySide6.QtCore import QSettings, QTimer
    from PySide6.QtWidgets import QApplication

    options: dict[str, Any] = json.loads(wanted)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, f"{options['place']}/settings")
    program = QApplication(sys.argv[:1])
    timer = QTimer(program)
    watching = watch(options)
    timer.timeout.connect(watching.look)
    timer.start(look_ms)
    window(["--size", "1280x720", *arguments(options)])
    print(json.dumps(watching.measured))


class Watch:
    """Looks at the window every few milliseconds, or as often as it answers."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.measured: dict[str, float] = {}
        self._options = options
        self._window: Any = None
        self._started = self._looked = 0.0

    def look(self) -> None:
        """Go on as far as the window has come; a mistake here ends the program, where it would wait in a dialog."""
        try:
            self._go_on(time.perf_counter())
        except Exception:
            traceback.print_exc()
            os._exit(1)

    def _go_on(self, now: float) -> None:
        if self._window is None:
            self._window = next(iter(_windows()), None)
            if self._window is not None:
                self._meet()
        elif not self._started:
            self._begin()
        else:
            self._note(now)
        self._looked = now

    def _meet(self) -> None:
        """The window is there."""

    def _begin(self) -> None:
        """Start what is measured once the window is ready for it."""

    def _note(self, now: float) -> None:
        """Measure, and close the window at the end."""
        raise NotImplementedError

    def _once(self, face: str, view: Any) -> bool:
        """Note a time when it is seen first, once the view is painted; whether it was the first time."""
        if face in self.measured:
            return False
        view.viewport().repaint()
        self.measured[face] = time.perf_counter() - self._started
        return True


def _windows() -> list[Any]:
    from PySide6.QtWidgets import QApplication

    from bone_age_gui.gui.main_window import MainWindow

    return [window for window in QApplication.topLevelWidgets() if isinstance(window, MainWindow)]
