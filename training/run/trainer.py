"""A training between two epochs: network, averaged weights, optimiser, and how far it has come."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from training.configs.read import bad_config
from training.configs.values import Optimisation, TrainingConfig
from training.network.bone_age import BoneAgeNetwork, build_network
from training.network.distil import Distiller
from training.run.distributed import ONE_PROCESS, Processes


@dataclass(frozen=True)
class Teacher:
    """A trained network and the configuration that it was trained by."""

    network: BoneAgeNetwork
    config: TrainingConfig


@dataclass
class Trainer:
    """All that a training needs between two epochs, and so all that a checkpoint keeps.

    ``films`` is a digest of those that it learns from and chooses on; a run on others is another training.
    """

    config: TrainingConfig
    network: BoneAgeNetwork
    distiller: Distiller | None
    averaged: AveragedModel | None
    optimiser: torch.optim.Optimizer
    plateau: torch.optim.lr_scheduler.ReduceLROnPlateau | None
    device: torch.device
    processes: Processes
    films: str = ""
    epoch: int = 0
    steps: int = 0
    averaged_steps: int = 0
    best: float = math.inf
    best_epoch: int = -1

    def weights_to_use(self) -> BoneAgeNetwork:
        """The weights that count: averaged ones if there are any."""
        return self.averaged.module if self.averaged is not None else self.network  # type: ignore[return-value]


def make_trainer(
    config: TrainingConfig,
    device: torch.device,
    *,
    load_weights: bool,
    teacher: Teacher | None = None,
    processes: Processes = ONE_PROCESS,
) -> Trainer:
    """A training before its first epoch.

    A configuration with a distillation and no ``teacher`` raises BoneAgeError (``bad_config``).
    """
    torch.manual_seed(config.seed)
    network = build_network(config.network, load_weights=load_weights).to(device)
    network.to(memory_format=torch.channels_last)
    for phase in config.phases:  # a name that is wrong is refused before the training, not in its last phase
        network.freeze(phase.frozen)
    network.freeze(())
    distiller = None
    if config.distillation is not None:
        if teacher is None:  # trained without, it would be another system than its configuration says
            raise bad_config(
                "It names a teacher, and there is none here",
                "Use python -m training train or leave [distillation] out",
            )
        distiller = Distiller(teacher.network, teacher.config, network, config.distillation).to(device)
    settings = config.optimisation
    optimiser = _optimiser(network, distiller, settings)
    averaged = None
    if settings.ema > 0:
        averaged = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(settings.ema), use_buffers=True)
    plateau = None
    if settings.schedule == "plateau":
        plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimiser, factor=settings.plateau_factor, patience=settings.plateau_patience
        )
    return Trainer(config, network, distiller, averaged, optimiser, plateau, device, processes)


def _optimiser(network: BoneAgeNetwork, distiller: Distiller | None, settings: Optimisation) -> torch.optim.Optimizer:
    named = [*network.named_parameters(), *(distiller.named_parameters() if distiller is not None else ())]
    free = [(name, weight) for name, weight in named if weight.requires_grad]
    if settings.kind == "adam":  # the seeds': the decay of the head's kernels is a term of the loss
        decays = {name for name, weight in free if name.startswith("head.") and weight.ndim > 1}
        make: Any = torch.optim.Adam
        decay = 0.0
    else:
        decays = {name for name, weight in free if weight.ndim > 1}
        make, decay = torch.optim.AdamW, settings.decay
    groups = [
        {"params": [weight for name, weight in free if name in decays], "weight_decay": decay},
        {"params": [weight for name, weight in free if name not in decays], "weight_decay": 0.0},
    ]
    return make([group for group in groups if group["params"]], lr=settings.rate)
