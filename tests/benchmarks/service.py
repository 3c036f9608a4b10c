"""Films per second of `bone-age serve` against the same films through the pipeline in one process. Run by hand:

    python tests/benchmarks/service.py [--films 60] [--rounds 5] [--clients 4] [--formats dicom,png] [--model NAME|DIR]

The loop walks the line as `estimate` does, in this process, with the network on all its threads. The service runs as a
program of its own; its clients send each film whole over connections that stay open, and take the machine's time too.
Rounds of both alternate, so that other programs on the machine disturb both alike; the median of the rounds' ratios
is what counts. On a busy machine take many short rounds, and look at the processor seconds that a film costs, which
other programs hardly change: those of the loop, and of the service with its workers. No test depends on this.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import urllib3

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers"), str(ROOT / "tests" / "benchmarks")]

from batch import FORMATS, make_films  # noqa: E402

from bone_age_gui import paths  # noqa: E402
from bone_age_gui.core.growth import GrowthReference  # noqa: E402
from bone_age_gui.core.machine import physical_cores  # noqa: E402
from bone_age_gui.core.model.bundle import find_bundle  # noqa: E402
from bone_age_gui.core.model.predictor import Predictor  # noqa: E402
from bone_age_gui.core.pipeline import process  # noqa: E402
from services import Service, form, serving  # noqa: E402


def main(argv: Sequence[str] | None = None) -> int:
    options = parse(argv)
    cores = physical_cores()
    print(f"{options.films} films of {options.size[0]}x{options.size[1]} a round, {options.clients} clients, "
          f"{cores} cores usable, load {os.getloadavg()[0]:.1f} at the start\n")  # fmt: skip
    print(f"{'format':14} {'loop films/s':>13} {'serve films/s':>14} {'serve / loop':>13} range; CPU s/film")
    with tempfile.TemporaryDirectory() as text, contextlib.ExitStack() as stack:
        model = ["--model", options.model] if options.model else []
        service = stack.enter_context(serving("--device", "cpu", *model))
        bundle = find_bundle(options.model, paths.model_search_path())
        predictor, reference = Predictor(bundle, "cpu"), GrowthReference.load_all(paths.growth_dir())
        for name in options.formats:
            folder = make_films(Path(text) / name, name, options.films, options.size)
            films = sorted(folder.iterdir())
            loop(films[:2], predictor, reference)
            send(films[:4], service, options.clients)
            rounds, costs = [], [0.0, 0.0]
            for _ in range(options.rounds):
                before = cpu_seconds(os.getpid(), alone=True)
                plain = loop(films, predictor, reference)
                costs[0] += cpu_seconds(os.getpid(), alone=True) - before
                before = cpu_seconds(service.process.pid)
                rounds.append((plain, send(films, service, options.clients)))
                costs[1] += cpu_seconds(service.process.pid) - before
            own, served_cost = (cost / options.rounds / len(films) for cost in costs)
            plain, served = (statistics.median(part) for part in zip(*rounds, strict=True))
            ratios = sorted(other / one for one, other in rounds)
            print(f"{name:14} {plain:13.2f} {served:14.2f} {statistics.median(ratios):13.2f}   "
                  f"({ratios[0]:.2f} to {ratios[-1]:.2f})  {own:.3f} {served_cost:.3f}", flush=True)  # fmt: skip
            shutil.rmtree(folder)
    return 0


def loop(films: Sequence[Path], predictor: Predictor, reference: GrowthReference) -> float:
    """Films per second of the line in this process."""
    started = time.perf_counter()
    for film in films:
        assert process(film, predictor, reference, insisted=True).error is None
    return len(films) / (time.perf_counter() - started)


def send(films: Sequence[Path], service: Service, clients: int) -> float:
    """Films per second of the service."""
    client = service.client(clients)

    def estimate(film: Path) -> None:
        body, kind = urllib3.encode_multipart_formdata(form(film, {"insist": "true"}))
        answer = client.request("POST", "/estimate", body=body, headers={"Content-Type": kind})
        assert answer.status == 200, answer.data

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(estimate, films))
    return len(films) / (time.perf_counter() - started)


def cpu_seconds(pid: int, *, alone: bool = False) -> float:
    """Processor time that a program has taken so far, with its workers unless ``alone``."""
    program = psutil.Process(pid)
    times = [each.cpu_times() for each in (program, *([] if alone else program.children(recursive=True)))]
    return float(sum(each.user + each.system for each in times))


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Speed of the service.")
    parser.add_argument("--films", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--formats", type=lambda text: text.split(","), default=list(FORMATS))
    parser.add_argument("--model", metavar="NAME|DIR")
    parser.add_argument("--size", type=lambda text: tuple(map(int, text.split("x"))), default=(2000, 2500))
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
