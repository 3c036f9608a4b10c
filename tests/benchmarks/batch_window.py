"""How soon a batch in the window shows something. Run by hand:

    python tests/benchmarks/batch_window.py [--films 200] [--workers 0,1] [--repeats 3] [--formats dicom,png]

Each run is a program of its own, without a screen: it opens the window, waits for the model, opens the batch, chooses
the folder and presses Start. The times count from there: until the films are listed on screen, until the first row is
painted with its estimate, and until the reports are written; ``longest wait`` is the longest time in which the window
answered nobody. Workers 0 is one per core. Medians of the repeats; compare ratios within one run, not seconds between
machines. No test depends on this.
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
from typing import Any

from watched_window import HERE, ROOT, Watch, measured_apart, show_watched

FACES = ("listed", "first row", "all done", "longest wait")
LOOK_MS = 10


def main(argv: Sequence[str] | None = None) -> int:
    """Measure every format with every number of workers, and print a table."""
    sys.path[:0] = [str(HERE), str(ROOT), str(ROOT / "tests" / "helpers")]
    import batch

    options = parse(argv, batch.FORMATS)
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        bundle = batch.model(options.model, folder)
        print(f"{options.films} films of {options.size[0]}x{options.size[1]}, model {bundle.name}, "
              f"load {os.getloadavg()[0]:.1f} at the start; seconds\n")  # fmt: skip
        print(f"{'format':14} {'workers':>7}" + "".join(f"{face:>14}" for face in FACES))
        for name in options.formats:
            films = batch.make_films(folder / name, name, options.films, options.size)
            for workers in options.workers:
                runs = [run(films, folder / f"run-{number}", str(bundle.directory), workers)
                        for number in range(options.repeats)]  # fmt: skip
                times = (statistics.median(run[face] for run in runs) for face in FACES)
                print(f"{name:14} {workers:7}" + "".join(f"{seconds:14.2f}" for seconds in times), flush=True)
    return 0


def run(films: Path, place: Path, model: str, workers: int) -> dict[str, float]:
    """The times of one program of its own, in seconds; its settings and reports go to ``place``."""
    with tempfile.TemporaryDirectory(prefix=place.name, dir=place.parent) as folder:
        wanted = {"films": str(films), "place": folder, "model": model, "workers": workers}
        return measured_apart("batch_window", wanted)


def show(wanted: str) -> None:
    """In the child: open the program, run the batch in it, print the times as one JSON object."""
    show_watched(wanted, BatchWatch, LOOK_MS, lambda given: ["--model", given["model"]])


class BatchWatch(Watch):
    """Presses the buttons of a batch once the model is there, and sees its rows come."""

    def _begin(self) -> None:
        if self._window.session.engine is not None and self._window.session.is_idle:
            self._start()

    def _start(self) -> None:
        self._window.batches.open()
        form = self._window.batches.panel.form
        form.set_folder(Path(self._options["films"]))
        form.out.setText(f"{self._options['place']}/reports")
        form.workers.setCurrentIndex(form.workers.findData(self._options["workers"]))
        self.measured["longest wait"] = 0.0
        self._started = time.perf_counter()
        form.start.click()

    def _note(self, now: float) -> None:
        panel = self._window.batches.panel
        self.measured["longest wait"] = max(self.measured["longest wait"], now - max(self._looked, self._started))
        if panel.model.rowCount():
            self._once("listed", panel.table)
        if any(item.record is not None for item in _items_in_sight(panel)):
            self._once("first row", panel.table)
        if not self._window.batches.session.is_running:
            self._once("all done", panel.table)
            self._window.close()


def _items_in_sight(panel: Any) -> list[Any]:
    from bone_age_gui.gui.batch.model import ITEM_ROLE

    rows = range(
        min(
            panel.table.viewport().height() // panel.table.verticalHeader().defaultSectionSize() + 1,
            panel.filter.rowCount(),
        )
    )
    return [panel.filter.index(row, 0).data(ITEM_ROLE) for row in rows]


def parse(argv: Sequence[str] | None, formats: Sequence[str]) -> argparse.Namespace:
    """Options of the benchmark."""
    parser = argparse.ArgumentParser(description="How soon a batch in the window shows something.")
    parser.add_argument("--films", type=int, default=200)
    parser.add_argument("--workers", type=lambda text: [int(part) for part in text.split(",")], default=[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--formats", type=lambda text: text.split(","), default=["dicom", "png"], metavar=",".join(formats)
    )
    parser.add_argument("--model", metavar="NAME|DIR")
    parser.add_argument("--size", type=lambda text: tuple(map(int, text.split("x"))), default=(2000, 2500))
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
