"""What it costs to read films in a worker process: opening a film, and the first paint of the window. Run by hand:

    python tests/benchmarks/reading.py [--repeats 30] [--size 2000x2500] [--paints 5]

Both ways are measured in turns in one run: the least time of each, and the time of the processor, of program and worker
together, which other work on the machine does not lengthen. Wanted: 15 ms a film at most, and no later first paint. No
test depends on the figures.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]

import psutil  # noqa: E402
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless, JPEGLosslessSV1  # noqa: E402

from bone_age_gui.core.reader.read import Read, read_radiograph  # noqa: E402
from bone_age_gui.core.workers.reading import FilmReader  # noqa: E402
from films import hand_like, write_dicom, write_picture  # noqa: E402

_FIRST_PAINT = """
import sys, time
started = float(sys.argv[1])
from bone_age_gui import __main__ as app
from bone_age_gui.gui import main_window
from bone_age_gui.gui.work import reading
from PySide6.QtCore import QTimer
if sys.argv[2] == "here":
    class Here:
        def start(self): pass
        def open_case(self, path):
            from bone_age_gui.core import pipeline
            return pipeline.open_case(path)
        def close(self): pass
    reading.WorkerReader = Here
    from bone_age_gui.gui.work import line
    line.WorkerReader = Here
def painted(window, event):
    print("painted", time.time() - started, flush=True)
    QTimer.singleShot(0, window.close)
main_window.MainWindow.paintEvent = painted
sys.exit(app.window(sys.argv[3:]))
"""


def films(folder: Path, width: int, height: int) -> list[Path]:
    """One film in some of the ways in which they are stored."""
    film = hand_like(height, width)
    syntaxes = (ExplicitVRLittleEndian, JPEG2000Lossless, JPEGLosslessSV1)
    paths = [write_dicom(folder / f"{syntax.keyword}.dcm", film, syntax=syntax) for syntax in syntaxes]
    return [*paths, write_picture(folder / "picture.jpg", film), write_picture(folder / "picture.png", film, bits=16)]


def busy_seconds() -> float:
    """Time of the processor that this program and its workers have used, on whichever of its threads."""
    workers = [psutil.Process(child.pid).cpu_times() for child in multiprocessing.active_children()]
    return time.process_time() + sum(times.user + times.system for times in workers)


def milliseconds(read: Read, path: Path, repeats: int) -> tuple[float, float]:
    """Least time of one film, and mean time of the processor."""
    least, busy = float("inf"), busy_seconds()
    for _ in range(repeats):
        started = time.perf_counter()
        read(path)
        least = min(least, time.perf_counter() - started)
    return 1000 * least, 1000 * (busy_seconds() - busy) / repeats


def opening(paths: list[Path], repeats: int) -> None:
    """The table of films."""
    head = f"{'here':>8} {'worker':>8} {'more':>8}"
    print(f"{'opening a film, ms':32} {head}   processor: {head}")
    with FilmReader() as reader:
        for path in paths:
            reader.read(path)
            read_radiograph(path)
            here, here_busy = milliseconds(read_radiograph, path, repeats)
            there, there_busy = milliseconds(reader.read, path, repeats)
            figures = f"{here:8.1f} {there:8.1f} {there - here:8.1f}"
            busy = f"{here_busy:8.1f} {there_busy:8.1f} {there_busy - here_busy:8.1f}"
            print(f"{path.name:32} {figures}              {busy}", flush=True)


def first_paint(folder: Path, repeats: int) -> None:
    """Start to first paint, with films read in workers and without."""
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "BONE_AGE_DATA": str(folder / "data")}
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), **home}
    seconds: dict[str, list[float]] = {"here": [], "worker": []}
    for _ in range(repeats):
        for where, times in seconds.items():
            command = [sys.executable, "-c", _FIRST_PAINT, repr(time.time()), where]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            times += [float(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("painted")][:1]
    if not all(seconds.values()):
        print("the window did not open")
        return
    print(
        f"{'start to first paint, s':32}" + "".join(f" {statistics.median(times):8.2f}" for times in seconds.values())
    )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=30)
    parser.add_argument("--size", default="2000x2500", help="WIDTHxHEIGHT of the films")
    parser.add_argument("--paints", type=int, default=5)
    options = parser.parse_args()
    width, height = (int(side) for side in options.size.split("x"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        opening(films(folder, width, height), options.repeats)
        if options.paints:
            first_paint(folder, options.paints)


if __name__ == "__main__":
    main()
