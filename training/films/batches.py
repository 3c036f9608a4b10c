"""An epoch's films, drawn and changed batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from bone_age_gui.core.stages.preprocess import PreprocessingSpec
from training.configs.values import TrainingConfig
from training.errors import TrainingError
from training.films.augment import augment
from training.films.data import Films


class Batch(NamedTuple):
    """Images (n, 1, h, w) 0..1 or features (n, c), sex (n, 2), readings in months (n,), and lessons (n, 241) if the
    films have them."""

    images: Tensor
    sex: Tensor
    months: Tensor
    lessons: Tensor | None


def batches(
    films: Films,
    config: TrainingConfig,
    epoch: int,
    size: int,
    device: torch.device,
    *,
    rank: int = 0,
    world_size: int = 1,
) -> Iterator[Batch]:
    """An epoch's batches, images ``size`` high and wide in proportion, augmented, on the device.

    Films that have their features come as these, (n, channels), instead of as images.
    Of ``world_size`` processes each takes its part of every batch: the same films as one process would draw, the same
    sexes withheld, changed by draws of their own.
    """
    seed = config.seed * 1000 + epoch
    withheld = torch.Generator().manual_seed(seed)
    random = torch.Generator().manual_seed(seed + 1_000_003 * (rank + 1))
    order = _draw(films, config, epoch)
    step, changes = config.optimisation.batch, config.phase_at(epoch).augment
    batch_per_process(step, world_size)
    for start in range(0, len(order) - step + 1, step):
        mine = slice(rank, None, world_size)
        chosen = order[start : start + step][mine]
        if films.features is not None:
            images = torch.from_numpy(films.features[chosen]).to(device)
        else:
            images = scaled(unit_grey(films.pixels[chosen], device), size)
            if changes is not None:
                images = augment(images, changes, random)
        sex = one_hot(films.male[chosen])
        sex[torch.rand(step, generator=withheld)[mine] < config.sampling.unknown_sex] = 0
        lessons = None if films.lessons is None else torch.from_numpy(films.lessons[chosen]).to(device)
        yield Batch(images, sex.to(device), torch.from_numpy(films.months[chosen]).to(device), lessons)


def batch_per_process(batch: int, world_size: int) -> int:
    """Films of a batch for each process; one that cannot be divided evenly raises BoneAgeError (``bad_batch``)."""
    if batch % world_size:
        raise TrainingError(
            "The batch cannot be divided",
            f"{batch} films do not divide by {world_size} processes. Change batch, or the number of processes.",
            "bad_batch",
        )
    return batch // world_size


def films_in_epoch(films: Films, config: TrainingConfig, epoch: int) -> int:
    """How many films an epoch draws."""
    count = len(films)
    if config.finer is not None and films.finer is not None:
        count = round(films.finer.sum() * (1 + config.finer.others))
    return max(config.optimisation.batch, int(count * config.phase_at(epoch).share))


def _draw(films: Films, config: TrainingConfig, epoch: int) -> np.ndarray:
    """Positions of an epoch's films, the finer ones and the others each in their share."""
    random = np.random.default_rng((config.seed, epoch))
    count = films_in_epoch(films, config, epoch)
    if config.finer is None or films.finer is None:
        return _drawn(films.months, count, config, random)
    of_finer = round(count / (1 + config.finer.others))
    parts = []
    for at, number in ((films.finer, of_finer), (~films.finer, count - of_finer)):
        parts.append(np.flatnonzero(at)[_drawn(films.months[at], number, config, random)])
    return random.permutation(np.concatenate(parts))


def _drawn(months: np.ndarray, count: int, config: TrainingConfig, random: np.random.Generator) -> np.ndarray:
    """Positions of ``count`` of these readings: each once, or rarer ages more often if the sampling balances."""
    if config.sampling.balance == 0:
        return random.permutation(len(months))[:count]
    bands = np.minimum(months // 12, 18).astype(int)
    weights = np.bincount(bands, minlength=19)[bands].astype(np.float64) ** -config.sampling.balance
    return random.choice(len(months), size=count, p=weights / weights.sum())


def unit_grey(pixels: np.ndarray, device: torch.device) -> Tensor:
    """uint8 (n, h, w) as float32 (n, 1, h, w), 0..1, on the device."""
    return torch.from_numpy(pixels).to(device)[:, None].float() / 255


def scaled(images: Tensor, height: int) -> Tensor:
    """Images (n, 1, h, w) at another height and a width in proportion, by area averages."""
    if images.shape[-2] == height:
        return images
    width = round(height * images.shape[-1] / images.shape[-2])
    return functional.interpolate(images, size=(height, width), mode="area")


def normalised(images: Tensor, spec: PreprocessingSpec) -> Tensor:
    """What a network sees of images 0..1; channels last, as convolutions like it."""
    return ((images - spec.mean) / spec.deviation).contiguous(memory_format=torch.channels_last)


def one_hot(male: np.ndarray) -> Tensor:
    """Sex (n, 2), float32: female, male."""
    return torch.from_numpy(np.stack([~male, male], axis=1).astype(np.float32))
