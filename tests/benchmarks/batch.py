"""Films per second of a batch by cores and by format, and its memory. Run by hand:

    python tests/benchmarks/batch.py [--films 1000] [--workers 1,2,4] [--model NAME|DIR] [--size 2000x2500]

Each format is measured in one run: the plain sequential loop over the line, held on one core; where there are several
cores, such loops side by side, one a core (what the machine gives to programs that share nothing but its memory);
then the batch with each number of worker processes. ``of limit`` compares with cores x the loop's speed, the most
that these cores can give (one worker and the network beside it take two cores: more than 1); ``memory`` is the
resident memory in MB of the program with its workers after a quarter and near the end of the run: equal numbers mean
that it does not grow with the folder. Compare ratios within one run, not seconds between machines.
No test depends on this.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # or the plain loop would prepare on all cores; before numpy is loaded

import cv2  # noqa: E402
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless, JPEGLosslessSV1  # noqa: E402

from bone_age_gui import paths  # noqa: E402
from bone_age_gui.core.batch.run import BatchRow, BatchSettings, plan_batch, run_batch  # noqa: E402
from bone_age_gui.core.growth import GrowthReference  # noqa: E402
from bone_age_gui.core.machine import physical_cores  # noqa: E402
from bone_age_gui.core.model.bundle import Bundle, find_bundle, load_bundle  # noqa: E402
from bone_age_gui.core.model.predictor import Predictor  # noqa: E402
from bone_age_gui.core.pipeline import process  # noqa: E402
from bone_age_gui.core.reader import codecs as reader_codecs  # noqa: E402
from bone_age_gui.core.values.errors import BoneAgeError  # noqa: E402
from bundles import make_bundle  # noqa: E402
from films import hand_like, write_dicom, write_picture  # noqa: E402

SYNTAXES = {"dicom": ExplicitVRLittleEndian, "jpeg-lossless": JPEGLosslessSV1, "jpeg-2000": JPEG2000Lossless}
FORMATS = (*SYNTAXES, "png", "jpg")
SAMPLE = 40
"""Films of the sequential loop at most: it only has to be timed."""
_ready: Barrier
"""Where loops that run side by side wait for each other."""


@dataclass
class Watch:
    """Notes time and memory while rows arrive."""

    films: int
    started: float = field(default_factory=time.perf_counter)
    first: float = 0.0
    early_mb: float = 0.0
    late_mb: float = 0.0
    done: int = 0

    def row(self, row: BatchRow) -> None:
        assert not row.record.is_refused, row.record.error_code
        self.done += 1
        if self.done == 1:
            self.first = time.perf_counter() - self.started
        if self.done == max(1, self.films // 4):
            self.early_mb = resident_mb()
        if self.done == self.films * 19 // 20:
            self.late_mb = resident_mb()


def main(argv: Sequence[str] | None = None) -> int:
    options = parse(argv)
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        bundle = model(options.model, folder)
        print(f"{options.films} films of {options.size[0]}x{options.size[1]}, model {bundle.name}, "
              f"{physical_cores()} physical cores usable, load {os.getloadavg()[0]:.1f} at the start\n")  # fmt: skip
        print(
            f"{'format':14} {'workers':>7} {'films/s':>8} {'x loop':>7} {'of limit':>9} {'first row s':>12} memory MB"
        )
        for name in options.formats:
            films = make_films(folder / name, name, options.films, options.size)
            measure(name, films, bundle, options.workers, folder / "out")
            shutil.rmtree(films)
    return 0


def measure(name: str, films: Path, bundle: Bundle, workers: Sequence[int], out: Path) -> None:
    reference = GrowthReference.load(paths.growth_dir() / "brush_foundation.json")
    cores = own_cores()
    (seconds,) = loops(films, bundle, cores[:1])
    print(f"{name:14} {'loop':>7} {1 / seconds:8.1f} {1.0:7.2f}", flush=True)
    if len(cores) > 1:
        times = sum(seconds / each for each in loops(films, bundle, cores))
        title = f"{len(cores)} loops"
        print(f"{name:14} {title:>7} {times / seconds:8.1f} {times:7.2f} {times / len(cores):9.2f}", flush=True)
    plan = plan_batch(films, out)
    for count in workers:
        watch = Watch(len(plan.films))
        settings = BatchSettings("benchmark", workers=count, insist=True)  # the drawn films are no whole hands
        predictor = Predictor(bundle, "cpu", 1)  # as the command line has it
        watch.started = time.perf_counter()
        summary = run_batch(plan, predictor, reference, settings, watch.row)
        speed = summary.films / summary.seconds
        limit = min(count, physical_cores()) / seconds
        print(f"{name:14} {count:7} {speed:8.1f} {speed * seconds:7.2f} {speed / limit:9.2f} {watch.first:12.2f} "
              f"{watch.early_mb:.0f} {watch.late_mb:.0f}", flush=True)  # fmt: skip
        shutil.rmtree(out)


def own_cores() -> list[int]:
    """One logical core of each physical one; just the first core where programs cannot be held on one."""
    if not hasattr(os, "sched_getaffinity"):
        return [0]
    return sorted(os.sched_getaffinity(0))[: physical_cores()]


def loops(films: Path, bundle: Bundle, cores: Sequence[int]) -> list[float]:
    """Seconds per film of plain loops that run side by side, each in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(len(cores))
    with ProcessPoolExecutor(len(cores), context, initializer=share, initargs=(ready,)) as pool:
        return list(pool.map(loop, [films] * len(cores), [bundle.directory] * len(cores), cores))


