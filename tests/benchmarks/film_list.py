"""How soon a large folder that is opened in the window shows something, and what it costs. Run by hand:

    python tests/benchmarks/film_list.py [--films 2000] [--sample FILM] [--repeats 1] [--open cold,warm] [--listed]

The folder holds so many links to one film. Each run is a program of its own, without a screen. ``cold``: the folder
stands on the command line, and the times count from the first painting of the window, while the model loads; ``warm``:
the folder is opened once the model is there. Seconds until the first row, and until all rows, are painted in the list;
until the first film, and until all films, are read; ``longest wait`` is the longest time in which the window answered
nobody. Memory is that of the window's own process in MB: before the folder is opened, when all rows are listed, when
all are read, and the highest that was seen. ``--listed`` ends each run once all rows are listed. Medians of repeats;
compare ratios within one run, not seconds between machines. No test depends on this.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SAMPLE = ROOT / "resources" / "sample" / "phantom_hand.dcm"
CHILD = "import sys; sys.path[:0] = sys.argv[2].split('|'); from film_list import show; show(sys.argv[1])"
"""Run as a command, so that worker processes import what they import in the real program, and no benchmark."""
FACES = ("first row", "all rows", "first read", "all read", "longest wait")
MEMORY = ("MB before", "MB listed", "MB read", "MB highest")
LOOK_MS = 5


def main(argv: Sequence[str] | None = None) -> int:
    """Measure every way to open, and print a table."""
    options = parse(argv)
    with tempfile.TemporaryDirectory() as text:
        films = make_folder(Path(text) / "films", options.sample, options.films)
        print(f"{options.films} links to {options.sample.name}, load {os.getloadavg()[0]:.1f} at the start; seconds\n")
        print(f"{'open':6}" + "".join(f"{name:>14}" for name in FACES + MEMORY))
        for way in options.open:
            runs = [run(films, Path(text), way, options.listed) for _ in range(options.repeats)]
            values = (statistics.median(run.get(name, float("nan")) for run in runs) for name in FACES + MEMORY)
            print(f"{way:6}" + "".join(f"{value:14.2f}" for value in values), flush=True)
    return 0


def make_folder(folder: Path, sample: Path, count: int) -> Path:
    """A folder of links to one film; copies where the file system has no links between these places."""
    import shutil

    folder.mkdir()
    for number in range(count):
        link = folder / f"{sample.stem}_{number:05}{sample.suffix}"
        try:
            link.hardlink_to(sample)
        except OSError:
            shutil.copyfile(sample, link)
    return folder


def run(films: Path, place: Path, way: str, ends_listed: bool) -> dict[str, float]:
    """The times of one program of its own, in seconds, and its memory in MB."""
    with tempfile.TemporaryDirectory(dir=place) as folder:
        wanted = json.dumps({"films": str(films), "place": folder, "way": way, "ends_listed": ends_listed})
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        child = [sys.executable, "-c", CHILD, wanted, "|".join([str(HERE), str(ROOT)])]
        done = subprocess.run(child, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def show(wanted: str) -> None:
    """In the child: open the program and the folder in it, print what was measured as one JSON object."""
    from bone_age_gui.__main__ import window
    from bone_age_gui.gui.work.line import load_onnxruntime

    load_onnxruntime()
    from PySide6.QtCore import QSettings, QTimer
    from PySide6.QtWidgets import QApplication

    options: dict[str, Any] = json.loads(wanted)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, f"{options['place']}/settings")
    program = QApplication(sys.argv[:1])
    timer = QTimer(program)
    watch = Watch(options)
    timer.timeout.connect(watch.look)
    timer.start(LOOK_MS)
    window(["--size", "1280x720", *([options["films"]] if options["way"] == "cold" else [])])
    print(json.dumps(watch.measured))


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
            self._go_on()
        except Exception:
            traceback.print_exc()
            os._exit(1)

    def _go_on(self) -> None:
        now = time.perf_counter()
        if self._window is None:
            self._window = next(iter(_windows()), None)
            if self._window is not None and self._options["way"] == "cold":
                self._window.painted.connect(self._start)
        elif not self._started:
            session = self._window.session
            if self._options["way"] == "warm" and session.engine is not None and session.is_idle:
                self._start()
                self._window.film_actions.open_paths([Path(self._options["films"])])
        else:
            self._note(now)
        self._looked = now

    def _start(self) -> None:
        self.measured |= {"longest wait": 0.0, "MB before": _memory(), "MB highest": 0.0}
        self._started = self._looked = time.perf_counter()

    def _note(self, now: float) -> None:
        self.measured["longest wait"] = max(self.measured["longest wait"], now - self._looked)
        self.measured["MB highest"] = max(self.measured["MB highest"], _memory())
        listed = self._window.films.filter.rowCount()
        films = self._window.session.films
        if listed:
            self._once("first row")
        if listed and listed == len(films):
            self._once("all rows", "MB listed")
        if films and films[0].case.radiograph is not None:
            self._once("first read")
        is_read = "all rows" in self.measured and all(film.case.radiograph is not None for film in films[::-1])
        if is_read:
            self._once("all read", "MB read")
        if is_read or (self._options["ends_listed"] and "first read" in self.measured):
            self._window.close()

    def _once(self, face: str, memory: str = "") -> None:
        """Note a time when it is seen first, once the list is painted."""
        if face not in self.measured:
            self._window.films.view.viewport().repaint()
            self.measured[face] = time.perf_counter() - self._started
            if memory:
                self.measured[memory] = _memory()


def _windows() -> list[Any]:
    from PySide6.QtWidgets import QApplication

    from bone_age_gui.gui.main_window import MainWindow

    return [window for window in QApplication.topLevelWidgets() if isinstance(window, MainWindow)]


def _memory() -> float:
    """Of this process, in MB."""
    import psutil

    return float(psutil.Process().memory_info().rss) / 1e6


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Options of the benchmark."""
    parser = argparse.ArgumentParser(description="How soon a large folder shows something in the window.")
    parser.add_argument("--films", type=int, default=2000)
    parser.add_argument("--sample", type=Path, default=SAMPLE)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--open", type=lambda text: text.split(","), default=["cold", "warm"])
    parser.add_argument("--listed", action="store_true", help="end once all rows are listed and one film is read")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
