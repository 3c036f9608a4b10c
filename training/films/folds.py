"""Lessons of networks that never saw the film: each of N trainings leaves every Nth film out and answers to it.

    python -m training train --config training/configs/fold_teacher.toml --fold 1/4 --run runs/folds/1 ...    (to 4/4)

What a network answers to films that it learned from repeats their reader's errors in part; to films that were left out
it cannot. A configuration names the folder of these runs in ``[lessons]``, as it may name a bundle.
"""

from __future__ import annotations

import argparse
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from bone_age_gui.core.values.whole_files import whole_file
from training.configs.values import TrainingConfig
from training.errors import TrainingError
from training.films.batches import normalised, one_hot, scaled, unit_grey
from training.films.data import Films
from training.network.bone_age import BoneAgeNetwork

_FILE = "left_out.npz"
_BATCH = 32


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


@torch.inference_mode()
def write_left_out(
    folder: Path, network: BoneAgeNetwork, films: Films, config: TrainingConfig, device: torch.device
) -> None:
    """Write what a network answers to films, with the sex known and averaged with their mirror images.

    float32, (n, 241), beside the films' ids in the run's folder.
    """
    network.eval()
    parts = []
    for start in range(0, len(films), _BATCH):
        part = films.subset(range(start, min(start + _BATCH, len(films))))
        images = normalised(scaled(unit_grey(part.pixels, device), config.phases[-1].size), config.preprocessing)
        sex = one_hot(part.male).to(device)
        looks = [network(view, sex)["distribution"] for view in (images, images.flip(3))]
        parts.append(torch.stack(looks).mean(dim=0).float().cpu().numpy())
    with whole_file(folder / _FILE) as temporary:
        np.savez_compressed(temporary, ids=np.array(films.ids), chances=np.concatenate(parts))


def is_folds(folder: Path) -> bool:
    """Whether the runs of folds lie in a folder."""
    return any(folder.glob(f"*/{_FILE}"))


def left_out_lessons(folder: Path, ids: tuple[str, ...]) -> np.ndarray:
    """The folds' answers (float32, (n, 241)) to these films.

    One that no fold left out raises ``BoneAgeError`` (``no_lessons``): a fold is missing.
    """
    known: dict[str, np.ndarray] = {}
    for path in sorted(folder.glob(f"*/{_FILE}")):
        with np.load(path, allow_pickle=False) as held:
            known |= dict(zip(map(str, held["ids"]), held["chances"], strict=True))
    if missing := [film_id for film_id in ids if film_id not in known]:
        raise TrainingError(
            "The lessons are incomplete",
            f"No run in {folder.name} left {len(missing)} of {len(ids)} films out. Train all the folds first.",
            "no_lessons",
        )
    return np.stack([known[film_id] for film_id in ids])
