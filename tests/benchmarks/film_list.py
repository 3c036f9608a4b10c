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
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from watched_window import ROOT, Watch, measured_apart, show_watched

SAMPLE = ROOT / "resources" / "sample" / "phantom_hand.dcm"
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
        wanted = {"films": str(films), "place": folder, "way": way, "ends_listed": ends_listed}
        return measured_apart("film_list", wanted)


def show(wanted: str) -> None:
    """In the child: open the program and the folder in it, print what was measured as one JSON object."""
    show_watched(wanted, FolderWatch, LOOK_MS, lambda given: [given["films"]] if given["way"] == "cold" else [])


class FolderWatch(Watch):
    """Opens the folder, and sees its rows come."""

    def _meet(self) -> None:
        if self._options["way"] == "cold":
            self._window.painted.connect(self._start)

    def _begin(self) -> None:
        session = self._window.session
        if self._options["way"] == "warm" and session.engine is not None and session.is_idle:
            self._start()
            self._window.film_actions.open_paths([Path(self._options["films"])])

    def _start(self) -> None:
        self.measured |= {"longest wait": 0.0, "MB before": _memory(), "MB highest": 0.0}
        self._started = self._looked = time.perf_counter()

    def _note(self, now: float) -> None:
        self.measured["longest wait"] = max(self.measured["longest wait"], now - self._looked)
        self.measured["MB highest"] = max(self.measured["MB highest"], _memory())
        view, listed = self._window.films.view, self._window.films.filter.rowCount()
        films = self._window.session.films
        if listed:
            self._once("first row", view)
        if listed and listed == len(films) and self._once("all rows", view):
            self.measured["MB listed"] = _memory()
        if films and films[0].case.radiograph is not None:
            self._once("first read", view)
        is_read = "all rows" in self.measured and all(film.case.radiograph is not None for film in films[::-1])
        if is_read and self._once("all read", view):
            self.measured["MB read"] = _memory()
        if is_read or (self._options["ends_listed"] and "first read" in self.measured):
            self._window.close()


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
