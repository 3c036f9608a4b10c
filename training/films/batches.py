"""An epoch's films, drawn and changed batch by batch."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from bone_age_gui.core.stages.preprocess import PreprocessingSpec
from training.configs.values import TrainingConfig
from training.errors import TrainingError
from training.films.augment import augment
from training.films.data import Films

_JUDGED_TOGETHER = 32


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
    workers: int = 0,
) -> Iterator[Batch]:
    """An epoch's batches, images ``size`` high and wide in proportion, augmented, on the device.

    Films that have their features come as these, (n, channels), instead of as images.
    Of ``world_size`` processes each takes its part of every batch: the same films as one process would draw, the same
    sexes withheld, changed by draws of their own. So many ``workers`` change films beside the training, one batch each;
    the batches are the same with any number of them.
    """
    drawn = _DrawnBatches(films, config, epoch, size, rank, world_size)
    if workers == 0:
        made: Iterable[Batch] = (drawn[number] for number in range(len(drawn)))
    else:
        made = DataLoader(
            drawn,
            batch_size=None,
            num_workers=workers,
            prefetch_factor=4,
            pin_memory=device.type == "cuda",
            # Forked processes share the films as they lie in memory; none of them touches the device.
            multiprocessing_context="fork" if "fork" in multiprocessing.get_all_start_methods() else None,
        )
    for batch in made:
        images, sex, months = (part.to(device, non_blocking=True) for part in batch[:3])
        yield Batch(images, sex, months, None if batch.lessons is None else batch.lessons.to(device, non_blocking=True))


class _DrawnBatches(Dataset[Batch]):
    """An epoch's batches on the CPU; each is the same whenever and wherever it is made."""

    def __init__(self, films: Films, config: TrainingConfig, epoch: int, size: int, rank: int, world_size: int) -> None:
        self.films, self.config, self.size = films, config, size
        self.mine = slice(rank, None, world_size)
        self.step = config.optimisation.batch
        batch_per_process(self.step, world_size)
        self.seed = (config.seed, epoch)
        self.rank = rank
        self.changes = config.phase_at(epoch).augment
        self.order = _draw(films, config, epoch)
        if len(self.order) < self.step:  # an epoch without a step would teach nothing, and say so nowhere
            raise TrainingError(
                "Too few films",
                f"An epoch draws {len(self.order)} films, fewer than a batch of {self.step}. Give more films, or lower "
                "optimisation.batch.",
                "too_few_films",
            )

    def __len__(self) -> int:
        return len(self.order) // self.step

    def __getitem__(self, number: int) -> Batch:
        films, device = self.films, torch.device("cpu")
        chosen = self.order[number * self.step : (number + 1) * self.step][self.mine]
        if films.features is not None:
            images = torch.from_numpy(films.features[chosen])
        else:
            images = scaled(unit_grey(films.pixels[chosen], device), self.size)
            if self.changes is not None:
                images = augment(images, self.changes, self._random(number, 1 + self.rank))
        sex = one_hot(films.male[chosen])
        withheld = torch.rand(self.step, generator=self._random(number, 0))[self.mine]
        sex[withheld < self.config.sampling.unknown_sex] = 0
        lessons = None if films.lessons is None else torch.from_numpy(films.lessons[chosen])
        return Batch(images, sex, torch.from_numpy(films.months[chosen]), lessons)

    def _random(self, number: int, stream: int) -> torch.Generator:
        """Draws of one batch; stream 0 is common to all processes."""
        state = np.random.SeedSequence([*self.seed, number, stream]).generate_state(1, np.uint64)[0]
        return torch.Generator().manual_seed(int(state >> 1))


def unchanged(
    films: Films, spec: PreprocessingSpec, size: int, device: torch.device
) -> Iterator[tuple[Tensor, Tensor]]:
    """All films in their order as a network is judged on them, 32 at a time: images (n, 1, h, w) as it sees them, not
    augmented, or features (n, c) if the films have them; and sex (n, 2)."""
    for start in range(0, len(films), _JUDGED_TOGETHER):
        part = films.subset(range(start, min(start + _JUDGED_TOGETHER, len(films))))
        if part.features is not None:
            seen = torch.from_numpy(part.features).to(device)
        else:
            seen = normalised(scaled(unit_grey(part.pixels, device), size), spec)
        yield seen, one_hot(part.male).to(device)


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