def share(barrier: Barrier) -> None:
    global _ready
    _ready = barrier


def loop(films: Path, model: Path, core: int) -> float:
    """Seconds per film of the plain loop on one core, begun when all loops are ready."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})
    cv2.setNumThreads(1)
    reader_codecs.use_threads(1)
    reference = GrowthReference.load(paths.growth_dir() / "brush_foundation.json")
    predictor = Predictor(load_bundle(model), "cpu", 1)
    paths_of_films = sorted(films.iterdir())[:SAMPLE]
    process(paths_of_films[0], predictor, reference)
    _ready.wait()
    started = time.perf_counter()
    for path in paths_of_films:
        assert process(path, predictor, reference, insisted=True).error is None
    return (time.perf_counter() - started) / len(paths_of_films)


def resident_mb() -> float:
    """Resident memory of this process and its children; 0 where /proc is not there."""
    page = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    own = os.getpid()
    try:
        pids = [own, *map(int, Path(f"/proc/{own}/task/{own}/children").read_text(encoding="ascii").split())]
        for thread in Path(f"/proc/{own}/task").iterdir():
            pids += map(int, (thread / "children").read_text(encoding="ascii").split())
        sizes = [int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) for pid in set(pids)]
    except OSError:
        return 0.0
    return sum(sizes) * page / 2**20


def make_films(folder: Path, name: str, count: int, size: tuple[int, int]) -> Path:
    """A few different films, each written once and then copied."""
    folder.mkdir()
    for seed in range(min(4, count)):
        film = hand_like(size[1], size[0], seed=seed)
        if name in SYNTAXES:
            write_dicom(folder / f"{seed:06d}.dcm", film, syntax=SYNTAXES[name])
        else:
            write_picture(folder / f"{seed:06d}.{name}", film)
    made = sorted(folder.iterdir())
    for number in range(len(made), count):
        source = made[number % len(made)]
        shutil.copyfile(source, folder / f"{number:06d}{source.suffix}")
    return folder


def model(name: str | None, folder: Path) -> Bundle:
    """The wanted model, the shipped one, or a tiny one where there is none."""
    try:
        return find_bundle(name, paths.model_search_path())
    except BoneAgeError:
        if name is not None:
            raise
        return make_bundle(folder / "tiny")


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Speed and memory of a batch.")
    cores = physical_cores()
    powers = sorted({1, *(2**power for power in range(1, 7) if 2**power < cores), cores})
    parser.add_argument("--films", type=int, default=1000)
    parser.add_argument("--workers", type=lambda text: [int(part) for part in text.split(",")], default=powers)
    parser.add_argument("--formats", type=lambda text: text.split(","), default=list(FORMATS))
    parser.add_argument("--model", metavar="NAME|DIR")
    parser.add_argument("--size", type=lambda text: tuple(map(int, text.split("x"))), default=(2000, 2500))
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
