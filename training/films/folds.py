"""Second labels by networks that never saw the film: each of N trainings leaves every Nth film out and estimates it.

    python -m training train --config training/configs/fold_teacher.toml --fold 1/4 --run runs/folds/1 ...    (to 4/4)

What a network estimates of films that it learned from repeats their reader's errors in part; of films that were left
out it cannot. A configuration names the folder of these runs in ``[lessons]``, as it may name a bundle.
"""

from __future__ import annotations

import argparse
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.errors import TrainingError
from training.films.arrays import read_arrays

LEFT_OUT_FILE = "left_out.npz"
"""What a run of a fold leaves: ids and chances of the films that it left out."""


@dataclass(frozen=True)
class Fold:
    """Number ``number`` of ``count`` parts of the films, counted from 1: the one that is left out."""

    number: int
    count: int

    def leaves_out(self, ids: tuple[str, ...]) -> np.ndarray:
        """Which of these films (bool, (n,)) this part holds, by a hash of their ids."""
        return np.array([zlib.crc32(film_id.encode()) % self.count == self.number - 1 for film_id in ids], bool)


def read_fold(text: str) -> Fold:
    """``"2/4"`` as a fold; raises ``argparse.ArgumentTypeError``."""
    number, _, count = text.partition("/")
    if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count) and int(count) >= 2):
        raise argparse.ArgumentTypeError(f"{text} is no fold; give K/N, for example 1/4")
    return Fold(int(number), int(count))


def is_folds(folder: Path) -> bool:
    """Whether the runs of folds lie in a folder."""
    return any(folder.glob(f"*/{LEFT_OUT_FILE}"))


def left_out_lessons(folder: Path, ids: tuple[str, ...]) -> np.ndarray:
    """The folds' distributions (float32, (n, 241)) for these films.

    One that no fold left out raises ``BoneAgeError`` (``no_lessons``): a fold is missing, or its file is broken.
    """
    known: dict[str, np.ndarray] = {}
    for path in sorted(folder.glob(f"*/{LEFT_OUT_FILE}")):
        if (left_out := read_arrays(path, ("ids", "chances"))) is not None:
            known |= dict(zip(map(str, left_out["ids"]), left_out["chances"], strict=True))
    if missing := [film_id for film_id in ids if film_id not in known]:
        raise TrainingError(
            "The lessons are incomplete",
            f"No run in {folder.name} left {len(missing)} of {len(ids)} films out. Train all the folds first.",
            "no_lessons",
        )
    return np.stack([known[film_id] for film_id in ids])
