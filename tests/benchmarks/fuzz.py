"""Thousands of damaged and hostile files through the program's own reader. Run by hand:

    python tests/benchmarks/fuzz.py [--count 20000] [--seed 18] [--keep DIR] [--no-bombs] [--damage 20]
                                     [--state FILE] [--minutes 60]

1. Mutated films of every transfer syntax and picture format: counts of what became of them, and every case in which the
   program itself failed (code ``internal``, a worker that ended, a passed limit) with the number that makes it again.
2. Films whose coded pixels alone are damaged: by format, how many were accepted, and in how many of those more than 5 %
   of the pixels are wrong without a word (no notice ``perhaps_damaged``).
3. Bombs: what became of each, in what time.

With ``--state`` the outcomes of part 1 are kept, a line each, and a later run with the same seed goes on behind them;
``--minutes`` ends part 1 early.

The memory of the program, without its workers, is measured over all of it. No test depends on the figures.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]

import psutil  # noqa: E402

from bombs import BOMBS, write_bomb  # noqa: E402
from bone_age_gui.core.values.errors import BoneAgeError  # noqa: E402
from bone_age_gui.core.values.types import Radiograph  # noqa: E402
from bone_age_gui.core.workers.reading import FilmReader  # noqa: E402
from fuzz import Base, damages, make_bases, mutate, wrong_share  # noqa: E402

FAILURES = ("internal", "worker_ended", "too_slow", "too_much_memory", "no_workers")
WRONG = 0.05


class Campaign:
    """Reads files one after another and remembers how it went."""

    def __init__(self, reader: FilmReader, folder: Path, keep: Path | None) -> None:
        self._reader = reader
        self._folder = folder
        self._keep = keep
        self.peak = 0

    def read(self, data: bytes, suffix: str) -> str | Radiograph:
        """The film or the code of its refusal."""
        path = self._folder / f"case{suffix}"
        path.write_bytes(data)
        return self.read_file(path)

    def read_file(self, path: Path) -> str | Radiograph:
        """The film or the code of its refusal."""
        try:
            return self._reader.read(path)
        except BoneAgeError as error:
            if error.code in FAILURES and self._keep is not None and path.stat().st_size < 10 * 2**20:
                kept = self._keep / f"{error.code}-{time.time_ns()}{path.suffix}"
                kept.write_bytes(path.read_bytes())
            return error.code
        finally:
            self.peak = max(self.peak, psutil.Process().memory_info().rss)


def mutated(campaign: Campaign, bases: list[Base], count: int, seed: int, state: Path | None, minutes: float) -> None:
    """Part 1. Each case has a seed of its own, so that it can be made again alone."""
    done = state.read_text().splitlines() if state is not None and state.exists() else []
    until = time.monotonic() + 60 * minutes
    with state.open("a", buffering=1) if state is not None else contextlib.nullcontext() as lines:
        for number in range(len(done), count):
            if time.monotonic() > until:
                break
            base = bases[number % len(bases)]
            started = time.perf_counter()
            result = campaign.read(mutate(base.data, random.Random(f"{seed}/{number}")), base.suffix)
            code = result if isinstance(result, str) else "accepted"
            done.append(f"{code}\t{time.perf_counter() - started:.2f}\t{base.kind}")
            if lines is not None:
                print(done[-1], file=lines)
    outcomes = Counter(line.split("\t")[0] for line in done)
    slowest = max((float(line.split("\t")[1]) for line in done), default=0.0)
    print(f"\n{len(done)} mutated files of {count}, seed {seed}; the slowest took {slowest:.1f} s")
    for code, times in outcomes.most_common():
        print(f"  {times:7} {code}")
    for number, line in enumerate(done):
        code = line.split("\t")[0]
        if code in FAILURES:
            print(f"  ! {code}: seed {seed}/{number}, {bases[number % len(bases)].name}")


def damaged(campaign: Campaign, bases: list[Base], rounds: int, seed: int) -> None:
    """Part 2."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    silent: Counter[str] = Counter()
    for base in bases:
        whole = campaign.read(base.data, base.suffix)
        if isinstance(whole, str):
            print(f"  ! {base.name} is refused whole: {whole}")
            continue
        rng = random.Random(f"{seed}/{base.name}")
        for _ in range(rounds):
            for how, data in damages(base, rng):
                if data == base.data:
                    continue
                row = table[base.kind]
                row["cases"] += 1
                result = campaign.read(data, base.suffix)
                if isinstance(result, str):
                    continue
                row["accepted"] += 1
                is_wrong = wrong_share(result.pixels, whole.pixels) > WRONG
                is_said = any(notice.code == "perhaps_damaged" for notice in result.notices)
                row["doubtful"] += is_said
                row["wrong"] += is_wrong
                if is_wrong and not is_said:
                    row["silent"] += 1
                    silent[f"{base.name}: {how}"] += 1
    print(f"\nDamaged pixels, seed {seed}: more than {WRONG:.0%} wrong without a word, of the accepted")
    print(f"  {'':12} {'cases':>7} {'accepted':>9} {'doubtful':>9} {'wrong':>7} {'silent':>7}")
    for kind, row in sorted(table.items()):
        share = row["silent"] / row["accepted"] if row["accepted"] else 0.0
        counts = f"{row['cases']:7} {row['accepted']:9} {row['doubtful']:9} {row['wrong']:7} {row['silent']:7}"
        print(f"  {kind:12} {counts} {share:7.1%}")
    for what, times in silent.most_common(30):
        print(f"    {times:4} {what}")


def bombs(campaign: Campaign, folder: Path) -> None:
    """Part 3."""
    print("\nBombs")
    for name in BOMBS:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as maker:  # to make one takes memory too
            path = maker.submit(write_bomb, folder, name).result()
        started = time.perf_counter()
        result = campaign.read_file(path)
        seconds = time.perf_counter() - started
        what = result if isinstance(result, str) else f"accepted, {result.pixels.shape}"
        print(f"  {name:45} {path.stat().st_size / 1e6:8.2f} MB {seconds:7.1f} s  {what}", flush=True)
        path.unlink()


def main() -> None:
    """Run the parts that are wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--damage", type=int, default=20, help="rounds of part 2")
    parser.add_argument("--keep", type=Path, help="folder for the files that made the program fail")
    parser.add_argument("--state", type=Path, help="file that keeps what was done of part 1")
    parser.add_argument("--minutes", type=float, default=1e6, help="time for part 1")
    parser.add_argument("--no-bombs", action="store_true")
    options = parser.parse_args()
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, FilmReader() as reader:
        folder = Path(name)
        bases = make_bases(folder)
        campaign = Campaign(reader, folder, options.keep)
        started = campaign.read(bases[0].data, bases[0].suffix)
        assert isinstance(started, Radiograph)
        mutated(campaign, bases, options.count, options.seed, options.state, options.minutes)
        damaged(campaign, bases, options.damage, options.seed)
        if not options.no_bombs:
            bombs(campaign, folder)
        print(f"\nThe program held {campaign.peak / 2**20:.0f} MB at most, without its workers")


if __name__ == "__main__":
    main()
