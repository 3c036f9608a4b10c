"""How long and how much: file to answer by step, start to first paint, peak memory. Run by hand:

    python tests/benchmarks/speed.py [--model NAME|DIR] [--repeats 5] [--size 2000x2500] [--no-window]

Prints tables, all measured in one run; compare their ratios, not their seconds, between machines. No test
depends on them.
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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]

from bone_age_gui import paths  # noqa: E402
from bone_age_gui.core.growth import GrowthReference  # noqa: E402
from bone_age_gui.core.model.bundle import Bundle, find_bundle  # noqa: E402
from bone_age_gui.core.model.predictor import Predictor  # noqa: E402
from bone_age_gui.core.pipeline import process  # noqa: E402
from bone_age_gui.core.values.errors import BoneAgeError  # noqa: E402
from bundles import make_bundle  # noqa: E402
from films import LOSSLESS_SYNTAXES, LOSSY_SYNTAXES, hand_like, write_dicom, write_picture  # noqa: E402

STEPS = ("read", "prepare", "infer", "assess")
EIGHT_BIT_ONLY = "1.2.840.10008.1.2.4.50"

FIRST_PAINT = """
import sys, time
started = float(sys.argv[1])
from bone_age_gui import __main__ as app
from bone_age_gui.gui import main_window
from PySide6.QtCore import QTimer
def painted(window, event):
    print("painted", time.time() - started, flush=True)
    QTimer.singleShot(0, window.close)
main_window.MainWindow.paintEvent = painted
sys.exit(app.window(sys.argv[2:]))
"""


# A process counts the peak of the one that started it, up to its own start, as its own: so a small one starts it.
LAUNCHER = """
import json, os, subprocess, sys, time
started = time.perf_counter()
child = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(child.pid, 0)
measured = (time.perf_counter() - started, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
with open(sys.argv[1], "w") as file:
    json.dump(measured, file)
"""


@dataclass(frozen=True)
class Child:
    """One finished program: wall time in s, peak resident memory in MB, exit status, what it printed."""

    seconds: float
    peak_mb: float
    status: int
    printed: str


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="bundle; the default one, or a tiny one where there is none")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--size", default="2000x2500", help="WIDTHxHEIGHT of the films")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--no-window", action="store_true", help="skip start-up and memory of the window")
    options = parser.parse_args(argv)
    width, height = map(int, options.size.split("x"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle = _bundle(options.model, folder)
        films = write_films(folder, width, height)
        started = time.perf_counter()
        predictor = Predictor(bundle, "auto", options.threads)
        warm = time.perf_counter() - started
        print(
            f"{bundle.name} {bundle.version} on {predictor.device}, {predictor.threads} threads; "
            f"{width} x {height} px; medians of {options.repeats}; session opened and warmed in {warm:.2f} s\n"
        )
        file_to_answer(films, predictor, options.repeats)
        command_line(films["Explicit VR Little Endian"], bundle, folder)
        if not options.no_window:
            window(films["Explicit VR Little Endian"], bundle, folder, options.repeats)
    return 0


def _bundle(wanted: str | None, folder: Path) -> Bundle:
    try:
        return find_bundle(wanted, paths.model_search_path())
    except BoneAgeError:
        if wanted:
            raise
        print("No model is installed: a tiny one stands in, its inference is no measure.")
        return make_bundle(folder / "tiny")


def write_films(folder: Path, width: int, height: int) -> dict[str, Path]:
    """One film in every transfer syntax and picture format, by name."""
    pixels = hand_like(height, width)
    films = {}
    for number, syntax in enumerate((*LOSSLESS_SYNTAXES, *LOSSY_SYNTAXES)):
        bits = 8 if syntax == EIGHT_BIT_ONLY else 12
        films[syntax.name] = write_dicom(folder / f"{number}.dcm", pixels, bits=bits, syntax=syntax)
    for suffix, bits in ((".png", 8), (".png", 16), (".jpg", 8), (".tif", 16), (".webp", 8)):
        films[f"{suffix[1:].upper()} {bits} bits"] = write_picture(folder / f"{bits}{suffix}", pixels, bits=bits)
    return films


def file_to_answer(films: Mapping[str, Path], predictor: Predictor, repeats: int) -> None:
    """Table of the steps in ms by format, and the ratio of the whole to uncompressed DICOM."""
    reference = GrowthReference.load(paths.growth_dir() / "brush_foundation.json")
    rows = {name: _medians(path, predictor, reference, repeats) for name, path in films.items()}
    plain = sum(rows["Explicit VR Little Endian"].values())
    print(f"{'file to answer, ms':<44}{'MB':>6}" + "".join(f"{step:>9}" for step in (*STEPS, "total", "ratio")))
    for name, row in rows.items():
        total = sum(row.values())
        cells = "".join(f"{1000 * row[step]:9.1f}" for step in STEPS)
        size = films[name].stat().st_size / 1e6
        print(f"{name[:43]:<44}{size:6.1f}{cells}{1000 * total:9.1f}{total / plain:9.2f}")
    print()


def _medians(path: Path, predictor: Predictor, reference: GrowthReference, repeats: int) -> dict[str, float]:
    # Insisted: the drawn films are no whole hands to the finder.
    cases = [process(path, predictor, reference, insisted=True) for _ in range(repeats + 1)][1:]
    for case in cases:
        if case.error is not None:
            raise case.error
    return {step: statistics.median(case.timings[step] for case in cases) for step in STEPS}


def command_line(film: Path, bundle: Bundle, folder: Path) -> None:
    """Time and memory of one estimate by a fresh process."""
    command = ["-m", "bone_age_gui", "estimate", str(film), "--insist", "--model", str(bundle.directory), "--json"]
    child = run([*command, "--device", "cpu"], folder)
    print(f"command line, one film        {child.seconds:6.2f} s   peak {child.peak_mb:6.0f} MB{_state(child)}\n")


def window(film: Path, bundle: Bundle, folder: Path, repeats: int) -> None:
    """Start to first paint of the empty window, and peak memory with a film opened and estimated."""
    starts = [run(["-c", FIRST_PAINT, repr(time.time())], folder) for _ in range(repeats)]
    painted = [float(child.printed.split()[1]) for child in starts if child.printed.startswith("painted")]
    if not painted:
        print(f"window                        did not open{_state(starts[0])}")
        return
    print(f"window, start to first paint  {statistics.median(painted):6.2f} s   peak {starts[0].peak_mb:6.0f} MB")
    shot = folder / "window.png"
    more = ["--estimate", "--screenshot", str(shot), "--model", str(bundle.directory)]
    program = "import sys; from bone_age_gui.__main__ import window; sys.exit(window(sys.argv[1:]))"
    child = run(["-c", program, str(film), *more], folder)
    state = "" if shot.exists() else _state(child)
    print(f"window, film estimated, shot  {child.seconds:6.2f} s   peak {child.peak_mb:6.0f} MB{state}")


def run(arguments: Sequence[str], folder: Path) -> Child:
    """Run Python with settings redirected and without a screen; POSIX only, for the peak memory."""
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "BONE_AGE_DATA": str(folder / "data")}
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), **home}
    usage = folder / "usage.json"
    command = [sys.executable, "-c", LAUNCHER, str(usage), sys.executable, *arguments]
    printed = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    seconds, peak, status = json.loads(usage.read_text(encoding="ascii"))
    return Child(seconds, peak / (2**20 if sys.platform == "darwin" else 2**10), status, printed)


def _state(child: Child) -> str:
    return "" if child.status == 0 else f"   exit status {child.status}"


if __name__ == "__main__":
    raise SystemExit(main())
